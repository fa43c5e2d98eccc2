"""Speech models of the right shape that know one recording by heart.

Real weights weigh a gigabyte and may not be fetched. These take the same inputs, give the same
outputs and bear the same metadata, so that sherpa-onnx runs its whole path: samples, features,
network, decoder, tokens, times. Only the hearing is missing: a piece is known by its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from subtitles.engines.sherpa_onnx import LONGEST_PIECE_MS
from subtitles.engines.speech import find_speech

Spoken = list[tuple[int, str]]  # (when it begins in ms, token)
Constants = dict[str, NDArray[Any]]
FRAMES = 2_100  # of 10 ms, in the longest piece and a little more
SENSE_VOICE_FRAME_MS, PARAFORMER_FRAME_MS, PEAK_MS, FIRE_RED_FRAME_MS = 60, 60, 20, 40
LANGUAGES = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12}  # SenseVoice's own numbers
WITH_MARKS, WITHOUT_MARKS = 14, 15


@dataclass(frozen=True)
class Piece:
    duration_ms: int
    spoken: Spoken  # from the piece's beginning


def pieces_of(audio: Path, spoken: Spoken) -> list[Piece]:
    spans = find_speech(audio, longest_ms=LONGEST_PIECE_MS)
    return [
        Piece(
            span.duration_ms,
            [(at - span.start_ms, t) for at, t in spoken if span.start_ms <= at < span.end_ms],
        )
        for span in spans
    ]


def make_sense_voice(folder: Path, pieces: Sequence[Piece]) -> Path:
    """It begins with 粤 where it is told Cantonese, with 无 where it may write no marks."""
    tags = ["<|zh|>", "<|yue|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>", "粤", "无"]
    vocabulary = _vocabulary(["<unk>", *tags], pieces)
    number = {token: i for i, token in enumerate(vocabulary)}
    told = np.zeros((16, 2), dtype=np.int64)
    told[:, 0] = number["<|zh|>"]
    told[LANGUAGES["yue"]] = number["<|yue|>"], number["粤"]
    marks = np.zeros(16, dtype=np.int64)
    marks[WITHOUT_MARKS] = number["无"]
    constants: Constants = {
        **lengths_of(pieces, frame_ms=SENSE_VOICE_FRAME_MS),
        "tapes": _tapes(pieces, number, frame_ms=SENSE_VOICE_FRAME_MS),
        "told": told,
        "marks": marks,
        "tags": np.array([[number["<|NEUTRAL|>"], number["<|Speech|>"], number["<|withitn|>"]]]),
        "depth": np.array(len(vocabulary)),
        "off_on": np.array([0.0, 1.0], dtype=np.float32),
        "first": np.array([0]),
        "second": np.array([1]),
        "third": np.array([2]),
    }
    nodes = [
        *find_piece("x"),
        helper.make_node("Slice", ["tape", "third", "length", "second"], ["rest"]),
        helper.make_node("Gather", ["told", "language"], ["language_row"]),
        helper.make_node("Slice", ["language_row", "first", "second", "second"], ["tag"]),
        helper.make_node("Slice", ["language_row", "second", "third", "second"], ["cantonese"]),
        helper.make_node("Gather", ["marks", "text_norm"], ["no_marks_flat"]),
        helper.make_node("Unsqueeze", ["no_marks_flat", "second"], ["no_marks"]),
        helper.make_node(
            "Concat", ["tag", "tags", "cantonese", "no_marks", "rest"], ["ids"], axis=1
        ),
        helper.make_node("OneHot", ["ids", "depth", "off_on"], ["logits"]),
    ]
    _write_tokens(folder, vocabulary)
    write_model(
        folder / "model.onnx",
        nodes,
        constants,
        inputs=[
            value("x", TensorProto.FLOAT, ["N", "T", 560]),
            *(value(name, TensorProto.INT32, ["N"]) for name in ("x_length", "language")),
            value("text_norm", TensorProto.INT32, ["N"]),
        ],
        outputs=[value("logits", TensorProto.FLOAT, ["N", "T4", len(vocabulary)])],
        metadata={
            "model_type": "sense_voice_ctc",
            "vocab_size": len(vocabulary),
            "lfr_window_size": 7,
            "lfr_window_shift": 6,
            "normalize_samples": 0,
            "with_itn": WITH_MARKS,
            "without_itn": WITHOUT_MARKS,
            "neg_mean": ",".join(["0"] * 560),
            "inv_stddev": ",".join(["1"] * 560),
            **{f"lang_{name}": code for name, code in LANGUAGES.items()},
        },
    )
    return folder


def make_paraformer(folder: Path, pieces: Sequence[Piece], *, tells_times: bool = True) -> Path:
    """Its times are the peaks of a curve in steps of 20 ms, with one more at the end."""
    vocabulary = _vocabulary(["<blank>", "<s>", "</s>"], pieces)
    number = {token: i for i, token in enumerate(vocabulary)}
    most = max(len(piece.spoken) for piece in pieces) + 1
    ids = np.full((len(pieces), most), number["</s>"], dtype=np.int64)
    peaks = np.zeros((len(pieces), FRAMES // 2), dtype=np.float32)
    for row, piece in enumerate(pieces):
        ids[row, : len(piece.spoken)] = [number[token] for _at, token in piece.spoken]
        last = max((at for at, _token in piece.spoken), default=0)
        for at in [*(at for at, _token in piece.spoken), last + 2 * PEAK_MS]:
            peaks[row, at // PEAK_MS] = 1.0
    constants: Constants = {
        **lengths_of(pieces, frame_ms=PARAFORMER_FRAME_MS),
        "tapes": ids,
        "peaks": peaks,
        "depth": np.array(len(vocabulary)),
        "off_on": np.array([0.0, 1.0], dtype=np.float32),
        "token_num": np.array([most], dtype=np.int32),
    }
    nodes = [
        *find_piece("speech"),
        helper.make_node("OneHot", ["tape", "depth", "off_on"], ["logits"]),
        helper.make_node("Identity", ["token_num"], ["token_count"]),
    ]
    outputs = [
        value("logits", TensorProto.FLOAT, ["N", "L", len(vocabulary)]),
        value("token_count", TensorProto.INT32, ["N"]),
    ]
    if tells_times:
        nodes += [
            helper.make_node("Gather", ["peaks", "piece"], ["us_alphas"]),
            helper.make_node("Gather", ["peaks", "piece"], ["us_cif_peak"]),
        ]
        outputs += [
            value(name, TensorProto.FLOAT, ["N", "P"]) for name in ("us_alphas", "us_cif_peak")
        ]
    _write_tokens(folder, vocabulary)
    write_model(
        folder / "model.onnx",
        nodes,
        constants,
        inputs=[
            value("speech", TensorProto.FLOAT, ["N", "T", 560]),
            value("speech_lengths", TensorProto.INT32, ["N"]),
        ],
        outputs=outputs,
        metadata={
            "model_type": "paraformer",
            "vocab_size": len(vocabulary),
            "lfr_window_size": 7,
            "lfr_window_shift": 6,
            "neg_mean": ",".join(["0"] * 560),
            "inv_stddev": ",".join(["1"] * 560),
        },
    )
    return folder


def make_fire_red_ctc(folder: Path, pieces: Sequence[Piece]) -> Path:
    vocabulary = _vocabulary(["<blank>", "<unk>", "<pad>", "<sos>", "<eos>"], pieces)
    number = {token: i for i, token in enumerate(vocabulary)}
    constants: Constants = {
        **lengths_of(pieces, frame_ms=10),
        "tapes": _tapes(pieces, number, frame_ms=FIRE_RED_FRAME_MS),
        "depth": np.array(len(vocabulary)),
        "off_on": np.array([0.0, 1.0], dtype=np.float32),
        "four": np.array([4]),
        "first": np.array([0]),
        "second": np.array([1]),
    }
    nodes = [
        *find_piece("x"),
        helper.make_node("Div", ["length", "four"], ["lengths"]),
        helper.make_node("Slice", ["tape", "first", "lengths", "second"], ["ids"]),
        helper.make_node("OneHot", ["ids", "depth", "off_on"], ["log_probs"]),
    ]
    _write_tokens(folder, vocabulary)
    write_model(
        folder / "model.onnx",
        nodes,
        constants,
        inputs=[
            value("x", TensorProto.FLOAT, ["N", "T", 80]),
            value("x_length", TensorProto.INT64, ["N"]),
        ],
        outputs=[
            value("log_probs", TensorProto.FLOAT, ["N", "T4", len(vocabulary)]),
            value("lengths", TensorProto.INT64, ["N"]),
        ],
        metadata={
            "model_type": "fire-red-asr-2-ctc",
            "subsampling_factor": 4,
            "cmvn_mean": ",".join(["0"] * 80),
            "cmvn_inv_stddev": ",".join(["1"] * 80),
        },
    )
    return folder


def make_fire_red(folder: Path, pieces: Sequence[Piece]) -> Path:
    """An encoder that knows the piece, and a decoder that writes it token by token, untimed."""
    special = ["<blank>", "<unk>", "<pad>", "<sos>", "<eos>"]
    vocabulary = _vocabulary(special, pieces)
    number = {token: i for i, token in enumerate(vocabulary)}
    most = max(len(piece.spoken) for piece in pieces) + 1
    tapes = np.full((len(pieces), most), number["<eos>"], dtype=np.int64)
    for row, piece in enumerate(pieces):
        tapes[row, : len(piece.spoken)] = [number[token] for _at, token in piece.spoken]
    _write_tokens(folder, vocabulary)
    crossed = [value(f"n_layer_cross_{name}", TensorProto.FLOAT, ["N"]) for name in ("k", "v")]
    write_model(
        folder / "encoder.onnx",
        [
            *find_piece("x"),
            helper.make_node("Cast", ["piece"], ["n_layer_cross_k"], to=TensorProto.FLOAT),
            helper.make_node("Cast", ["piece"], ["n_layer_cross_v"], to=TensorProto.FLOAT),
        ],
        {**lengths_of(pieces, frame_ms=10), "tapes": tapes},
        inputs=[
            value("x", TensorProto.FLOAT, ["N", "T", 80]),
            value("x_length", TensorProto.INT64, ["N"]),
        ],
        outputs=crossed,
        metadata={
            "num_decoder_layers": 1,
            "num_head": 1,
            "head_dim": 1,
            "sos": number["<sos>"],
            "eos": number["<eos>"],
            "max_len": 1024,
            "cmvn_mean": ",".join(["0"] * 80),
            "cmvn_inv_stddev": ",".join(["1"] * 80),
        },
    )
    cache = ["L", "N", "S", "H", "D"]
    write_model(
        folder / "decoder.onnx",
        [
            helper.make_node("Cast", ["n_layer_cross_k"], ["piece"], to=TensorProto.INT64),
            helper.make_node("Gather", ["tapes", "piece"], ["tape"]),
            helper.make_node("Gather", ["tape", "offset"], ["id"], axis=1),
            helper.make_node("OneHot", ["id", "depth", "off_on"], ["logits"]),
            helper.make_node("Identity", ["self_k"], ["out_k"]),
            helper.make_node("Identity", ["self_v"], ["out_v"]),
        ],
        {
            "tapes": tapes,
            "depth": np.array(len(vocabulary)),
            "off_on": np.array([0.0, 1.0], dtype=np.float32),
        },
        inputs=[
            value("tokens", TensorProto.INT64, ["N", 1]),
            *(value(f"self_{name}", TensorProto.FLOAT, cache) for name in ("k", "v")),
            *crossed,
            value("offset", TensorProto.INT64, [1]),
        ],
        outputs=[
            value("logits", TensorProto.FLOAT, ["N", 1, len(vocabulary)]),
            *(value(f"out_{name}", TensorProto.FLOAT, cache) for name in ("k", "v")),
        ],
    )
    return folder


def _vocabulary(special: list[str], pieces: Sequence[Piece]) -> list[str]:
    """The blank comes first."""
    spoken = {token for piece in pieces for _at, token in piece.spoken}
    return [*special, *sorted(spoken - set(special))]


def lengths_of(pieces: Sequence[Piece], *, frame_ms: int) -> Constants:
    lengths = [piece.duration_ms // frame_ms for piece in pieces]
    assert len(set(lengths)) == len(lengths), "two pieces cannot be told apart"
    return {"known": np.array(lengths)}


def _tapes(pieces: Sequence[Piece], number: dict[str, int], *, frame_ms: int) -> NDArray[np.int64]:
    tapes = np.zeros((len(pieces), FRAMES * 10 // frame_ms), dtype=np.int64)
    for row, piece in enumerate(pieces):
        for at, token in piece.spoken:
            frame = at // frame_ms
            while tapes[row, frame]:
                frame += 1
            tapes[row, frame] = number[token]
    return tapes


def find_piece(features: str) -> list[onnx.NodeProto]:
    """The tape of the piece whose length is nearest to that of `features`."""
    return [
        helper.make_node("Shape", [features], ["length"], start=1, end=2),
        helper.make_node("Sub", ["known", "length"], ["apart"]),
        helper.make_node("Abs", ["apart"], ["distance"]),
        helper.make_node("ArgMin", ["distance"], ["piece"], axis=0, keepdims=1),
        helper.make_node("Gather", ["tapes", "piece"], ["tape"]),
    ]


def value(name: str, kind: int, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def write_model(
    path: Path,
    nodes: list[onnx.NodeProto],
    constants: Constants,
    *,
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    metadata: dict[str, object] | None = None,
) -> None:
    initial = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "by-heart", inputs, outputs, initial)
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    told = metadata or {}
    helper.set_model_props(model, {key: str(value) for key, value in told.items()})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _write_tokens(folder: Path, vocabulary: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{token} {i}\n" for i, token in enumerate(vocabulary))
    (folder / "tokens.txt").write_text("".join(lines), encoding="utf-8")
