"""Fetches a city's newest pack by line: only what is missing, going on where it was cut, no faster
than the hour allows."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.outgoing import Incoming, NoAnswer, NotReached, asked
from lms.packs.disk import refuse_without_room
from lms.packs.line.paces import Pace, Waits
from lms.packs.manifest import (
    MANIFEST,
    MOST_BYTES,
    SIGNATURE,
    Manifest,
    PackFile,
    parsed,
    read_manifest,
)
from lms.packs.refusals import PackError
from lms.packs.signing import MOST_BYTES as MOST_SIGNATURE_BYTES
from lms.packs.signing import check
from media.files import half_made

#: Of files that are not whole yet, by their digest; beside those of the pack.
HALF: Final = ".half"
BLOCK_BYTES: Final = 64 * 1024
#: Cuts one after another in which nothing came; and seconds before each new attempt.
MOST_CUTS, REST_SECONDS = 5, 2.0
#: How often a newer pack may appear meanwhile.
MOST_NEWER = 3


class LineCut(PackError):
    """What came is kept: the next call goes on from there."""


class LineRests(LineCut):
    """Nothing is fetched at this hour."""


class Newer(Exception):
    """The city has made another pack meanwhile."""


def fetch_pack(
    url: str,
    *,
    into: Path,
    bytes_per_second: int | Pace | None = None,
    now: Callable[[], datetime] = timezone.now,
    wait: Callable[[float], None] = sleep,
) -> Manifest:
    """Have in ``into`` the newest pack of the city whose site is at ``url``, whole, as
    `take_pack` wants it; files of an earlier one that are in it stay as they are.

    bytes_per_second: None is as fast as it goes; a Pace is by the hour. Raises StrangersPack for
    one that nobody signed who is trusted here, LineCut where the rest has to wait (another call
    goes on), PackError.
    """
    pace = bytes_per_second if isinstance(bytes_per_second, Pace) else Pace((), bytes_per_second)
    line = Line(url.rstrip("/"), Waits(pace, now, wait=wait), wait)
    (into / HALF).mkdir(parents=True, exist_ok=True)
    for _attempt in range(MOST_NEWER):
        content = line.small("/packs/newest/manifest", most=MOST_BYTES)
        signature = line.small("/packs/newest/signature", most=MOST_SIGNATURE_BYTES)
        check(content, signature)
        manifest = parsed(content)
        try:
            bring_all(line, manifest, into)
        except Newer:
            continue
        clear(manifest, into)
        write(into / SIGNATURE, signature)
        write(into / MANIFEST, content)
        return manifest
    raise LineCut(_("城里正在做新的课程盘。请过一会儿再下载。"))


def bring_all(line: "Line", manifest: Manifest, into: Path) -> None:
    known = {file.path: file for file in earlier(into)}
    by_digest = {file.sha256: file for file in known.values()}
    missing = [file for file in manifest.files if not is_here(file, known, into)]
    # Copies of what lies elsewhere in it come first: nothing of an earlier pack is overwritten yet.
    for file in missing:
        before = by_digest.get(file.sha256)
        if before is not None and is_here(before, known, into):
            shutil.copyfile(into / before.path, into / HALF / file.sha256)
    came = sum(size_of(into / HALF / file.sha256) for file in missing)
    refuse_without_room(into, sum(file.size for file in missing) - came)
    if missing:  # until it is whole again, nothing says what is in it
        for name in (MANIFEST, SIGNATURE):
            (into / name).unlink(missing_ok=True)
    for file in missing:
        bring(line, file, into)


def earlier(into: Path) -> tuple[PackFile, ...]:
    """What the pack before has, which was checked when it came."""
    if not (into / MANIFEST).is_file():
        return ()
    try:
        return read_manifest(into).files
    except PackError:
        return ()


def is_here(file: PackFile, known: dict[str, PackFile], into: Path) -> bool:
    path = into / file.path
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.size:
        return False
    before = known.get(file.path)
    return (before is not None and before.sha256 == file.sha256) or digest_of(path) == file.sha256


def bring(line: "Line", file: PackFile, into: Path) -> None:
    """Whole and checked, under its name. Raises LineCut, Newer, PackError."""
    half = into / HALF / file.sha256
    for attempt in range(2):
        line.into(half, file)
        if digest_of(half) == file.sha256:
            break
        half.unlink()
        if attempt:
            raise PackError(
                _("“%(path)s”下载下来和清单里写的不一样。请告诉城里的管理员。")
                % {"path": file.path}
            )
    target = into / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    half.replace(target)


def clear(manifest: Manifest, into: Path) -> None:
    """Take away what is in no pack any more."""
    shutil.rmtree(into / HALF, ignore_errors=True)
    for path in sorted(into.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(into).as_posix() not in manifest.by_path:
            path.unlink()


def write(target: Path, content: bytes) -> None:
    with half_made(target) as [half]:
        half.write_bytes(content)


def size_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def digest_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


@dataclass
class Come:
    """So much of an answer."""

    content: bytearray = field(default_factory=bytearray)
    etag: str = ""
    is_whole: bool = False


class Line:
    """To one city's site."""

    def __init__(self, url: str, waits: Waits, wait: Callable[[float], None]) -> None:
        self.url, self.waits, self.wait = url, waits, wait

    def small(self, path: str, *, most: int) -> bytes:
        """A whole answer, of several pieces where the line breaks. Raises LineCut, PackError."""
        come, cuts = Come(), 0
        while not come.is_whole:
            have = len(come.content)
            with suppress(NotReached, NoAnswer):
                self.more(path, come, most)
            cuts = 0 if len(come.content) > have else cuts + 1
            if cuts >= MOST_CUTS:
                raise self.cut()
            if not come.is_whole:
                self.wait(REST_SECONDS)
        return bytes(come.content)

    def more(self, path: str, come: "Come", most: int) -> None:
        """What is missing of it, until it is whole or the line is cut."""
        have = len(come.content)
        headers = {"Range": f"bytes={have}-", "If-Range": come.etag} if have and come.etag else {}
        with asked(self.url + path, headers=headers) as answer:
            if answer.status == 404:
                raise PackError(_("城里还没有做好的课程盘，没有东西可以下载。"))
            if answer.status != 206 or not begins_at(answer, have):
                come.content.clear()
            if answer.status not in (200, 206):
                raise NoAnswer(str(answer.status))
            come.etag = answer.headers.get("ETag", "")
            whole = len(come.content) + int(answer.headers.get("Content-Length", most))
            while block := answer.read(BLOCK_BYTES):
                come.content += block
                if len(come.content) > most:
                    raise PackError(_("城里送来的清单大得不对，没有下载。"))
            come.is_whole = len(come.content) == whole

    def into(self, half: Path, file: PackFile) -> None:
        """Until the half-made file is as long as it must be. Raises LineCut, Newer, PackError."""
        cuts = 0
        while (have := size_of(half)) != file.size or not half.exists():
            if not self.waits.may_go_on():
                raise LineRests(_("这个时候不下载，等到了可以下载的钟点接着来。"))
            if have > file.size:
                half.unlink()
                continue
            with suppress(NotReached, NoAnswer):
                self.go_on(half, file, have)
            cuts = 0 if size_of(half) > have else cuts + 1
            if cuts >= MOST_CUTS:
                raise self.cut()
            if size_of(half) < file.size:
                self.wait(REST_SECONDS)

    def go_on(self, half: Path, file: PackFile, have: int) -> None:
        """From so many bytes on, until it is whole or the line is cut."""
        headers = {"Range": f"bytes={have}-"} if have else {}
        with asked(f"{self.url}/packs/files/{file.sha256}", headers=headers) as answer:
            if answer.status == 404:
                raise Newer
            goes_on = answer.status == 206 and begins_at(answer, have)
            if answer.status == 416 or (answer.status == 206 and not goes_on):
                half.unlink(missing_ok=True)
                return
            if answer.status not in (200, 206):
                raise NoAnswer(str(answer.status))
            with half.open("ab" if goes_on else "wb") as target:
                left = file.size - (have if goes_on else 0)
                while left > 0 and (block := answer.read(min(BLOCK_BYTES, left))):
                    target.write(block)
                    left -= len(block)
                    self.waits.came(len(block))
                    if not self.waits.may_go_on():
                        return

    def cut(self) -> LineCut:
        return LineCut(_("和城里的网断了。下载好的都留着，下次接着来。"))


def begins_at(answer: Incoming, have: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
