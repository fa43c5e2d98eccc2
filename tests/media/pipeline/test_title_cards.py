"""Sound alone becomes a lesson with a title card as its picture."""

from __future__ import annotations

import av
import numpy as np
import pytest
from PIL import Image, ImageColor

from media.choices import StageState
from media.ffmpeg.ladder import plan_renditions
from media.ffmpeg.probe import probe
from media.ffmpeg.renditions import make_renditions
from media.pipeline import title_card
from media.pipeline.requeue import requeue_outdated
from media.pipeline.title_card import draw_title_card
from tests.media.films import COPY, largest, listen, make_film, pattern, speech

PAPER = np.array(ImageColor.getrgb(title_card.PAPER))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("mp3", []),
        ("amr", ["-ar", "8000", "-ac", "1"]),
        *(
            pytest.param(kind, [], marks=pytest.mark.thorough("read as MP3; test_unsupported too"))
            for kind in ("m4a", "wav", "ogg")
        ),
    ],
)
def test_a_recording_becomes_a_film_with_its_title_on_it(kind, options, process, tmp_path):
    video = process(make_film(tmp_path / f"sound.{kind}", *speech(seconds=3), *options))
    made = largest(video)
    seen = probe(made)
    assert (seen.width, seen.height) == (1280, 720)
    assert seen.frame_rate == 5
    assert seen.duration_ms == pytest.approx(3000, abs=250)
    assert (seen.audio_codec, seen.audio_channels, seen.audio_rate) == ("aac", 2, 48_000)
    assert listen(made)[0] == pytest.approx(-16, abs=1)
    assert has_letters(Image.open(video.poster.path))
    with av.open(str(made)) as film:
        assert has_letters(next(film.decode(video=0)).to_image())
    assert [rendition.name for rendition in video.moving_renditions] == ["720p", "360p"]
    assert video.audio_rendition
    assert video.stages.get(kind="storyboard").state == StageState.SKIPPED
    assert requeue_outdated(video) == []
    video.title = "怎样挂号"
    video.save()
    assert set(requeue_outdated(video)) == {"poster", "renditions", "audio"}  # another card


def test_the_cover_of_a_recording_is_no_film(process, tmp_path):
    sound = make_film(tmp_path / "sound.m4a", *speech(seconds=2))
    cover = make_film(tmp_path / "c.jpg", *pattern("64x64", rate=1, seconds=1), "-frames:v", "1")
    covered = make_film(
        tmp_path / "covered.m4a",
        *["-i", str(sound), "-i", str(cover), "-map", "0:a", "-map", "1:v", *COPY],
        *["-disposition:v", "attached_pic"],
    )
    video = process(covered)
    assert video.has_picture is False
    assert probe(largest(video)).width == 1280


def test_a_card_costs_hardly_a_bit(tmp_path):
    sound, card = make_film(tmp_path / "sound.mp3", *speech(seconds=20)), tmp_path / "card.png"
    draw_title_card("怎样量血压", card, width=1280, height=720)
    seen = probe(sound)
    [made] = make_renditions(
        sound, plan_renditions(seen)[:1], probe=seen, loudness=None, folder=tmp_path, card=card
    )
    with av.open(str(made)) as film:
        picture = sum(packet.size for packet in film.demux(film.streams.video[0]))
    assert picture * 8 / 20 < 25_000  # bits a second


@pytest.mark.thorough("that another is asked for is tried above, and that a card bears letters")
def test_another_title_is_another_card(process, tmp_path):
    video = process(make_film(tmp_path / "sound.mp3", *speech(seconds=2)))
    assert requeue_outdated(video) == []
    before = largest(video).read_bytes()
    video.title = "怎样挂号"
    video.save()
    assert set(requeue_outdated(video)) == {"poster", "renditions", "audio"}
    assert largest(process(video)).read_bytes() != before


def test_another_title_of_a_film_changes_nothing_in_it(process, film_without_sound):
    video = process(film_without_sound)
    video.title = "怎样挂号"
    assert requeue_outdated(video) == []


@pytest.mark.parametrize(
    "title",
    [
        "血压",
        "怎样在手机上挂号、付钱、看报告",
        "第三课：" + "收到陌生电话应该怎么办" * 9,
        "WiFi" * 25,
    ],
)
def test_the_title_stays_inside_the_safe_area(title, tmp_path):
    draw_title_card(title, tmp_path / "card.png", width=1280, height=720)
    inked = ink(Image.open(tmp_path / "card.png"))
    rows, columns = np.nonzero(inked)
    assert columns.min() > 1280 * 0.05
    assert columns.max() < 1280 * 0.95
    assert rows.min() > 720 * 0.05


def test_a_machine_without_chinese_letters_draws_the_card_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(title_card, "chinese_font", lambda: None)
    draw_title_card("血压", tmp_path / "card.png", width=1280, height=720)
    assert not ink(Image.open(tmp_path / "card.png")).any()


def ink(picture: Image.Image) -> np.ndarray:
    """Where in the picture, above its band, there is something written."""
    above = np.asarray(picture.convert("RGB")).astype(int)[: int(picture.height * 0.92)]
    return np.abs(above - PAPER).max(axis=2) > 100


def has_letters(picture: Image.Image) -> bool:
    """No Chinese font, no letters: then nothing may be there."""
    return bool(ink(picture).any()) is (title_card.chinese_font() is not None)
