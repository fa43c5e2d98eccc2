"""What lies in a pack: names, films, subtitles, handouts, manuals, laid out in a folder."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from courses.handouts.sheets import lesson_handout
from courses.models import LessonPage
from courses.models.lesson_films import films_of
from courses.paper import PaperNotReady
from lms.manuals.catalogue.pdfs import manual_pdf
from lms.manuals.catalogue.queries import shown_version
from lms.manuals.films.queries import film_to_watch
from lms.manuals.models import Manual
from lms.packs.choices import Quality
from lms.packs.exchange.writing import write_courses
from lms.packs.making.choosing import Choice
from lms.packs.paths import LARGEST_FILE, folded, readable_name
from lms.packs.reader.writing import write_reader
from media.models import Rendition, Video
from subtitles.cues.formats import to_srt
from subtitles.keepsake import with_keepsake
from subtitles.models import Track

LESSONS, MANUALS = "课程", "说明书"
HEIGHTS = {
    Quality.SUBTITLED: 720,
    Quality.P1080: 1080,
    Quality.P720: 720,
    Quality.P360: 360,
}
#: Of what is not known before it is laid out, in bytes: for a lesson its paper, its pages, its
#: words for another city; for a manual likewise; for what every pack has.
A_LESSON, A_MANUAL, ANY_PACK = 900_000, 700_000, 3_000_000
#: How often somebody else's paper is waited for, and how many seconds each time.
PAPER_TRIES, PAPER_PAUSE = 6, 5.0

#: Called with the fraction done, 0 to 1.
Progress = Callable[[float], None]


@dataclass
class Contents:
    """A pack as it lies in `folder`; its films are links to those of the site."""

    folder: Path
    #: By the lesson's key, the path of its film.
    films: dict[int, str] = field(default_factory=dict)
    #: The same of manuals.
    manual_films: dict[int, str] = field(default_factory=dict)
    #: What had to stay away, each in a sentence.
    left_out: list[str] = field(default_factory=list)
    #: Titles of lessons that have none.
    without_film: list[str] = field(default_factory=list)
    #: Whether one could not be laid out, however long it was waited for.
    has_no_paper: bool = False
    _taken: set[str] = field(default_factory=set)

    def free(self, name: str) -> str:
        """The path ``name``, or one like it that nothing else in the pack has; without ending."""
        free, number = name, 1
        while folded(free) in self._taken:
            number += 1
            free = f"{name}（{number}）"
        self._taken.add(folded(free))
        return free

    def write(self, path: str, content: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def put_file(self, path: str, file: FieldFile) -> None:
        """A link where the storage is a disk; else a copy. Raises FileNotFoundError."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source = Path(file.path)
        except NotImplementedError:  # a storage elsewhere
            with file.open("rb") as opened, target.open("xb") as copy:
                shutil.copyfileobj(opened, copy)
            return
        try:
            os.link(source, target)
        except FileNotFoundError:
            raise
        except OSError:  # another disk
            target.symlink_to(source.resolve(strict=True))


def lay_out(choice: Choice, folder: Path, *, on_progress: Progress) -> Contents:
    """Have the whole pack, without its manifest, in the empty ``folder``."""
    contents = Contents(folder)
    films = films_of(choice.lessons)
    total, done = len(choice.lessons) + len(choice.manuals) + 1, 0
    for number, part in enumerate(choice.parts, start=1):
        above = f"{LESSONS}/{_numbered(number, part.title, instead=_('课堂'))}"
        for place, lesson in enumerate(part.lessons, start=1):
            name = contents.free(f"{above}/{_numbered(place, lesson.title, instead=_('课'))}")
            _put_lesson(contents, lesson, films.get(lesson.pk), name, choice.quality)
            done += 1
            on_progress(done / total)
    for manual in choice.manuals:
        _put_manual(contents, manual, choice.quality)
        done += 1
        on_progress(done / total)
    write_courses(folder, choice.lessons, manuals=choice.manuals, films=contents.films)
    write_reader(
        folder,
        choice.lessons,
        films=contents.films,
        manuals=choice.manuals,
        manual_films=contents.manual_films,
    )
    on_progress(1.0)
    if titles := contents.without_film:
        contents.left_out.append(
            _("%(count)d节课还没有视频（比如“%(title)s”）。")
            % {"count": len(titles), "title": titles[0]}
        )
    return contents


