"""A pack is made, made again, and mended."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import ClassroomPage, LessonPage
from courses.paper import PaperNotReady
from lms.packs.choices import Quality, Scope
from lms.packs.disk import alone_at
from lms.packs.making import contents, laying_down
from lms.packs.making.choosing import chosen, page_of_slug
from lms.packs.making.contents import film_file, size_before
from lms.packs.making.services import make_pack
from lms.packs.manifest import read_bytes, read_manifest, verify
from lms.packs.models import Edition
from lms.packs.refusals import PackError
from lms.packs.signing import check, make_key
from media.models import Rendition
from subtitles.models import Track, TrackCue
from tests.packs.conftest import a_choice, files_in

pytestmark = pytest.mark.django_db


def film_of(stick):
    return next(iter(sorted((stick / "课程").rglob("*.mp4"))))


def test_a_stick_has_names_that_people_read(pack, stick, lessons):
    first, second, third = (each.title for each in lessons)
    assert files_in(stick) == sorted(
        [
            f"课程/01 智能技术/01 {first}.mp4",
            f"课程/01 智能技术/01 {first}.pdf",
            f"课程/01 智能技术/02 {second}.mp4",
            f"课程/01 智能技术/02 {second}.pdf",
            f"课程/01 智能技术/03 {third}.pdf",
            "打开.html",
            "数据/lessons.json",
            "清单.json",
            "清单.json.sig",
            "网页/films.js",
        ]
    )
    assert film_of(stick).read_bytes() == b"subtitled one"
    assert pack.left_out == (f"1节课还没有视频（比如“{third}”）。",)


def test_it_is_whole_and_signed_by_the_city(pack, stick):
    manifest = read_manifest(stick)
    verify(stick, manifest)
    signer = check(read_bytes(stick), (stick / "清单.json.sig").read_bytes())
    assert signer.key_id == manifest.key_id
    assert manifest == pack.manifest
    assert pack.written == len(manifest.files) == 8


def test_a_second_making_writes_nothing_and_is_the_same_edition(pack, stick, choice):
    before = {path: (stick / path).stat() for path in files_in(stick)}
    again = make_pack(stick, choice)
    assert (again.written, again.removed, again.manifest) == (0, 0, pack.manifest)
    after = {path: (stick / path).stat() for path in files_in(stick)}
    assert {path: each.st_mtime_ns for path, each in before.items()} == {
        path: each.st_mtime_ns for path, each in after.items()
    }
    assert Edition.objects.count() == 1


def test_after_a_change_only_that_is_written(pack, stick, lessons):
    lessons[0].goal = "会看二维码"
    lessons[0].save()
    again = make_pack(stick, a_choice(lessons))
    assert again.written == 2  # the handout and what another city reads
    assert again.manifest.edition > pack.manifest.edition
    verify(stick, read_manifest(stick))


def test_what_is_no_part_of_it_any_more_goes_and_what_is_anothers_stays(pack, stick, lessons):
    (stick / "照片").mkdir()
    (stick / "照片/全家.jpg").write_bytes(b"dear")
    (stick / "课程/我的.txt").write_text("mine")
    again = make_pack(stick, a_choice(lessons[:1]))
    assert again.removed == 3
    assert not list((stick / "课程").rglob("02 *"))
    assert (stick / "照片/全家.jpg").read_bytes() == b"dear"
    assert (stick / "课程/我的.txt").read_text() == "mine"


def test_a_stick_that_was_pulled_out_is_noticed_and_mended(stick, choice, monkeypatch):
    written: list[str] = []
    write = laying_down._write

    def pulled_out(source, target, file, **rest):
        if len(written) == 4:
            raise OSError(5, "Input/output error")
        written.append(file.path)
        write(source, target, file, **rest)

    monkeypatch.setattr(laying_down, "_write", pulled_out)
    with pytest.raises(PackError, match="请把U盘插好，再做一次"):
        make_pack(stick, choice)
    with pytest.raises(PackError, match="没有做完就拔下来"):
        read_manifest(stick)
    monkeypatch.setattr(laying_down, "_write", write)
    mended = make_pack(stick, choice)
    assert mended.written == 8 - 4
    verify(stick, read_manifest(stick))


def test_an_update_that_was_pulled_out_leaves_no_manifest_that_lies(
    pack, stick, lessons, monkeypatch
):
    lessons[0].goal = "会看二维码"
    lessons[0].save()
    write = laying_down._write
    monkeypatch.setattr(laying_down, "_write", lambda *_, **__: (_ for _ in ()).throw(OSError(5)))
    with pytest.raises(PackError):
        make_pack(stick, a_choice(lessons))
    with pytest.raises(PackError, match="没有做完就拔下来"):
        read_manifest(stick)
    monkeypatch.setattr(laying_down, "_write", write)
    assert make_pack(stick, a_choice(lessons)).written == 2
    assert "没有做完.json" not in files_in(stick)


def test_half_a_file_of_a_pulled_stick_goes(pack, stick, lessons):
    left = stick / "课程/01 智能技术/.half-made-0a-x.mp4"
    left.write_bytes(b"half")
    lessons[0].goal = "会看二维码"
    lessons[0].save()
    make_pack(stick, a_choice(lessons))
    assert not left.exists()


def test_a_file_that_rotted_on_the_stick_is_found_and_mended(pack, stick, choice):
    film_of(stick).write_bytes(b"SUBTITLED ONE")  # the same size
    with pytest.raises(PackError, match="坏了1个"):
        verify(stick, read_manifest(stick))
    assert make_pack(stick, choice).written == 1
    verify(stick, read_manifest(stick))


def test_a_missing_file_is_named(pack, stick):
    film_of(stick).unlink()
    with pytest.raises(PackError, match=r"少了1个文件.*01 .*mp4"):
        verify(stick, read_manifest(stick))


def test_a_stick_without_room_is_told_before_a_byte_is_written(stick, choice, monkeypatch):
    usage = shutil.disk_usage(stick)._replace(free=10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(PackError, match=r"还要写 .*只剩 1 MB"):
        make_pack(stick, choice)
    assert files_in(stick) == []


def test_two_never_write_one_stick(stick, choice):
    with alone_at(stick), pytest.raises(PackError, match="请等它做完"):
        make_pack(stick, choice)


def test_a_link_in_the_folder_leads_nothing_out_of_it(own_disk, stick, choice):
    outside = own_disk / "outside"
    outside.mkdir()
    (stick / "课程").symlink_to(outside)
    with pytest.raises(PackError, match=r"不是普通文件|是一个链接"):
        make_pack(stick, choice)
    assert files_in(outside) == []


def test_a_forged_manifest_on_a_stick_deletes_nothing_outside(own_disk, stick, pack, choice):
    (own_disk / "dear.txt").write_text("dear")
    said = json.loads((stick / "清单.json").read_text())
    said["files"].append({"path": "../dear.txt", "size": 4, "sha256": "0" * 64})
    (stick / "清单.json").write_text(json.dumps(said))
    make_pack(stick, choice)
    assert (own_disk / "dear.txt").read_text() == "dear"


def test_other_qualities_have_their_subtitles_beside_them(stick, lessons):
    track = Track.objects.create(video=lessons[0].video, language="zh")
    TrackCue.objects.create(track=track, start_ms=0, end_ms=1500, text="先打开微信")
    lessons[0].video.refresh_from_db()
    make_pack(stick, a_choice(lessons, quality=Quality.P360))
    film = film_of(stick)
    assert film.read_bytes() == b"small one"
    words = film.with_suffix(".srt").read_bytes()
    assert words.startswith(b"\xef\xbb\xbf1\n00:00:00,000 --> 00:00:01,500")
    assert "先打开微信" in words.decode()


def test_a_film_that_never_got_its_subtitles_burnt_in_goes_plain(lessons):
    video = lessons[1].video
    assert film_file(video, Quality.SUBTITLED).name == "keepsake"
    Rendition.objects.filter(video=video, name="keepsake").delete()
    video = type(video).objects.get(pk=video.pk)
    assert film_file(video, Quality.SUBTITLED).name == "720p"
    assert film_file(video, Quality.P360).name == "720p"  # smaller there is none


def test_a_film_of_more_than_four_gigabytes_stays_away_and_that_is_said(stick, lessons):
    Rendition.objects.filter(video=lessons[0].video).update(size_bytes=2**32)
    made = make_pack(stick, a_choice(lessons))
    assert f"“{lessons[0].title}”的视频超过4GB，U盘放不下，没有放。" in made.left_out
    assert len(list(stick.rglob("*.mp4"))) == 1


def test_a_film_whose_file_is_gone_stays_away_and_that_is_said(stick, lessons):
    Path(Rendition.objects.get(video=lessons[0].video, name="keepsake").file.path).unlink()
    made = make_pack(stick, a_choice(lessons))
    assert f"“{lessons[0].title}”的视频文件不见了，没有放。" in made.left_out


def test_where_nothing_is_laid_out_a_pack_is_made_without_paper(stick, lessons, monkeypatch):
    waited: list[float] = []

    def never(_lesson):
        raise PaperNotReady("做不出来")

    monkeypatch.setattr(contents, "lesson_handout", never)
    monkeypatch.setattr(contents.time, "sleep", waited.append)
    made = make_pack(stick, a_choice(lessons))
    assert sum("讲义做不出来" in sentence for sentence in made.left_out) == 3
    assert sum(waited) == contents.PAPER_TRIES * contents.PAPER_PAUSE
    assert list(stick.rglob("*.pdf")) == []


def test_two_lessons_of_one_name_lie_beside_each_other(stick, lessons):
    LessonPage.objects.filter(pk__in=[each.pk for each in lessons]).update(title="A:b")
    lessons = list(LessonPage.objects.filter(pk__in=[each.pk for each in lessons]))
    make_pack(stick, a_choice(lessons))
    assert len({path.lower() for path in files_in(stick)}) == len(files_in(stick))


def test_on_our_own_disk_films_take_no_room(own_disk, lessons, choice):
    folder = own_disk / "var/packs/all"
    make_pack(folder, choice, links=True)
    film = film_of(folder)
    source = Rendition.objects.get(video=lessons[0].video, name="keepsake").file.path
    assert film.samefile(source)
    assert make_pack(folder, choice, links=True).written == 0


def test_an_edition_is_never_given_twice(pack, stick, own_disk, lessons):
    other = make_pack(own_disk / "other", a_choice(lessons[:1]))
    assert other.manifest.edition > pack.manifest.edition
    assert list(Edition.objects.values_list("number", flat=True)) == [
        other.manifest.edition,
        pack.manifest.edition,
    ]


def test_a_new_key_signs_beside_the_old_one(pack, stick, choice):
    make_key(another=True)
    again = make_pack(stick, choice)
    assert again.written == 0
    assert again.manifest.key_id != pack.manifest.key_id
    assert len((stick / "清单.json.sig").read_text().splitlines()) == 2
    assert len(again.manifest.keys) == 2


def test_all_lessons_are_in_their_classrooms_in_order(starter):
    choice = chosen(scope=Scope.ALL, page=None, quality=Quality.SUBTITLED)
    assert len(choice.lessons) == LessonPage.objects.live().count()
    assert [part.title for part in choice.parts] == list(
        ClassroomPage.objects.live().order_by("path").values_list("title", flat=True)
    )
    assert choice.scope == "all"


def test_a_classroom_is_found_by_its_slug_and_another_word_says_which_there_are(starter):
    room = ClassroomPage.objects.first()
    assert page_of_slug(classroom=room.slug)[1].pk == room.pk
    with pytest.raises(PackError, match=room.slug):
        page_of_slug(classroom="nothing")
    with pytest.raises(PackError, match="只能选一个"):
        page_of_slug(classroom="a", series="b")


def test_the_size_before_is_not_less_than_what_becomes_of_it(choice, pack):
    assert pack.manifest.size <= size_before(choice)


def test_the_command_makes_one_and_tells_its_size_before(lessons, stick, capsys):
    room = lessons[0].get_parent()
    call_command("make_pack", str(stick), classroom=room.slug, size=True)
    assert files_in(stick) == []
    call_command("make_pack", str(stick), classroom=room.slug)
    told = capsys.readouterr().out
    assert "大约" in told
    assert "做好了" in told
    verify(stick, read_manifest(stick))
    with pytest.raises(CommandError, match="没有“nothing”"):
        call_command("make_pack", str(stick), series="nothing")
