"""Chinese models through sherpa-onnx: its own code runs, on models that know the clip by heart."""

import inspect
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from sherpa_onnx import OfflineRecognizer

from subtitles.cues import UNHEARD
from subtitles.engines import EngineUnavailable, Segment, Word, load_engine
from subtitles.engines.sherpa_onnx import FAMILIES, SherpaOnnx, family_of
from subtitles.recognition.machine import make_cues
from subtitles.recognition.recognise import RecognitionFailed, RecognitionOptions
from tests.subtitles.by_heart import (
    Piece,
    Spoken,
    make_fire_red_ctc,
    make_paraformer,
    make_sense_voice,
    pieces_of,
)
from tests.subtitles.qwen_by_heart import make_qwen
from tests.subtitles.sounds import silence, write_wav


@pytest.fixture(scope="module")
def pieces(clip_speech: Path, spoken_in_clip: Spoken) -> list[Piece]:
    return pieces_of(clip_speech, spoken_in_clip)


@pytest.fixture(scope="module")
def sense_voice(pieces: list[Piece], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sense_voice(tmp_path_factory.mktemp("sense-voice"), pieces)


def hear(model: Path, audio: Path, *, language: str = "zh") -> list[Segment]:
    engine = load_engine("sherpa-onnx", model=str(model))
    return list(engine.transcribe(audio, language=language, prompt="", hotwords=""))


def begin_otherwise(pieces: list[Piece], *tokens: str) -> list[Piece]:
    """The clip, its first piece having these tokens only, from half a second on."""
    spoken = [(500 + 200 * i, token) for i, token in enumerate(tokens)]
    return [Piece(pieces[0].duration_ms, spoken), *pieces[1:]]


def test_a_film_is_subtitled_through_it_from_samples_to_cues(
    sense_voice: Path, clip_speech: Path, said_in_clip: str, tmp_path: Path
) -> None:
    options = RecognitionOptions(engine="sherpa-onnx", model=str(sense_voice))
    cues = make_cues(clip_speech, work_dir=tmp_path, options=options)
    text = "".join(cue.text for cue in cues).replace("\n", "")
    assert text.replace(UNHEARD, "") == said_in_clip
    part = next(cue for cue in cues if "第一部分" in cue.text)
    assert part.start_ms == pytest.approx(21_663, abs=400)
    assert {(cue.probability, cue.doubts) for cue in cues} == {(None, ())}
    kept = len(list(tmp_path.glob("[!.]*.json")))
    make_cues(clip_speech, work_dir=tmp_path, options=replace(options, prompt="扫码"))
    assert len(list(tmp_path.glob("[!.]*.json"))) == 2 * kept, "other options are other work"


def test_weights_that_cannot_be_run_end_in_a_sentence(
    sense_voice: Path, clip_speech: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "model"
    shutil.copytree(sense_voice, broken)
    whole = onnx.load(str(sense_voice / "model.onnx"))
    del whole.graph.node[:]  # it still says what it is
    onnx.save(whole, str(broken / "model.onnx"))
    options = RecognitionOptions(engine="sherpa-onnx", model=str(broken))
    with pytest.raises(RecognitionFailed) as failure:
        make_cues(clip_speech, work_dir=tmp_path / "work", options=options)
    assert "语音识别程序多次意外停止" in str(failure.value)


def test_it_is_told_the_language_and_writes_marks(sense_voice: Path, clip_speech: Path) -> None:
    mandarin, cantonese, other = (
        hear(sense_voice, clip_speech, language=language)[0].text
        for language in ("zh", "yue", "fr")
    )
    assert mandarin == other == "各位叔叔阿姨，大家好。"
    assert cantonese == "粤" + mandarin


def test_qwen_is_told_the_language_by_its_name(
    pieces: list[Piece], clip_speech: Path, tmp_path: Path
) -> None:
    model = make_qwen(tmp_path / "qwen", pieces)
    mandarin, cantonese, other = (
        hear(model, clip_speech, language=language)[0].text for language in ("zh", "yue", "fr")
    )
    assert mandarin == other == "各位叔叔阿姨，大家好。"
    assert cantonese == "粤" + mandarin


def test_tags_of_language_and_mood_never_reach_a_viewer(
    pieces: list[Piece], clip_speech: Path, tmp_path: Path
) -> None:
    tagged = begin_otherwise(pieces, "大", "<|NEUTRAL|>", "家", "<|BGM|>", "好")
    segment = hear(make_sense_voice(tmp_path, tagged), clip_speech)[0]
    assert segment.text == "大家好"
    assert [word.text for word in segment.words] == ["大", "家", "好"]
    starts = [word.start_ms - segment.start_ms for word in segment.words]
    assert starts == pytest.approx([0, 400, 800], abs=60)


def test_a_syllable_does_not_last_until_the_next_one_after_a_pause(
    pieces: list[Piece], clip_speech: Path, tmp_path: Path
) -> None:
    spoken = [(300, "大"), (1_700, "好")]
    slow = [Piece(pieces[0].duration_ms, spoken), *pieces[1:]]
    first, last = hear(make_sense_voice(tmp_path, slow), clip_speech)[0].words
    assert first.end_ms - first.start_ms == 600
    assert last.start_ms - first.start_ms == pytest.approx(1_400, abs=60)


def test_a_character_in_single_bytes_is_heard_though_not_timed(
    pieces: list[Piece], clip_speech: Path, tmp_path: Path
) -> None:
    all_bytes = [f"<0x{byte:02X}>" for byte in range(256)]
    written = [f"<0x{byte:02X}>" for byte in "粿".encode()]
    never_heard = Piece(60_000, [(60 * i, token) for i, token in enumerate(all_bytes)])
    told = [*begin_otherwise(pieces, "食", *written), never_heard]
    segment = hear(make_sense_voice(tmp_path, told), clip_speech)[0]
    assert segment.text == "食粿"
    assert segment.words == (Word(segment.start_ms, segment.end_ms, "食粿", None),)


def test_words_in_parts_keep_the_blanks_between_them(
    pieces: list[Piece], clip_speech: Path, tmp_path: Path
) -> None:
    mixed = begin_otherwise(pieces, "打", "开", "what@@", "sapp", "看")
    segment = hear(make_paraformer(tmp_path, mixed), clip_speech)[0]
    assert segment.text == "打开 whatsapp 看"
    assert [word.text for word in segment.words] == ["打", "开", " what", "sapp", " 看"]


def test_a_model_that_tells_no_times_has_its_pieces_own(
    pieces: list[Piece], clip_speech: Path, tmp_path: Path
) -> None:
    timed = hear(make_paraformer(tmp_path / "timed", pieces), clip_speech)
    untimed = hear(make_paraformer(tmp_path / "untimed", pieces, tells_times=False), clip_speech)
    assert [segment.text for segment in untimed] == [segment.text for segment in timed]
    for segment, exact in zip(untimed, timed, strict=True):
        assert len(segment.words) == 1 < len(exact.words)
        assert segment.start_ms <= exact.start_ms
        assert segment.end_ms >= exact.end_ms


def test_where_nobody_speaks_no_model_is_asked(sense_voice: Path, tmp_path: Path) -> None:
    assert hear(sense_voice, write_wav(tmp_path / "quiet.wav", silence(2))) == []


def test_speech_without_a_pause_is_cut_into_pieces_that_a_model_can_take(
    clip_speech: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[Piece], tmp_path: Path
) -> None:
    monkeypatch.setattr("subtitles.engines.sherpa_onnx.LONGEST_PIECE_MS", 3_000)
    taken: list[int] = []
    accept = SherpaOnnx._load

    def measured(self: SherpaOnnx, language: str) -> object:
        return Measuring(accept(self, language), taken)

    monkeypatch.setattr(SherpaOnnx, "_load", measured)
    hear(make_fire_red_ctc(tmp_path, pieces), clip_speech)
    assert len(taken) > len(pieces)
    assert max(taken) <= 3_000


class Measuring:
    """A recogniser that notes how long, in ms, each piece is that it is given."""

    def __init__(self, recognizer: OfflineRecognizer, taken: list[int]) -> None:
        self.recognizer, self.taken = recognizer, taken

    def create_stream(self) -> "Measuring":
        self.stream = self.recognizer.create_stream()
        return self

    def accept_waveform(self, rate: int, samples: np.ndarray) -> None:
        self.taken.append(len(samples) * 1000 // rate)
        self.stream.accept_waveform(rate, samples)

    def decode_stream(self, stream: "Measuring") -> None:
        self.recognizer.decode_stream(stream.stream)

    @property
    def result(self) -> object:
        return self.stream.result


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_sherpa_onnx_takes_the_files_of_every_family_by_these_names(family) -> None:
    constructor = inspect.signature(getattr(OfflineRecognizer, family.constructor))
    required = {
        name
        for name, parameter in constructor.parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    assert required == set(family.files)


@pytest.mark.parametrize(
    ("names", "family"),
    [
        (["encoder.int8.onnx", "decoder.int8.onnx", "tokens.txt"], "FireRedASR"),
        (
            [
                "conv_frontend.onnx",
                "encoder.int8.onnx",
                "decoder.int8.onnx",
                "tokenizer/vocab.json",
            ],
            "Qwen3-ASR",
        ),
        (["encoder.onnx", "decoder.onnx"], None),
        (["model.onnx", "tokens.txt"], None),  # weights that do not say what they are
        ([], None),
    ],
)
def test_a_folders_files_tell_what_model_it_holds(names, family, tmp_path: Path) -> None:
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = family_of(tmp_path)
    assert (found and found[0].name) == family
    assert SherpaOnnx.has_model(str(tmp_path)) is (family is not None)


def test_the_smaller_weights_are_taken_where_both_are_there(sense_voice: Path) -> None:
    whole = sense_voice / "model.onnx"
    small = sense_voice / "model.int8.onnx"
    small.write_bytes(whole.read_bytes())
    found = family_of(sense_voice)
    small.unlink()
    assert found is not None
    assert found[1]["model"] == str(small)


@pytest.mark.parametrize("model", ["bundled", "var/no-such-folder"])
def test_a_missing_model_says_how_to_get_one(model: str) -> None:
    with pytest.raises(EngineUnavailable, match=rf"“{model}”.*bin/speech-model"):
        load_engine("sherpa-onnx", model=model)


def test_without_sherpa_onnx_it_says_what_to_install(
    sense_voice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subtitles.engines.sherpa_onnx.find_spec", lambda _name: None)
    assert not SherpaOnnx.has_model(str(sense_voice))
    with pytest.raises(EngineUnavailable, match=r"pip install -r requirements\.txt"):
        load_engine("sherpa-onnx", model=str(sense_voice))
