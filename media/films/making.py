"""A storyboard and a narration made into the files of a film. No database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from shutil import copyfile

from media.files import half_made
from media.films import passages
from media.films.borders import lay_borders
from media.films.clauses import clauses_of
from media.films.drawing import draw_scenes
from media.films.motion import last_picture, pictures_of, read_picture
from media.films.sound import (
    correct_narration,
    encode_sound,
    hear_clauses,
    lay_out_sound,
    narration_name,
    sound_name,
)
from media.films.storyboard import Storyboard
from media.films.timeline import SpokenPart, Timeline, spoken_parts, timeline_of

#: Shares of the time that drawing and encoding take.
DRAWN, ENCODED = 0.25, 0.85
PASSAGES_AT_ONCE = 2
READ_AT_ONCE = PASSAGES_AT_ONCE + 1


@dataclass(frozen=True, slots=True)
class Kept:
    """Where what was made is kept by fingerprint, to be used again."""

    root: Path

    @property
    def pictures(self) -> Path:
        return self.root / "pictures"

    @property
    def passages(self) -> Path:
        return self.root / "passages"

    @property
    def sounds(self) -> Path:
        return self.root / "sounds"


@dataclass(frozen=True, slots=True)
class MadeFilm:
    timeline: Timeline
    #: One a size, in the order of passages.SPECS.
    films: list[Path]
    sound: Path
    pictures: list[Path]


def told(
    storyboard: Storyboard, narration: Path, sentences: Sequence[SpokenPart], *, folder: Path
) -> Timeline:
    """When each scene is shown: the narration's clauses laid on the scenes."""
    clauses = clauses_of("\n".join(sentence.text for sentence in sentences))
    texts = [
        [clause.text for clause in clauses if clause.sentence == number]
        for number in range(len(sentences))
    ]
    inside = hear_clauses(narration, sentences, texts, folder=folder)
    borders = lay_borders(storyboard, clauses)
    spoken = spoken_parts(clauses, sentences, inside)
    return timeline_of(storyboard.scenes, borders.spans, borders.leads, spoken)


def make_film(
    storyboard: Storyboard,
    narration: Path,
    sentences: Sequence[SpokenPart],
    *,
    folder: Path,
    kept: Kept,
    on_progress: Callable[[float], None] = lambda done: None,
) -> MadeFilm:
    """Make a film in `folder`, which exists. What is kept is not made again.

    Raises NotDrawn or FfmpegFailed.
    """
    timeline = told(storyboard, narration, sentences, folder=folder)
    with ThreadPoolExecutor(1, thread_name_prefix="sound") as beside:
        sound = beside.submit(_sound, narration, timeline, kept=kept, folder=folder)
        pictures = draw_scenes(storyboard.scenes, folder=kept.pictures)
        on_progress(DRAWN)
        made = _encoded(timeline, pictures, kept=kept, on_progress=on_progress)
    full, thin = sound.result()
    films = []
    for number, spec in enumerate(passages.SPECS):
        target = folder / spec.file_name
        sizes = [
            (files[number], timed.duration_ms)
            for files, timed in zip(made, timeline.scenes, strict=True)
        ]
        smallest = number == len(passages.SPECS) - 1
        passages.join(sizes, thin if smallest else full, target, folder=folder)
        films.append(target)
    on_progress(1.0)
    return MadeFilm(timeline, films, copyfile(thin, folder / "sound.m4a"), pictures)


def _sound(narration: Path, timeline: Timeline, *, kept: Kept, folder: Path) -> tuple[Path, Path]:
    """For the large sizes, and for thin lines."""
    kept.sounds.mkdir(parents=True, exist_ok=True)
    corrected = kept.sounds / f"{narration_name(narration)}.flac"
    name, length_ms = sound_name(narration, timeline), timeline.duration_ms
    full, thin = (kept.sounds / f"{name}-{size}.m4a" for size in ("full", "thin"))
    if not corrected.exists():
        with half_made(corrected) as [half]:
            correct_narration(narration, half, duration_ms=length_ms, folder=folder)
    if not (full.exists() and thin.exists()):
        wave = folder / "film.wav"
        lay_out_sound(corrected, timeline, wave, folder=folder)
        with half_made(full, thin) as names:
            encode_sound(wave, *names, duration_ms=length_ms)
    for kept_file in (corrected, full, thin):
        kept_file.touch()  # as with a passage
    return full, thin


def _encoded(
    timeline: Timeline,
    pictures: Sequence[Path],
    *,
    kept: Kept,
    on_progress: Callable[[float], None],
) -> list[list[Path]]:
    """The passages of each scene, in every size. While FFmpeg encodes one, the next is drawn."""
    kept.passages.mkdir(parents=True, exist_ok=True)
    read = lru_cache(READ_AT_ONCE)(read_picture)  # each is shown in the cut to the next one too

    def passage(number: int) -> list[Path]:
        timed, path, before = timeline.scenes[number], pictures[number], number - 1
        name = passages.passage_name(
            timed, picture=path.name, before=pictures[before].name if number else ""
        )
        targets = passages.passage_files(kept.passages, name)
        if not all(target.exists() for target in targets):
            ended = (
                last_picture(timeline.scenes[before].scene, read(pictures[before]))
                if number
                else None
            )
            shown = pictures_of(timed, read(path), before=ended)
            passages.encode_passage(shown, targets)
        for kept_file in (path, *targets):
            kept_file.touch()  # the nightly cleanup removes what no film uses
        return targets

    made: list[list[Path]] = []
    with ThreadPoolExecutor(PASSAGES_AT_ONCE, thread_name_prefix="passage") as threads:
        for targets in threads.map(passage, range(len(pictures))):
            made.append(targets)
            on_progress(DRAWN + (ENCODED - DRAWN) * len(made) / len(pictures))
    return made
