"""A pack is taken in, or is not."""

import json
import os
import shutil

import pytest
from django.core.management import CommandError, call_command

from lms.packs.making.services import make_pack
from lms.packs.manifest import as_bytes, read_bytes, read_manifest
from lms.packs.models import Taking
from lms.packs.paths import open_inside
from lms.packs.refusals import PackError
from lms.packs.signing import StrangersPack, in_words, make_key, own_keys, sign
from lms.packs.taking import copying, services
from lms.packs.taking.services import (
    changes_of,
    go_back,
    look_at,
    take_pack,
    taken_folder,
)
from tests.packs.conftest import a_choice, files_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(pack, settings, tmp_path):
    """We are a box, which has no key and trusts the city's."""
    settings.BOX = True
    city_key = own_keys()[0]
    settings.PACK_TRUSTED_KEYS = [f"广州市={in_words(city_key.public_key())}"]
    settings.PACK_SIGNING_KEY = str(tmp_path / "none.pem")
    settings.VAR_DIR = tmp_path / "box"
    return city_key


@pytest.fixture
def next_edition(elsewhere, settings, tmp_path, stick, lessons):
    """Has the city make the next, on the same stick, with a word of the first lesson changed."""

    def make(goal):
        box, none = settings.VAR_DIR, settings.PACK_SIGNING_KEY
        settings.VAR_DIR, settings.PACK_SIGNING_KEY = tmp_path / "var", ""
        lessons[0].goal = goal
        lessons[0].save()
        make_pack(stick, a_choice(lessons))
        settings.VAR_DIR, settings.PACK_SIGNING_KEY = box, none

    return make


def resign(stick, key, **changes):
    """The manifest changed and signed anew."""
    said = {**json.loads((stick / "清单.json").read_text()), **changes}
    content = json.dumps(said).encode()
    (stick / "清单.json").write_bytes(content)
    (stick / "清单.json.sig").write_bytes(sign(content, [key]))


def a_film(stick):
    return min((stick / "课程").rglob("*.mp4"))


def test_a_box_takes_its_citys_pack_over_at_once(elsewhere, stick, other_rooms):
    take_pack(stick, by=None)
    [(folder, publish, by)] = other_rooms.read
    assert publish
    assert by is None
    assert folder.is_relative_to(taken_folder())
    assert files_in(folder) == files_in(stick)
    taken = Taking.objects.get()
    assert (taken.city, taken.edition) == ("广州市", read_manifest(stick).edition)


def test_another_citys_pack_comes_as_drafts(elsewhere, stick, settings, other_rooms):
    settings.BOX = False
    take_pack(stick, by=None)
    assert not other_rooms.read[0][1]


def test_what_the_manifest_does_not_name_is_not_taken(elsewhere, stick, other_rooms):
    (stick / "autorun.inf").write_text("[autorun]")
    (stick / "课程/病毒.exe").write_bytes(b"MZ")
    take_pack(stick, by=None)
    taken = files_in(other_rooms.read[0][0])
    assert "autorun.inf" not in taken
    assert "课程/病毒.exe" not in taken


def test_a_strangers_pack_is_refused_and_nothing_of_it_is_copied(
    elsewhere, stick, settings, other_rooms
):
    settings.PACK_TRUSTED_KEYS = []
    with pytest.raises(StrangersPack, match="管理员确认来路"):
        take_pack(stick, by=None)
    assert other_rooms.read == []
    assert not taken_folder().exists()


def test_by_an_administrators_choice_it_comes_as_drafts_and_his_keys_are_not_believed(
    elsewhere, stick, settings, other_rooms
):
    settings.PACK_TRUSTED_KEYS = []
    take_pack(stick, by=None, as_drafts=True)
    [(_folder, publish, _by)] = other_rooms.read
    assert not publish
    assert Taking.objects.get().is_strangers
    with pytest.raises(StrangersPack):
        take_pack(stick, by=None)


def test_a_changed_manifest_is_seen_a_strangers_too(elsewhere, stick, settings):
    content = (stick / "清单.json").read_bytes()
    (stick / "清单.json").write_bytes(content.replace(b'"edition": 2', b'"edition": 3'))
    with pytest.raises(PackError, match="被人改过"):
        take_pack(stick, by=None)
    settings.PACK_TRUSTED_KEYS = []
    with pytest.raises(PackError, match="被人改过"):
        take_pack(stick, by=None, as_drafts=True)


def test_a_manifest_that_somebody_else_signed_is_refused(elsewhere, stick, settings, tmp_path):
    settings.PACK_SIGNING_KEY = str(tmp_path / "stranger.pem")
    stranger = make_key()
    settings.PACK_SIGNING_KEY = str(tmp_path / "none.pem")
    resign(stick, stranger, city="广州市")
    with pytest.raises(StrangersPack):
        take_pack(stick, by=None)


def test_without_a_signature_it_is_refused(elsewhere, stick):
    (stick / "清单.json.sig").unlink()
    with pytest.raises(PackError, match=r"清单\.json\.sig"):
        take_pack(stick, by=None)