def _numbered(number: int, words: str, *, instead: str) -> str:
    return f"{number:02} {readable_name(words, instead=instead)}"


def _put_lesson(
    contents: Contents, lesson: LessonPage, film: Video | None, name: str, quality: Quality
) -> None:
    title = lesson.title
    if film is not None:
        path = _put_film(contents, film, name, quality, title)
        if path:
            contents.films.setdefault(lesson.pk, path)
    else:
        contents.without_film.append(title)
    _put_paper(contents, name, title, lambda: lesson_handout(lesson))


def _put_manual(contents: Contents, manual: Manual, quality: Quality) -> None:
    version = shown_version(manual)
    if version is None:
        return
    product = manual.product
    above = f"{MANUALS}/{readable_name(f'{product.brand} {product.model}', instead=_('产品'))}"
    title = readable_name(version.title or str(product), instead=_("说明书"))
    name = contents.free(f"{above}/{title}")
    film = film_to_watch(version)
    if film is not None:
        path = _put_film(contents, film, name, quality, str(manual))
        if path:
            contents.manual_films[manual.pk] = path
    _put_paper(contents, name, str(manual), lambda: manual_pdf(version))


def _put_film(
    contents: Contents, film: Video, name: str, quality: Quality, title: str
) -> str | None:
    """Returns its path; None where no stick can hold it."""
    if quality == Quality.SUBTITLED:
        film = with_keepsake(film)
    rendition = film_file(film, quality)
    if rendition is None:
        return None
    if rendition.size_bytes > LARGEST_FILE:
        contents.left_out.append(
            _("“%(title)s”的视频超过4GB，U盘放不下，没有放。") % {"title": title}
        )
        return None
    path = f"{name}.mp4"
    try:
        contents.put_file(path, rendition.file)
    except FileNotFoundError:
        contents.left_out.append(_("“%(title)s”的视频文件不见了，没有放。") % {"title": title})
        return None
    if rendition != film.keepsake and (words := subtitles_of(film)):
        contents.write(f"{name}.srt", words)
    return path


def film_file(film: Video, quality: Quality) -> Rendition | None:
    """The one with its subtitles in the picture, if that is asked for and made; else the sharpest
    that is not above the quality, else the smallest. None while there is none."""
    if quality == Quality.SUBTITLED and film.keepsake is not None:
        return film.keepsake
    moving = film.moving_renditions
    fitting = [each for each in moving if (each.height or 0) <= HEIGHTS[quality]]
    return next(iter(fitting or moving[::-1]), None)


def subtitles_of(film: Video) -> bytes:
    """As SubRip; with a mark at its head, by which televisions know that it is UTF-8. Empty where
    there are none."""
    track = Track.objects.filter(video=film, language=film.spoken_language).first()
    cues = [row.as_cue() for row in track.cues.all()] if track else []
    return to_srt(cues).encode("utf-8-sig") if cues else b""


def _put_paper(contents: Contents, name: str, title: str, make: Callable[[], bytes]) -> None:
    for _try in range(1 if contents.has_no_paper else PAPER_TRIES):
        try:
            content = make()
        except PaperNotReady:  # another one is being laid out
            time.sleep(0 if contents.has_no_paper else PAPER_PAUSE)
            continue
        contents.write(f"{name}.pdf", content)
        return
    contents.has_no_paper = True
    contents.left_out.append(_("“%(title)s”的讲义做不出来，没有放。") % {"title": title})


def without_film(choice: Choice) -> int:
    """How many lessons have none that can be watched."""
    return len(choice.lessons) - len(films_of(choice.lessons))


def size_before(choice: Choice) -> int:
    """About how many bytes the pack will have: its films, which are known, and for the rest what
    others had."""
    films = films_of(choice.lessons).values()
    of_manuals = [
        film
        for manual in choice.manuals
        if (version := manual.published_version) and (film := film_to_watch(version))
    ]
    files = [film_file(film, choice.quality) for film in [*films, *of_manuals]]
    return (
        sum(file.size_bytes for file in files if file and file.size_bytes <= LARGEST_FILE)
        + A_LESSON * len(choice.lessons)
        + A_MANUAL * len(choice.manuals)
        + ANY_PACK
    )
