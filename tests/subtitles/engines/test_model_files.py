import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from subtitles.engines import EngineUnavailable, model_files

JOIN = (
    "from subtitles.engines.model_files import find_ctranslate2_model as find;"
    "print(find('bundled'))"
)


def test_two_processes_may_join_the_bundled_model_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    processes = [
        subprocess.Popen([sys.executable, "-c", JOIN], stdout=subprocess.PIPE, text=True)
        for _i in range(2)
    ]
    folders = {process.communicate()[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    folder = Path(folders.pop())
    assert not folders
    assert (folder / "model.bin").stat().st_size == model_files.BUNDLED_SIZE
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_a_damaged_bundled_model_is_refused_and_nothing_is_left(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(model_files, "BUNDLED_PARTS", model_files.BUNDLED_PARTS[::-1])
    with pytest.raises(EngineUnavailable, match="已损坏"):
        model_files.find_ctranslate2_model("bundled")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


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
