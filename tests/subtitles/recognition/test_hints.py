"""What recognition is told: the editors' sentence and words, and how corrections offer theirs."""

import shutil
from pathlib import Path

import pytest

from media.models import Video
from subtitles.chinese.words import split_words
from subtitles.choices import HintWay
from subtitles.cues import DOUBTFUL_WORD, Cue
from subtitles.engines import model_files
from subtitles.models import HotWord, SpeechHints, TrackCue
from subtitles.recognition.hints import learn_hot_words, options_for
from subtitles.recognition.machine import default_options, make_cues
from subtitles.review.queries import corrected_words, frequent_corrections
from subtitles.tracks.publishing import publish_machine_track


@pytest.fixture
def video():
    return Video.objects.create(title="手机课堂", original="originals/a.mp4")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("way", "prompt", "hotwords"),
    [
        (HintWay.PROMPT, "我们学挂号。", ""),
        (HintWay.HOTWORDS, "", "穗岁康 健康码"),
        (HintWay.BOTH, "我们学挂号。", "穗岁康 健康码"),
        (HintWay.NONE, "", ""),
    ],
)
def test_editors_decide_what_recognition_is_told(video, way, prompt, hotwords):
    HotWord.objects.all().delete()
    for word in ("健康码", "穗岁康"):
        HotWord.objects.create(word=word)
    SpeechHints.objects.create(prompt="我们学挂号。", way=way)
    options = options_for(video)
    assert (options.prompt, options.hotwords) == (prompt, hotwords)


@pytest.mark.django_db
def test_without_a_choice_it_is_the_measured_one_in_the_videos_own_language(video):
    assert options_for(video) == default_options()
    video.spoken_language = "yue"
    assert options_for(video).language == "yue"


@pytest.mark.django_db
def test_an_editors_word_is_never_cut_at_a_lines_end():
    word = "越秀智慧通"
    assert word not in split_words(f"打开{word}看看")
    HotWord.objects.create(word=word)
    learn_hot_words()
    assert word in split_words(f"打开{word}看看")


@pytest.mark.parametrize(
    ("heard", "text", "pairs"),
    [
        ("今天学反炸骗。", "今天学\n防诈骗。", [("反炸骗", "防诈骗")]),
        ("欢迎来到手机客堂。", "欢迎来到手机课堂。", [("手机客堂", "手机课堂")]),
        ("大家好。", "大家好。", []),
        ("大家好。", "今天我们学习怎样打车。", []),  # written anew
        ("点三下。", "点3下。", []),
    ],
)
def test_a_correction_says_which_word_was_meant(heard, text, pairs):
    assert list(corrected_words(heard, text)) == pairs


@pytest.mark.django_db
def test_a_correction_made_often_offers_its_word_until_the_list_has_it(video):
    HotWord.objects.all().delete()
    cues = [Cue(n * 2000, n * 2000 + 1800, ("今天学反炸骗。",)) for n in range(3)]
    track = publish_machine_track(video, options=default_options(), cues=cues)
    TrackCue.objects.filter(pk=track.cues.first().pk).update(text="今天学防诈骗。")
    assert frequent_corrections() == []  # once is no habit
    track.cues.update(text="今天学防诈骗。")
    [offer] = frequent_corrections()
    assert (offer.heard, offer.word, offer.times) == ("反炸骗", "防诈骗", 3)
    HotWord.objects.create(word="防诈骗")
    assert frequent_corrections() == []


@pytest.mark.thorough(
    "test_sherpa_onnx subtitles by a model in a folder; the bundled one hears in test_engines"
)
def test_a_folder_with_another_copy_of_the_model_hears_the_same_with_its_doubts(
    settings, tmp_path: Path, clip_speech: Path, heard_in_clip
):
    """WHISPER_MODEL may be a folder under any name; what was unsure is kept word by word."""
    folder = tmp_path / "our own whisper"
    shutil.copytree(model_files.find_ctranslate2_model("bundled"), folder)
    settings.WHISPER_MODEL = str(folder)
    options = default_options()
    assert options.model == str(folder)
    cues = make_cues(clip_speech, work_dir=tmp_path / "work", options=options)
    heard = "".join(segment.text for segment in heard_in_clip)
    assert "".join(cue.text for cue in cues) == heard
    assert cues[0].chapter
    lit = [
        ("\n".join(cue.lines)[doubt.start : doubt.end], doubt)
        for cue in cues
        for doubt in cue.doubts
    ]
    assert lit
    for word, doubt in lit:
        assert 0 <= doubt.probability < DOUBTFUL_WORD
        assert word.strip("，。\n") == word
