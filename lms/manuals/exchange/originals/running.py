"""Runs the child process that reads a file, and takes what it made."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings
from pydantic import TypeAdapter, ValidationError

from lms.manuals.exchange.originals.drafted import DraftedManual
from lms.manuals.exchange.originals.items import FileRefused
from lms.manuals.exchange.originals.limits import WALL_SECONDS

logger = logging.getLogger(__name__)

DRAFT: Final = TypeAdapter(DraftedManual)
#: Of what the child writes about a file.
MOST_BYTES: Final = 8 * 2**20


def read_in_child(folder: Path, *, told: Callable[[int, int], None]) -> DraftedManual:
    """Reads the source files of a folder. told: called with pages read, and pages of all.

    Raises FileRefused, also for a file that cost too much or broke the reader.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "lms.manuals.exchange.originals.child", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        # None of our secrets: the file may have taken the process over.
        env={name: os.environ[name] for name in ("PATH", "HOME", "TZ") if name in os.environ}
        | {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    killer = threading.Timer(WALL_SECONDS, process.kill)
    errors: list[str] = []
    listener = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
    try:
        killer.start()
        listener.start()
        for line in process.stdout or ():
            word, *numbers = line.split()
            if word == "page" and len(numbers) == 2 and all(n.isdigit() for n in numbers):
                told(int(numbers[0]), int(numbers[1]))
        code = process.wait()
    finally:
        killer.cancel()
        process.kill()
        process.wait()
        listener.join(timeout=5)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return outcome(folder, code, "".join(errors)[-2000:])


def outcome(folder: Path, code: int, errors: str) -> DraftedManual:
    if (refusal := folder / "refusal.json").exists():
        told = json.loads(refusal.read_text()[:MOST_BYTES])
        raise FileRefused(str(told["name"]), **dict(told["said"]))
    draft = folder / "draft.json"
    if code or not draft.exists() or draft.stat().st_size > MOST_BYTES:
        logger.error("A file could not be read (%d): %s", code, errors)
        raise FileRefused("too_hard" if code < 0 or "MemoryError" in errors else "failed")
    try:
        return DRAFT.validate_json(draft.read_bytes())
    except ValidationError as error:
        logger.error("What was read is not a draft: %s", error)
        raise FileRefused("failed") from error
