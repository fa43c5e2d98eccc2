"""The process that reads makers' files: what it may cost, and what it is believed."""

import json
import subprocess
import sys

import pytest

from lms.manuals.exchange.originals import running
from lms.manuals.exchange.originals.items import FileRefused
from lms.manuals.exchange.originals.running import read_in_child
from tests.manuals.exchange.made_files import LAYOUTS, package_of
from tests.manuals.exchange.test_originals import word


def test_the_child_reads_tells_its_pages_and_has_none_of_our_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the child")
    (tmp_path / "source-01.pdf").write_bytes(LAYOUTS["booklet"].make(package_of("speaker")))
    told: list[tuple[int, int]] = []
    draft = read_in_child(tmp_path, told=lambda done, of: told.append((done, of)))
    assert len(draft.tasks) == 3
    assert told[-1] == (draft.pages, draft.pages)


def test_a_child_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "WALL_SECONDS", 0.1)
    (tmp_path / "source-01").write_bytes(word("一、怎么开机", "1. 按键。"))
    with pytest.raises(FileRefused, match="too_hard"):
        read_in_child(tmp_path, told=lambda _done, _of: None)


def test_a_child_cannot_take_all_memory():
    code = (
        "from lms.manuals.exchange.originals.child import limit_itself\n"
        "limit_itself()\ntry:\n    bytearray(3 << 30)\nexcept MemoryError:\n    print('held')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "held"


def test_what_a_child_writes_is_not_believed(tmp_path):
    (tmp_path / "draft.json").write_text(json.dumps({"tasks": "many"}))
    with pytest.raises(FileRefused, match="failed"):
        running.outcome(tmp_path, 0, "")
