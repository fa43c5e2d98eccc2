"""The files of a pack that somebody brought, looked at before anything of them is kept.

Each lies in the pack's folder, is no link, is as large as it may be, and what its name says that it
is. What is new here is opened in a process of its own (media_child.py).
"""

import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from lms.manuals.exchange.documents import printable
from lms.packs.exchange.document import FOLDER, Film, PackedSound
from lms.packs.exchange.written_files import digest_of_file
from lms.packs.refusals import PackError

logger = logging.getLogger(__name__)

MOST_PICTURE_BYTES: Final = 20 * 2**20
MOST_SOUND_BYTES: Final = 500 * 2**20
MOST_FILM_BYTES: Final = 8 * 2**30
#: For the child: to begin, and for each file.
WALL_SECONDS: Final = 60
FILE_SECONDS: Final = 5
#: Of what players everywhere play, and what this program makes.
CONTAINER, VIDEO_CODEC, AUDIO_CODEC = "mp4", "h264", "aac"


@dataclass
class Arrived:
    """The files of a pack's folder."""

    folder: Path
    #: What the child found out, by path.
    facts: dict[Path, dict[str, Any]] = field(default_factory=dict)
    _looked_at: dict[str, Path] = field(default_factory=dict)

    def picture(self, name: str) -> Path:
        """By its name in 数据/. Raises PackError."""
        return self.named_by_content(name, most=MOST_PICTURE_BYTES)

    def sound(self, spoken: PackedSound) -> Path:
        return self.named_by_content(spoken.file, most=MOST_SOUND_BYTES)

    def film(self, film: Film) -> list[Path] | None:
        """None where the pack came without its films, as 数据/ alone does. Raises PackError for
        files that are there and are others."""
        paths: list[Path] = []
        for file in film.files:
            path = self.inside(file.path, most=MOST_FILM_BYTES, may_be_missing=True)
            if path is None:
                return None
            if path.stat().st_size != file.size:
                raise other_than_said(file.path)
            self.check_digest(path, file.path, file.sha256)
            paths.append(path)
        return paths

    def has(self, film: Film) -> bool:
        """Whether its files came along; what is in them is not looked at."""
        return all(
            self.inside(file.path, most=MOST_FILM_BYTES, may_be_missing=True) for file in film.files
        )

    def named_by_content(self, name: str, *, most: int) -> Path:
        path = self.inside(f"{FOLDER}/{name}", most=most)
        assert path is not None
        self.check_digest(path, name, PurePosixPath(name).stem)
        return path

    def check_digest(self, path: Path, name: str, digest: str) -> None:
        if name in self._looked_at:
            return
        with path.open("rb") as file:
            if digest_of_file(file) != digest:
                raise other_than_said(name)
        self._looked_at[name] = path

    def inside(self, name: str, *, most: int, may_be_missing: bool = False) -> Path | None:
        """A plain file in the pack's folder, none of whose folders is a link. Raises PackError."""
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts:
            raise PackError(
                _("课程包里的“%(name)s”指到外面去了，不能收。") % {"name": printable(name)}
            )
        path = self.folder
        for part in parts:
            path = path / part
            try:
                about = path.lstat()
            except (OSError, ValueError) as error:
                if may_be_missing:
                    return None
                raise PackError(
                    _("课程包里少了“%(name)s”。") % {"name": printable(name)}
                ) from error
            if stat.S_ISLNK(about.st_mode):
                raise PackError(_("课程包里有快捷方式，不能收。"))
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise PackError(_("课程包里的“%(name)s”不是文件。") % {"name": printable(name)})
        if about.st_size > most:
            raise PackError(_("课程包里的“%(name)s”太大了。") % {"name": printable(name)})
        return path

    def open_all(self, *, pictures: Iterable[Path], media: Iterable[Path]) -> None:
        """In the child. Raises PackError for one that is not what it should be."""
        files = [{"kind": "picture", "path": str(path)} for path in dict.fromkeys(pictures)]
        files += [{"kind": "media", "path": str(path)} for path in dict.fromkeys(media)]
        if not files:
            return
        for line in run_child(files):
            told = json.loads(line)
            path = Path(told["path"])
            if "facts" not in told:
                raise unreadable(path, str(told.get("refused", "")))
            self.facts[path] = told["facts"]
        if missed := [file for file in files if Path(str(file["path"])) not in self.facts]:
            raise unreadable(Path(str(missed[0]["path"])), "")

    def check_film(self, film: Film, paths: list[Path]) -> None:
        """Raises PackError for what a player may not play."""
        for file, path in zip(film.files, paths, strict=True):
            facts = self.facts[path]
            is_sound = file.name == "audio"
            right = CONTAINER in facts["container"] and facts["audio"] in (AUDIO_CODEC, None)
            picture = facts["video"] is None if is_sound else facts["video"] == VIDEO_CODEC
            if not (right and picture):
                raise PackError(
                    _("视频“%(name)s”不是平常的MP4，收下来放不了。")
                    % {"name": printable(path.name)}
                )

    def check_sound(self, path: Path) -> None:
        facts = self.facts[path]
        if CONTAINER not in facts["container"] or facts["audio"] != AUDIO_CODEC or facts["video"]:
            raise PackError(_("朗读的声音“%(name)s”放不出来。") % {"name": path.name})


def run_child(files: list[dict[str, str]]) -> list[str]:
    """Its lines; fewer than files where one of them broke it."""
    limits = {name: getattr(settings, name) for name in ("VIDEO_MAX_PIXELS", "VIDEO_MAX_HOURS")}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lms.packs.exchange.media_child"],
            check=False,
            input=json.dumps({"limits": limits, "files": files}).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=WALL_SECONDS + FILE_SECONDS * len(files),
            # None of our secrets: the file may have taken the process over.
            env={name: os.environ[name] for name in ("PATH", "HOME", "TZ") if name in os.environ}
            | {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
        )
        said = done.stdout
        if done.returncode:
            logger.warning("A pack's file broke the reader: %s", done.stderr[-500:])
    except subprocess.TimeoutExpired as error:
        said = error.stdout or b""
    return [line for line in said.decode(errors="replace").splitlines() if line.endswith("}")]


def other_than_said(name: str) -> PackError:
    return PackError(
        _("课程包里的“%(name)s”和目录里写的不一样，可能坏了。") % {"name": printable(name)}
    )


def unreadable(path: Path, reason: str) -> PackError:
    told = {"name": printable(path.name), "reason": reason}
    if reason:
        return PackError(_("课程包里的“%(name)s”打不开：%(reason)s") % told)
    return PackError(_("课程包里的“%(name)s”打不开，不能收。") % told)