def test_the_signature_comes_before_all_else(elsewhere, stick):
    """So that no program of ours reads a stranger's words."""
    (stick / "清单.json").write_bytes(b"{" * 1000)
    with pytest.raises(PackError, match="被人改过"):
        take_pack(stick, by=None)


def test_a_wrong_size_is_seen_before_anything_is_copied(elsewhere, stick, monkeypatch):
    a_film(stick).write_bytes(b"much longer than it was, and by far")
    monkeypatch.setattr(copying, "_copy", lambda *_: pytest.fail("copied"))
    with pytest.raises(PackError, match="坏了，或者被人换过"):
        take_pack(stick, by=None)


def test_a_missing_film_is_named(elsewhere, stick):
    a_film(stick).unlink()
    with pytest.raises(PackError, match="少了“课程/01"):
        take_pack(stick, by=None)


def test_another_content_of_the_same_size_is_seen(elsewhere, stick, other_rooms):
    a_film(stick).write_bytes(b"SUBTITLED ONE")
    with pytest.raises(PackError, match="坏了，或者被人换过"):
        take_pack(stick, by=None)
    assert other_rooms.read == []
    assert Taking.objects.count() == 0


def test_a_file_that_grows_while_it_is_copied_ends_at_its_size(elsewhere, stick, monkeypatch):
    with a_film(stick).open("ab") as file:
        file.truncate(2**40)
    monkeypatch.setattr(services, "refuse_wrong_sizes", lambda *_: None)
    with pytest.raises(PackError, match="坏了，或者被人换过"):
        take_pack(stick, by=None)


@pytest.mark.parametrize("content_is_right", [True, False])
def test_a_symbolic_link_is_never_followed(elsewhere, stick, tmp_path, content_is_right):
    film = a_film(stick)
    outside = tmp_path / "outside"
    outside.write_bytes(film.read_bytes() if content_is_right else b"secret")
    film.unlink()
    film.symlink_to(outside)
    with pytest.raises(PackError, match="不是普通文件"):
        take_pack(stick, by=None)


def test_a_linked_folder_is_never_followed(elsewhere, stick, tmp_path):
    shutil.move(stick / "课程", tmp_path / "moved")
    (stick / "课程").symlink_to(tmp_path / "moved")
    with pytest.raises(PackError, match="不是普通文件"):
        take_pack(stick, by=None)


def test_a_hard_link_is_copied_as_what_it_holds(elsewhere, stick, tmp_path, other_rooms):
    film = a_film(stick)
    os.link(film, tmp_path / "other-name")
    take_pack(stick, by=None)
    copy = a_film(other_rooms.read[0][0])
    assert copy.stat().st_nlink == 1
    (tmp_path / "other-name").write_bytes(b"changed later")
    assert copy.read_bytes() == b"subtitled one"


def test_a_pipe_in_place_of_a_film_keeps_nobody_waiting(elsewhere, stick):
    film = a_film(stick)
    film.unlink()
    os.mkfifo(film)
    with pytest.raises(PackError, match="不是普通文件"):
        take_pack(stick, by=None)


@pytest.mark.parametrize(
    "path", ["../../../escaped", "/tmp/escaped", "课程\\escaped", "课程/nul", "a\0b"]
)
def test_a_path_that_leads_out_is_refused_even_from_a_trusted_city(elsewhere, stick, path):
    resign(stick, elsewhere, files=[{"path": path, "size": 1, "sha256": "0" * 64}])
    with pytest.raises(PackError, match=r"不是课程盘里的路径|读不懂"):
        take_pack(stick, by=None)


def test_two_that_differ_by_case_alone_are_refused(elsewhere, stick):
    files = [{"path": path, "size": 1, "sha256": "0" * 64} for path in ("a.mp4", "A.mp4")]
    resign(stick, elsewhere, files=files)
    with pytest.raises(PackError, match="写了两次"):
        take_pack(stick, by=None)


def test_what_is_no_course_is_not_taken_here(elsewhere, stick):
    resign(stick, elsewhere, kind="events")
    with pytest.raises(PackError, match="不是课程"):
        take_pack(stick, by=None)


def test_a_key_that_is_none_is_seen_before_anything_is_taken(elsewhere, stick, other_rooms):
    resign(stick, elsewhere, keys=["x"])
    with pytest.raises(PackError, match="不是公钥"):
        take_pack(stick, by=None)
    assert other_rooms.read == []


