"""Which engine hears a language, and what people are told of it."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from courses.starter.loading import let_editors_work_on_videos
from media.models import Video
from subtitles.checks import check_engine_has_its_model, check_engines_by_language_are_there
from subtitles.cues import Cue
from subtitles.recognition.hints import options_for
from subtitles.recognition.machine import engine_and_model
from subtitles.recognition.recognise import RecognitionOptions
from subtitles.tracks.publishing import publish_machine_track
from tests.subtitles.by_heart import Piece, make_sense_voice


@pytest.fixture
def cantonese_model(tmp_path: Path, settings) -> str:
    """A model that the settings choose for Cantonese, and only for that."""
    model = str(make_sense_voice(tmp_path / "sense-voice", [Piece(1_000, [(0, "好")])]))
    settings.SUBTITLE_ENGINES_BY_LANGUAGE = {"yue": ("sherpa-onnx", model)}
    return model


def test_a_language_is_heard_by_the_engine_that_is_chosen_for_it(cantonese_model: str) -> None:
    assert engine_and_model("yue") == ("sherpa-onnx", cantonese_model)
    assert engine_and_model("zh") == ("faster-whisper", "bundled")
    assert check_engines_by_language_are_there(None) == []


@pytest.mark.parametrize(
    "absent",
    [
        ("sherpa-onnx", "var/no-such-folder"),
        ("whisper.cpp", "base"),
        ("faster-whisper", "/no/such/folder"),
        ("openai-whisper", "/no/such/file.pt"),
    ],
)
def test_where_that_is_not_there_the_default_hears_it_and_the_deployer_is_told(
    absent: tuple[str, str], settings
) -> None:
    settings.SUBTITLE_ENGINES_BY_LANGUAGE = {"yue": absent}
    assert engine_and_model("yue") == ("faster-whisper", "bundled")
    [warning] = check_engines_by_language_are_there(None)
    assert warning.id == "subtitles.W001"
    assert absent[0] in warning.msg
    assert "bin/speech-model" in warning.hint


@pytest.mark.parametrize(
    ("engine", "model", "complaints"),
    [
        ("sherpa-onnx", "bundled", ["subtitles.W003"]),
        ("faster-whisper", "/no/such/folder", ["subtitles.W003"]),
        ("faster-whisper", "bundled", []),
        ("whisper.cpp", "bundled", []),  # E001 says that already
    ],
)
def test_a_default_engine_without_its_model_is_told(engine, model, complaints, settings) -> None:
    settings.SUBTITLE_ENGINE, settings.WHISPER_MODEL = engine, model
    assert [told.id for told in check_engine_has_its_model(None)] == complaints


def test_a_hub_name_may_still_be_fetched_and_counts_as_there(settings) -> None:
    settings.SUBTITLE_ENGINES_BY_LANGUAGE = {"yue": ("faster-whisper", "large-v3")}
    assert engine_and_model("yue") == ("faster-whisper", "large-v3")


def test_a_language_that_no_video_has_is_pointed_out(settings) -> None:
    settings.SUBTITLE_ENGINES_BY_LANGUAGE = {"cantonese": ("faster-whisper", "bundled")}
    assert [warning.id for warning in check_engines_by_language_are_there(None)] == [
        "subtitles.W002"
    ]


@pytest.mark.parametrize(
    ("asked", "heard_by"),
    [
        ({"engine": "faster-whisper"}, ("faster-whisper", "bundled")),
        ({"engine": "sherpa-onnx"}, ("sherpa-onnx", "CHOSEN")),
        ({"model": "/another"}, ("sherpa-onnx", "/another")),
        ({"engine": "openai-whisper", "model": "tiny"}, ("openai-whisper", "tiny")),
    ],
)
def test_what_a_person_asks_for_goes_before_the_settings(asked, heard_by, cantonese_model) -> None:
    expected = tuple(cantonese_model if name == "CHOSEN" else name for name in heard_by)
    assert engine_and_model("yue", **asked) == expected


@pytest.fixture
def video(db, settings, tmp_path: Path) -> Video:
    settings.MEDIA_ROOT = tmp_path / "media"
    film = ContentFile(b"film", name="a.mp4")
    return Video.objects.create(title="量血压", original=film, spoken_language="yue")


@pytest.fixture
def page_of(client, django_user_model):
    let_editors_work_on_videos()
    editor = django_user_model.objects.create_user("lin")
    editor.groups.add(Group.objects.get(name="课程编辑"))
    client.force_login(editor)
    return lambda video: client.get(f"/admin/videos/inspect/{video.pk}/").content.decode()


def publish(video: Video, options: RecognitionOptions, probability: float | None) -> None:
    cue = Cue(start_ms=0, end_ms=2_000, lines=("大家好。",), probability=probability)
    publish_machine_track(video, options=options, cues=[cue])


def test_a_videos_language_decides_what_hears_it(video: Video, cantonese_model: str) -> None:
    options = options_for(video)
    assert (options.engine, options.model) == ("sherpa-onnx", cantonese_model)
    video.spoken_language = "zh"
    assert options_for(video).engine == "faster-whisper"


def test_a_videos_page_names_what_heard_it(video, page_of, cantonese_model) -> None:
    publish(video, options_for(video), None)
    page = page_of(video)
    assert "由 sherpa-onnx 听写，模型：sense-voice。" in page
    assert "没有词会亮起来" in page
    assert "听不好粤语" not in page


def test_cantonese_heard_by_the_bundled_model_is_warned_of(video, page_of) -> None:
    assert "听不好粤语" in page_of(video)  # before it has begun
    publish(video, options_for(video), 0.9)
    page = page_of(video)
    assert "由 faster-whisper 听写，模型：自带的 Whisper base。" in page
    assert "听不好粤语" in page
    assert "没有词会亮起来" not in page


def test_mandarin_heard_by_the_bundled_model_is_not_warned_of(video, page_of) -> None:
    video.spoken_language = "zh"
    video.save()
    publish(video, options_for(video), 0.9)
    assert "help-warning" not in page_of(video)
