"""The files of 数据/, each once and named by what is in it, so that a second making writes only
what changed."""

import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.db.models.fields.files import FieldFile

from lms.packs.exchange.document import FOLDER, FilmFile
from media.files import half_made
from media.models import Rendition, Video

#: Of a film that is not in the pack anyway: to be watched, for a slow line, to be heard.
COPIED = ("720p", "360p", "audio")
BLOCK_BYTES = 2**20


def digest_of_file(file: BinaryIO | Any) -> str:
    """SHA-256 in hex."""
    digest = sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()


class Desk:
    """Where 数据/ is laid out: copies files into it, and knows which it has."""

    def __init__(self, folder: Path, films: Mapping[int, str]) -> None:
        self.folder, self.films = folder, films
        self.home = folder / FOLDER
        #: All that belongs there, relative to `home`.
        self.named: set[str] = set()
        self._digests: dict[tuple[str, str], str] = {}

    def keep(self, file: FieldFile, below: str, suffix: str = "") -> str:
        """The name of its copy, relative to 数据/."""
        suffix = suffix or suffix_of(str(file.name))
        name = f"{below}/{self.digest(file)}{suffix}"
        self.named.add(name)
        target = self.home / name
        if not (target.is_file() and target.stat().st_size == file.size):
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                half_made(target) as [half],
                file.storage.open(str(file.name)) as content,
                half.open("wb") as copy,
            ):
                shutil.copyfileobj(content, copy, BLOCK_BYTES)
        return name

    def digest(self, file: FieldFile) -> str:
        key = (type(file.storage).__name__, str(file.name))
        if key not in self._digests:
            with file.storage.open(str(file.name)) as content:
                self._digests[key] = digest_of_file(content)
        return self._digests[key]

    def files_of(self, video: Video, lesson_key: int) -> tuple[list[FilmFile], bool]:
        """Of a lesson's film; and whether it has the subtitles in the picture."""
        files: list[FilmFile] = []
        path, has_words = self.films.get(lesson_key), False
        if path is not None:
            film, has_words = self.in_the_pack(video, path)
            files.append(film)
        by_name = {each.name: each for each in video.renditions.all()}
        wanted = COPIED if path is None else ("audio",)
        copied = [by_name[name] for name in wanted if name in by_name]
        if path is None and all(each.height is None for each in copied):
            copied = [*video.moving_renditions[:1], *copied]
        return files + [self.copied(each) for each in copied], has_words

    def in_the_pack(self, video: Video, path: str) -> tuple[FilmFile, bool]:
        target = self.folder / path
        size = target.stat().st_size
        with target.open("rb") as file:
            digest = digest_of_file(file)
        for each in video.moving_renditions:
            if each.size_bytes == size and self.digest(each.file) == digest:
                return film_file(each, path=path, size=size, sha256=digest), False
        return FilmFile(name="720p", path=path, size=size, sha256=digest), True

    def copied(self, rendition: Rendition) -> FilmFile:
        below = "sounds" if rendition.height is None else "films"
        suffix = ".m4a" if rendition.height is None else ".mp4"
        name = self.keep(rendition.file, below, suffix)
        digest = self.digest(rendition.file)
        path = f"{FOLDER}/{name}"
        return film_file(rendition, path=path, size=rendition.size_bytes, sha256=digest)

    def write(self, name: str, content: bytes) -> None:
        """Unless it is there just so."""
        self.named.add(name)
        target = self.home / name
        if target.is_file() and target.read_bytes() == content:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with half_made(target) as [half]:
            half.write_bytes(content)

    def clear(self) -> None:
        """Take away what does not belong there any more."""
        for path in sorted(self.home.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(self.home).as_posix() not in self.named:
                path.unlink()


def film_file(rendition: Rendition, **told: Any) -> FilmFile:
    return FilmFile.model_validate(
        {
            "name": rendition.name,
            "width": rendition.width,
            "height": rendition.height,
            **told,
        }
    )


def suffix_of(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return ".jpg" if suffix == ".jpeg" else suffix