def test_more_than_the_disk_holds_is_refused_before(elsewhere, stick, monkeypatch):
    usage = shutil.disk_usage(stick)._replace(free=10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(PackError, match="放不下"):
        take_pack(stick, by=None)


def test_an_older_edition_is_refused_and_the_same_is_not(
    elsewhere, stick, tmp_path, next_edition, other_rooms
):
    old = tmp_path / "old"
    shutil.copytree(stick, old)
    next_edition("会看二维码")
    take_pack(stick, by=None)
    with pytest.raises(PackError, match=r"是旧的.*回到上一版"):
        take_pack(old, by=None)
    take_pack(stick, by=None)
    assert len(other_rooms.read) == 2


def test_an_old_part_does_not_bring_back_what_the_whole_has_changed(
    elsewhere, stick, tmp_path, next_edition
):
    old = tmp_path / "old"
    shutil.copytree(stick, old)
    resign(old, elsewhere, scope="room:phones")
    next_edition("会看二维码")
    take_pack(stick, by=None)
    with pytest.raises(PackError, match="是旧的"):
        take_pack(old, by=None)


def test_another_manifest_under_the_same_number_is_refused(elsewhere, stick):
    take_pack(stick, by=None)
    resign(stick, elsewhere, name="另一个")
    with pytest.raises(PackError, match="是旧的"):
        take_pack(stick, by=None)


def test_going_back_shows_the_edition_before_and_forward_again(
    elsewhere, stick, next_edition, other_rooms
):
    first = read_manifest(stick).edition
    take_pack(stick, by=None)
    next_edition("会看二维码")
    take_pack(stick, by=None)
    go_back(by=None)
    folders = [folder for folder, *_rest in other_rooms.read]
    assert folders[2] == folders[0] != folders[1]
    row = Taking.objects.first()
    assert (row.edition, row.went_back) == (first, True)
    with pytest.raises(PackError, match="没有留着更早的一版"):
        go_back(by=None)
    take_pack(stick, by=None)
    assert other_rooms.read[-1][0] == folders[1]


def test_two_editions_are_kept_and_no_third(elsewhere, stick, next_edition):
    for goal in ("一", "二", "三"):
        next_edition(goal)
        take_pack(stick, by=None)
    assert len(list(taken_folder().glob("*/*"))) == 2


def test_what_is_the_same_takes_no_room_twice(elsewhere, stick, next_edition, other_rooms):
    take_pack(stick, by=None)
    next_edition("会看二维码")
    take_pack(stick, by=None)
    one, two = (a_film(folder) for folder, *_rest in other_rooms.read)
    assert one.stat().st_ino == two.stat().st_ino


def test_it_shows_what_would_change(elsewhere, stick, next_edition, capsys):
    take_pack(stick, by=None)
    next_edition("会看二维码")
    changes = changes_of(look_at(stick))
    assert (changes.new, changes.gone) == ((), ())
    assert len(changes.changed) == 2
    call_command("take_pack", str(stick), look=True)
    assert "变了的：2个文件" in capsys.readouterr().out
    assert Taking.objects.count() == 1


def test_a_copy_that_was_cut_goes_on_where_it_was(elsewhere, stick, monkeypatch, other_rooms):
    copied: list[str] = []
    copy = copying._copy

    def cut(source, path, file):
        if len(copied) == 3:
            raise OSError(5, "Input/output error")
        copied.append(file.path)
        copy(source, path, file)

    monkeypatch.setattr(copying, "_copy", cut)
    with pytest.raises(PackError, match="会接着做"):
        take_pack(stick, by=None)
    there = [path for path in files_in(taken_folder()) if ".half/" in path]
    assert len(there) == 3
    monkeypatch.setattr(copying, "_copy", copy)
    read: list[str] = []

    def reads(source, path):
        read.append(path)
        return open_inside(source, path)

    monkeypatch.setattr(copying, "open_inside", reads)
    take_pack(stick, by=None)
    assert len(read) == len(read_manifest(stick).files) - 3
    assert files_in(other_rooms.read[0][0]) == files_in(stick)


def test_a_copy_that_rotted_here_is_fetched_anew(elsewhere, stick, other_rooms):
    take_pack(stick, by=None)
    a_film(other_rooms.read[0][0]).write_bytes(b"rotten")
    take_pack(stick, by=None)
    assert a_film(other_rooms.read[1][0]).read_bytes() == b"subtitled one"


def test_the_command_takes_it_in_and_goes_back(elsewhere, stick, next_edition, capsys):
    call_command("take_pack", str(stick))
    next_edition("会看二维码")
    call_command("take_pack", str(stick))
    call_command("take_pack", go_back=True)
    told = capsys.readouterr().out
    assert told.count("收下了：") == 2
    assert "变了的：2个文件" in told
    assert told.count("回到上一版了：") == 1
    with pytest.raises(CommandError, match="没有留着更早的一版"):
        call_command("take_pack", go_back=True)
    with pytest.raises(CommandError, match="在哪个文件夹"):
        call_command("take_pack")


def test_the_command_says_why_not_in_one_sentence(elsewhere, stick, settings):
    call_command("take_pack", str(stick), verify=True)
    settings.PACK_TRUSTED_KEYS = []
    with pytest.raises(CommandError, match="不是您相信的城市做的"):
        call_command("take_pack", str(stick))
    a_film(stick).write_bytes(b"")
    with pytest.raises(CommandError, match="坏了1个"):
        call_command("take_pack", str(stick), verify=True)


def test_the_bytes_that_are_signed_are_those_that_are_read(elsewhere, stick):
    assert read_bytes(stick) == as_bytes(read_manifest(stick))
