"""Lessons as films: what one costs to make and to remake, how large it is, how far from its words.

    python benchmarks/films.py [SLUG ...] [--cues]

Without a slug: three lessons. Needs no database. FFmpeg is the one that the settings name.
"""

import json
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")  # nothing to collect

import django  # noqa: E402

django.setup()

from django.contrib.contenttypes.models import ContentType, ContentTypeManager  # noqa: E402

from courses.choices import Subject  # noqa: E402
from courses.films.storyboard import lesson_storyboard  # noqa: E402
from courses.models import LessonPage, PracticePage  # noqa: E402
from courses.starter.loading import STARTER_DIR, lesson_values  # noqa: E402
from courses.starter.practices import practice_values  # noqa: E402
from lms.manuals.films.storyboard import storyboard_of as manual_storyboard  # noqa: E402
from lms.manuals.models import ManualVersion  # noqa: E402
from lms.manuals.starter.loading import MAKERS  # noqa: E402
from media.films.making import Kept, MadeFilm, make_film  # noqa: E402
from media.films.storyboard import Storyboard  # noqa: E402
from media.films.timeline import SpokenPart  # noqa: E402
from media.narration.sentences import split_sentences  # noqa: E402
from subtitles.keepsake import burn_in  # noqa: E402
from subtitles.tracks.script import script_cues  # noqa: E402
from tests.manuals.films.demo import unsaved_version  # noqa: E402

THREE = ("scan-to-pay", "health-claims", "stop-unknown-call")


def cpu_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def lessons(slugs: tuple[str, ...]) -> Iterator[tuple[str, LessonPage, Storyboard]]:
    curriculum = json.loads((STARTER_DIR / "curriculum.json").read_text())
    with patch.object(ContentTypeManager, "get_for_model", lambda *args, **kw: ContentType(pk=1)):
        for entry in curriculum["lessons"]:
            if entry["slug"] in slugs or not slugs:
                lesson = LessonPage(slug=entry["slug"], **lesson_values(entry))
                values = entry["practice"] and practice_values(entry["practice"])
                practice = PracticePage(**values).practice if values else None
                subject = Subject(entry["classroom"])
                board = lesson_storyboard(lesson, subject=subject, practice=practice)
                yield entry["slug"], lesson, board


def manuals(folders: tuple[str, ...]) -> Iterator[tuple[str, ManualVersion, Storyboard]]:
    """The demo's manuals; their pictures are in the storage when MEDIA_ROOT is STARTER_DIR of
    lms.manuals.starter.loading."""
    for maker in MAKERS:
        for folder in maker.folders:
            if folder in folders or not folders:
                version = unsaved_version(folder)
                board = manual_storyboard(version)
                assert board is not None
                yield folder, version, board


def sentences_of(slug: str, text: str) -> list[SpokenPart]:
    spans = json.loads((STARTER_DIR / "narration/spans.json").read_text())[slug]["spans_ms"]
    return [
        SpokenPart(words, *span) for words, span in zip(split_sentences(text), spans, strict=True)
    ]


def main() -> None:
    slugs = tuple(sys.argv[1:]) or THREE
    print(
        "lesson              film s  CPU s  CPU s/s  again  one step  MB (sizes, sound, keepsake)"
    )
    with tempfile.TemporaryDirectory() as folder:
        for slug, lesson, storyboard in lessons(slugs):
            measure(Path(folder), slug, lesson, storyboard)


def measure(root: Path, slug: str, lesson: LessonPage, storyboard: Storyboard) -> None:
    def make(name: str, board: Storyboard) -> tuple[MadeFilm, Path, float]:
        folder = root / slug / name
        folder.mkdir(parents=True)
        before = cpu_seconds()
        made = make_film(
            board,
            STARTER_DIR / f"narration/{slug}.m4a",
            sentences_of(slug, lesson.narration),
            folder=folder,
            kept=Kept(root / "kept"),
        )
        kept = keepsake(made, folder)
        return made, kept, cpu_seconds() - before

    made, kept, first = make("first", storyboard)
    _made, _kept, again = make("again", storyboard)
    _made, _kept, step = make("step", with_another_step(storyboard))
    seconds = made.timeline.duration_ms / 1000
    sizes = [path.stat().st_size / 1e6 for path in (*made.films, made.sound, kept)]
    print(
        f"{slug:18} {seconds:7.1f} {first:6.1f} {first / seconds:8.3f} {again:6.1f} {step:9.1f}  "
        f"{sum(sizes):.1f} ({', '.join(f'{size:.2f}' for size in sizes)})"
    )


def keepsake(made: MadeFilm, folder: Path) -> Path:
    said = [
        {"text": part.text, "start_ms": part.start_ms, "end_ms": part.end_ms}
        for part in made.timeline.said
    ]
    scenes = [
        {"start_ms": t.start_ms, "end_ms": t.end_ms, "words": t.scene.words, "number": 0}
        for t in made.timeline.scenes
    ]
    length_ms = made.timeline.duration_ms
    cues = script_cues(said, scenes)
    target = folder / "keepsake.mp4"
    burn_in(made.films[1], cues, target, duration_ms=length_ms, folder=folder)
    return target


def with_another_step(storyboard: Storyboard) -> Storyboard:
    changed = list(storyboard.scenes)
    at = next(number for number, scene in enumerate(changed) if scene.number == 3)
    changed[at] = replace(changed[at], words="换了一句话，\n再看一看")
    return Storyboard(storyboard.title, tuple(changed))


if __name__ == "__main__":
    main()
