"""A pack of a stranger's: nothing of it comes in that is not what it says that it is."""

import json
import os

import pytest
from django.test import Client

from courses.models import LessonPage
from lms.packs.exchange.reading import read_courses
from lms.packs.refusals import PackError
from media.models import Picture
from tests.packs.exchange.conftest import THIRD, change, document, png

pytestmark = pytest.mark.django_db


def expect_refused(folder, *words):
    with pytest.raises(PackError) as told:
        read_courses(folder, publish=False, by=None)
    assert not LessonPage.objects.exists()
    assert not Picture.objects.exists()
    for word in words:
        assert word in str(told.value)
    return str(told.value)


def lessons(told):
    return [lesson for room in told["classrooms"] for lesson in room["lessons"]]


def film_of(told):
    return next(each["film"] for each in lessons(told) if each["film"])


def test_a_block_that_is_not_known_is_refused_in_a_sentence(packed):
    change(packed, lambda told: lessons(told)[0]["steps"][0].update(type="html"))
    expect_refused(packed, "steps.0.type", "不认识")


def test_a_screen_that_is_not_known_is_refused_in_a_sentence(packed):
    def write(told):
        lesson = next(each for each in lessons(told) if each["practice"])
        lesson["practice"]["screens"][0]["type"] = "script"

    change(packed, write)
    expect_refused(packed, "不认识")


@pytest.mark.parametrize(
    ("write", "word"),
    [
        (lambda told: told.update(format="another"), "不是银龄学堂"),
        (lambda told: told.update(version=2), "另一个版本"),
        (lambda told: told.update(extra=1), "没有这一项"),
        (lambda told: lessons(told)[0].pop("goal"), "少了"),
        (lambda told: lessons(told)[0].update(goal="长" * 300), "太长"),
        (lambda told: lessons(told)[0].update(title="翻\u202e转"), "不该有的字"),
        (lambda told: lessons(told)[0].update(key=lessons(told)[1]["key"]), "对不上"),
        (lambda told: told.update(pictures=[]), "对不上"),
    ],
    ids=["format", "version", "extra", "less", "long", "turned", "twice", "no picture"],
)  # fmt: skip
def test_what_is_written_wrongly_is_refused(packed, write, word):
    change(packed, write)
    expect_refused(packed, word)


def test_what_an_editor_could_not_save_is_refused(packed):
    change(packed, lambda told: lessons(told)[0].update(goal="长" * 60))
    expect_refused(packed, "写得不对")


def test_a_practice_that_cannot_be_played_is_refused(packed):
    def write(told):
        lesson = next(each for each in lessons(told) if each["practice"])
        lesson["practice"]["screens"][0]["widgets"] = []

    change(packed, write)
    expect_refused(packed, "写得不对")


def test_json_that_is_none_and_names_that_stand_twice(packed):
    path = packed / "数据/courses.json"
    whole = path.read_text()
    path.write_text("{")
    expect_refused(packed, "JSON")
    path.write_text('{"format": "x", ' + whole[1:])
    expect_refused(packed, "JSON")
    path.write_text("[" * 100_000)
    expect_refused(packed, "JSON")
    path.unlink()
    expect_refused(packed, "没有课程包")


def test_marks_in_words_are_words(packed):
    change(packed, lambda told: lessons(told)[0].update(goal="<script>alert(1)</script>"))
    read_courses(packed, publish=True, by=None)
    slug = lessons(document(packed))[0]["slug"]
    html = Client().get(LessonPage.objects.get(slug=slug).url).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize(
    "path",
    ["../secret.mp4", "数据/../../secret.mp4", "/etc/secret.mp4", "a\\..\\b.mp4", "C:/a.mp4"],
)
def test_a_film_outside_of_the_folder_is_refused(packed, path):
    (packed.parent / "secret.mp4").write_bytes(b"secret")
    change(packed, lambda told: film_of(told)["files"][0].update(path=path))
    expect_refused(packed)


def test_links_are_refused(packed):
    secret = packed.parent / "secret"
    picture = next(packed.glob("数据/pictures/*.png"))
    secret.write_bytes(picture.read_bytes())
    picture.unlink()
    picture.symlink_to(secret)
    expect_refused(packed, "快捷方式")


def test_a_folder_that_is_a_link_is_refused(packed, tmp_path_factory):
    away = tmp_path_factory.mktemp("away") / "pictures"
    (packed / "数据/pictures").rename(away)
    (packed / "数据/pictures").symlink_to(away)
    expect_refused(packed, "快捷方式")


def test_a_pipe_is_refused_and_not_waited_for(packed):
    picture = next(packed.glob("数据/pictures/*.png"))
    picture.unlink()
    os.mkfifo(picture)
    expect_refused(packed, "不是文件")


def swap_picture(folder, content, suffix=".png"):
    """Put another file in a picture's place, named by its digest as it should be."""
    from hashlib import sha256

    old = next(folder.glob("数据/pictures/*.png"))
    new = old.with_name(sha256(content).hexdigest() + suffix)
    old.unlink()
    new.write_bytes(content)
    text = json.dumps(document(folder), ensure_ascii=False)
    text = text.replace(f"pictures/{old.name}", f"pictures/{new.name}")
    (folder / "数据/courses.json").write_text(text)


def test_a_picture_that_is_another_is_refused(packed):
    next(packed.glob("数据/pictures/*.png")).write_bytes(png("#fff"))
    expect_refused(packed, "不一样")


def test_a_page_that_is_called_a_picture_is_refused(packed):
    swap_picture(packed, b"<html><script>alert(1)</script></html>")
    expect_refused(packed, "打不开")


def test_a_picture_of_another_kind_than_its_name_says_is_refused(packed):
    swap_picture(packed, png(kind="JPEG"))
    expect_refused(packed, "打不开")


def test_a_picture_of_too_many_pixels_is_refused(packed):
    swap_picture(packed, png(1, size=(8_000, 7_000), mode="1"))
    expect_refused(packed, "打不开")


def test_a_missing_picture_is_named(packed):
    picture = next(packed.glob("数据/pictures/*.png"))
    picture.unlink()
    expect_refused(packed, "少了")


def test_a_film_that_is_none_is_refused(packed):
    from hashlib import sha256

    film = next(packed.glob("数据/films/*.mp4"))
    content = b"\0\0\0\x18ftypmp42" + bytes(4_000)
    film.write_bytes(content)
    told = {"size": len(content), "sha256": sha256(content).hexdigest()}
    change(packed, lambda doc: film_of(doc)["files"][0].update(told))
    expect_refused(packed, film.name[:40])


def test_a_film_that_was_cut_is_refused(packed):
    film = next(packed.glob("数据/films/*.mp4"))
    film.write_bytes(film.read_bytes()[:-1000])
    expect_refused(packed, "不一样")


def test_a_document_that_is_too_large_is_not_read(packed, monkeypatch):
    monkeypatch.setattr("lms.packs.exchange.parsing.MOST_DOCUMENT_BYTES", 1000)
    expect_refused(packed, "太大")


def test_a_strangers_word_that_subtitles_were_checked_does_not_count(packed):
    read_courses(packed, publish=False, by=None)
    lesson = LessonPage.objects.get(slug=THIRD).get_latest_revision_as_object()
    assert lesson.video.tracks.get().is_machine_made
