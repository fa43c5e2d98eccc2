"""Qwen3-ASR's networks and its tokenizer, knowing one recording by heart (see by_heart.py)."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from tests.subtitles.by_heart import Piece, find_piece, lengths_of, value, write_model

ROOM = 512  # tokens in its memory
MEMORY: list[str | int] = ["B", ROOM, 1, 1]


def make_qwen(folder: Path, pieces: Sequence[Piece]) -> Path:
    """It begins with 粤 where its prompt says Cantonese."""
    folder.mkdir(parents=True, exist_ok=True)
    spoken = {token for piece in pieces for _at, token in piece.spoken} | {"粤"}
    number = _write_tokenizer(folder / "tokenizer", spoken)
    _write_ears(folder, pieces)
    most = max(len(piece.spoken) for piece in pieces) + 2
    tapes = np.full((len(pieces), most), number["<|im_end|>"], dtype=np.int64)
    for row, piece in enumerate(pieces):
        said = [number[_in_bytes(token)] for _at, token in piece.spoken]
        tapes[row, : len(said) + 1] = [number["<|im_start|>"], *said]  # the first is not shown
    constants = {
        "tapes": tapes,
        "cantonese": np.array(number[_in_bytes(" Cantonese")]),
        "sign": np.array(number[_in_bytes("粤")]),
        "vocabulary_size": np.array(max(number.values()) + 1),
        "off_on": np.array([0.0, 1.0], dtype=np.float32),
        "one": np.array(1),
        "nought": np.array([0]),
        "one_flat": np.array([1]),
        "memory_shape": np.array([1, -1, 1, 1]),
    }
    nodes = [
        # Each answer leaves a 1 in the memory: their sum is how many tokens were written.
        helper.make_node("ReduceSum", ["past_key"], ["written"], keepdims=0),
        helper.make_node("Cast", ["written"], ["step"], to=TensorProto.INT64),
        helper.make_node("ReduceMax", ["audio_features"], ["heard"], keepdims=0),
        helper.make_node("Cast", ["heard"], ["heard_number"], to=TensorProto.INT64),
        helper.make_node("Sub", ["heard_number", "one"], ["piece"]),
        helper.make_node("Gather", ["tapes", "piece"], ["tape"]),
        helper.make_node("Gather", ["tape", "step"], ["next"]),
        helper.make_node("Equal", ["input_ids", "cantonese"], ["told_where"]),
        helper.make_node("Cast", ["told_where"], ["told_numbers"], to=TensorProto.INT64),
        helper.make_node("ReduceMax", ["told_numbers"], ["told_number"], keepdims=0),
        helper.make_node("Cast", ["told_number"], ["told"], to=TensorProto.BOOL),
        helper.make_node("Where", ["told", "sign", "next"], ["token"]),
        helper.make_node("Unsqueeze", ["token", "nought"], ["id"]),
        helper.make_node("OneHot", ["id", "vocabulary_size", "off_on"], ["row"]),
        helper.make_node("Shape", ["input_ids"], ["length"], start=1, end=2),
        helper.make_node("Concat", ["one_flat", "length", "one_flat"], ["rows"], axis=0),
        helper.make_node("Expand", ["row", "rows"], ["logits"]),
        helper.make_node("Sub", ["length", "one"], ["last"]),
        helper.make_node("OneHot", ["last", "length", "off_on"], ["mark"]),
        helper.make_node("Reshape", ["mark", "memory_shape"], ["key_delta"]),
        helper.make_node("Identity", ["key_delta"], ["value_delta"]),
    ]
    write_model(
        folder / "decoder.onnx",
        nodes,
        constants,
        inputs=[
            value("input_ids", TensorProto.INT64, ["B", "S"]),
            value("audio_features", TensorProto.FLOAT, ["B", "A", 1]),
            value("attention_mask", TensorProto.INT64, ["B", "S"]),
            value("cache_position", TensorProto.INT64, ["S"]),
            value("past_key", TensorProto.FLOAT, MEMORY),
            value("past_value", TensorProto.FLOAT, MEMORY),
        ],
        outputs=[
            value("logits", TensorProto.FLOAT, ["B", "S", "V"]),
            value("key_delta", TensorProto.FLOAT, ["B", "S", 1, 1]),
            value("value_delta", TensorProto.FLOAT, ["B", "S", 1, 1]),
        ],
    )
    return folder


def _write_ears(folder: Path, pieces: Sequence[Piece]) -> None:
    """What they pass on of a piece is its number, once for each eight frames of 10 ms."""
    write_model(
        folder / "conv_frontend.onnx",
        [
            *find_piece("input_features"),
            helper.make_node("Add", ["piece", "one_flat"], ["number"]),
            helper.make_node("Cast", ["number"], ["named"], to=TensorProto.FLOAT),
            helper.make_node("Div", ["length", "eight"], ["fewer"]),
            helper.make_node("Concat", ["one_flat", "fewer", "one_flat"], ["shape"], axis=0),
            helper.make_node("Expand", ["named", "shape"], ["features"]),
        ],
        {
            **lengths_of(pieces, frame_ms=10),
            "tapes": np.zeros((len(pieces), 1), dtype=np.int64),
            "one_flat": np.array([1]),
            "eight": np.array([8]),
        },
        inputs=[value("input_features", TensorProto.FLOAT, ["B", "T", 128])],
        outputs=[value("features", TensorProto.FLOAT, ["B", "A", 1])],
    )
    write_model(
        folder / "encoder.onnx",
        [helper.make_node("Identity", ["features"], ["audio_features"])],
        {},
        inputs=[
            value("features", TensorProto.FLOAT, ["B", "A", 1]),
            value("feature_attention_mask", TensorProto.BOOL, ["B", "A"]),
        ],
        outputs=[value("audio_features", TensorProto.FLOAT, ["B", "A", 1])],
    )


def _write_tokenizer(folder: Path, spoken: set[str]) -> dict[str, int]:
    """Bytes, what is spoken, and " Cantonese" as one token, with the special ones after them."""
    folder.mkdir()
    cantonese = _in_bytes(" Cantonese")
    tokens = [_in_bytes(bytes([byte])) for byte in range(256)]
    tokens += sorted({_in_bytes(token) for token in spoken} - set(tokens))
    tokens += [cantonese[: length + 1] for length in range(1, len(cantonese))]
    special = ["<|im_start|>", "<|im_end|>", "<|audio_start|>", "<|audio_end|>", "<|audio_pad|>"]
    special.append("<asr_text>")
    number = {token: i for i, token in enumerate([*tokens, *special])}
    (folder / "vocab.json").write_text(json.dumps({token: number[token] for token in tokens}))
    merges = (f"{cantonese[:length]} {cantonese[length]}\n" for length in range(1, len(cantonese)))
    (folder / "merges.txt").write_text("".join(merges), encoding="utf-8")
    added = {str(number[token]): {"content": token} for token in special}
    (folder / "tokenizer_config.json").write_text(json.dumps({"added_tokens_decoder": added}))
    return number


def _in_bytes(text: str | bytes) -> str:
    """Return `text` as GPT-2's vocabularies write it: a printable character for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    written = {byte: chr(byte) for byte in printable}
    written |= {byte: chr(256 + i) for i, byte in enumerate(others)}
    raw = text.encode() if isinstance(text, str) else text
    return "".join(written[byte] for byte in raw)
