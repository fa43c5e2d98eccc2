"""Home on the stick: the same letters as files in one folder. Whoever finds it reads which box it
is of and how many letters there are, and nothing else."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from lms.boxes.choices import BoxState, Carrier
from lms.boxes.letters import MOST_BYTES
from lms.boxes.models import VillageBox
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.applying import take_answer, take_snapshot
from lms.boxes.services.journal import ask_letter, letter_of, waiting_batches, write_batches
from lms.boxes.services.registering import answer_hello, take_welcome, this_box
from lms.boxes.services.snapshots import answer_letter, snapshot_letter
from lms.boxes.services.speaking import take_ask
from lms.boxes.services.taking import take_batch

FOLDER = "盒子往来"
HELLO, WELCOME = "登记.json", "登记回信.json"
T = TypeVar("T")
UP, ASK, ANSWER, DOWN = "上", "问", "回", "下"


@dataclass
class Carried:
    """What a command says that it did."""

    words: list[str] = field(default_factory=list)
    #: Letters that were not taken, each with why.
    refused: list[str] = field(default_factory=list)


# --- On the box -------------------------------------------------------------------------------


def write_for_city(stick: Path, *, pack_edition: int | None = None) -> Carried:
    """Whatever the city has not acknowledged, again too: the stick before may have been lost."""
    home, done = this_box(), Carried()
    if home.hello:
        folder = _folder(stick, f"登记-{home.hello['which']}")
        _write(folder / HELLO, json.dumps(home.hello, ensure_ascii=False).encode())
        done.words.append(_("登记的信写好了。请把U盘带到市里，再带回来。"))
    if not home.is_registered:
        if not home.hello:
            raise BoxRefused(_("这台盒子还没有登记。请先打开 /box/ ，输入市里给的号码。"))
        return done
    write_batches()
    folder = _folder(stick, str(home.uid))
    lines = 0
    for batch in waiting_batches():
        _write(folder / f"{UP}-{batch.number:06d}.json", letter_of(batch, home))
        lines += batch.lines
    _only(folder, ASK, ask_letter(home, pack_edition=pack_edition))
    done.words.append(_("写好了%(lines)d条要带到市里的。") % {"lines": lines})
    return done


def read_from_city(stick: Path) -> Carried:
    """The city's answer and what it has decided, from this stick."""
    home, done = this_box(), Carried()
    if home.hello:
        folder = stick / FOLDER / f"登记-{home.hello['which']}"
        for path in _files(folder, WELCOME):
            _try(done, path, lambda written: take_welcome(_object(written)))
            if this_box().is_registered and not this_box().hello:
                done.words.append(_("登记好了。"))
        home = this_box()
    folder = stick / FOLDER / str(home.uid)
    taken = [_try(done, path, take_answer) for path in _files(folder, f"{ANSWER}-*.json")]
    done.words.append(_("市里收到了%(count)d批。") % {"count": sum(filter(None, taken))})
    news = [_try(done, path, take_snapshot) for path in _files(folder, f"{DOWN}-*.json")]
    if any(news):
        done.words.append(_("市里定下的（名册、班级、课次、提醒）已经更新。"))
    waiting = set(waiting_batches().values_list("number", flat=True))
    for path in _files(folder, f"{UP}-*.json"):
        if (
            path.stem.partition("-")[2].isdigit()
            and int(path.stem.partition("-")[2]) not in waiting
        ):
            path.unlink()
    return done


# --- In the city ------------------------------------------------------------------------------


def read_from_boxes(stick: Path) -> Carried:
    """Take in what all boxes have written on this stick, and put the answers beside it."""
    done = Carried()
    for folder in _folders(stick):
        for path in _files(folder, HELLO):
            _try(done, path, partial(_welcome, folder))
        lines = [_try(done, path, _take) for path in _files(folder, f"{UP}-*.json")]
        for path in _files(folder, f"{ASK}-*.json"):
            _try(done, path, _take_ask)
        if lines:
            done.words.append(
                _("%(box)s：收了%(count)d条。")
                % {"box": _name(folder), "count": sum(filter(None, lines))}
            )
    written = write_for_boxes(stick, only_there=True)
    done.words += written.words
    return done


def _take(written: bytes) -> int:
    return take_batch(written, carrier=Carrier.STICK).lines


def _take_ask(written: bytes) -> VillageBox:
    return take_ask(written, carrier=Carrier.STICK)


def _welcome(folder: Path, written: bytes) -> None:
    welcome = answer_hello(_object(written))
    _write(folder / WELCOME, json.dumps(welcome, ensure_ascii=False).encode())
    _folder(folder.parent.parent, welcome["box"])


def write_for_boxes(stick: Path, *, only_there: bool = False) -> Carried:
    """Answer and decisions for every box at work; `only_there`: for those that have a folder."""
    done = Carried()
    for box in VillageBox.objects.filter(state=BoxState.AT_WORK).order_by("pk"):
        if only_there and not (stick / FOLDER / str(box.uid)).is_dir():
            continue
        folder = _folder(stick, str(box.uid))
        _only(folder, ANSWER, answer_letter(box))
        _only(folder, DOWN, snapshot_letter(box))
        done.words.append(_("%(box)s：回信写好了。") % {"box": box.name})
    return done


def _name(folder: Path) -> str:
    box = VillageBox.objects.filter(uid=folder.name).first() if len(folder.name) == 36 else None
    return box.name if box else folder.name


# --- Files ------------------------------------------------------------------------------------


def _folder(stick: Path, name: str) -> Path:
    """Raises BoxRefused where there is no stick."""
    if not stick.is_dir():
        raise BoxRefused(_("没有这个文件夹：%(folder)s。U盘插好了吗？") % {"folder": stick})
    folder = stick / FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _folders(stick: Path) -> Iterator[Path]:
    if not (stick / FOLDER).is_dir():
        raise BoxRefused(_("U盘上没有“%(folder)s”这个文件夹。") % {"folder": FOLDER})
    for folder in sorted((stick / FOLDER).iterdir()):
        if folder.is_dir() and not folder.is_symlink():
            yield folder


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    """Files that are files: no links, nothing that is too large to be a letter."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MOST_BYTES:
            yield path


def _try(done: Carried, path: Path, take: Callable[[bytes], T]) -> T | None:
    """What cannot be taken is told, and stops nothing."""
    try:
        return take(path.read_bytes())
    except BoxRefused as why:
        done.refused.append(f"{path.parent.name}/{path.name}：{why}")
        return None


def _object(written: bytes) -> dict[str, Any]:
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BoxRefused(_("这封信不完整，看不懂。没有收。"))
    return said


def _only(folder: Path, kind: str, letter: bytes) -> None:
    """The one letter of its kind: older ones tell nothing that it does not."""
    number = json.loads(letter)["number"]
    path = folder / f"{kind}-{number:06d}.json"
    _write(path, letter)
    for older in _files(folder, f"{kind}-*.json"):
        if older != path:
            older.unlink()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a stick is pulled out at any moment."""
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    with contextlib.suppress(OSError):  # a file system that cannot
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
