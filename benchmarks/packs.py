"""A pack of all lessons: how large, how long to make, to make again, to take in, to update.

    python benchmarks/packs.py                  # 42 lessons, films of three minutes at 1 Mbit/s
    python benchmarks/packs.py --seconds 10     # shorter films
    python benchmarks/packs.py --stick /media/usb/try
    python benchmarks/packs.py --lessons 3 --film a-lesson-at-720p.mp4

With --film that one is what each lesson has, and is first given subtitles in its picture as an
uploaded film is; else one film is encoded. Each lesson has other bytes at the film's end, so that
no two are the same. The city and the box are two sites of their own below a folder that goes
afterwards; the box takes the pack in by a process of its own. Minutes on the wall, and CPU with
children.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=180, help="of each film")
    parser.add_argument("--film", type=Path, help="an MP4 of 1280 by 720 for each lesson")
    parser.add_argument("--lessons", type=int, help="of the starter's; without it, all")
    parser.add_argument("--stick", type=Path, help="a folder on a stick; without it, beside all")
    parser.add_argument("--take", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.take:
        take(options.take)
        return
    with tempfile.TemporaryDirectory(prefix="packs-") as name:
        folder = Path(name)
        site(folder / "city")
        keep_only(options.lessons)
        film = folder / "film.mp4"
        if options.film:
            seconds = burn(options.film, film, folder)
        else:
            seconds = options.seconds
            encode(film, seconds)
        measure(folder, options.stick or folder / "stick", film, seconds)


def site(folder: Path) -> None:
    """A database with the starter's lessons in ``folder``, which is VAR_DIR from now on."""
    os.environ.update(VAR_DIR=str(folder), DJANGO_SETTINGS_MODULE="lms.settings.test")
    folder.mkdir(exist_ok=True)
    import django
    from django.core.management import call_command

    django.setup()
    from lms.operations.empty_database import put_tables

    put_tables()
    call_command("migrate", verbosity=0)
    call_command("load_starter", verbosity=0)


def keep_only(lessons: int | None) -> None:
    from courses.models import LessonPage

    if lessons is not None:
        for lesson in LessonPage.objects.live().order_by("path")[lessons:]:
            lesson.unpublish()


@contextmanager
def timed(what: str) -> Iterator[list[str]]:
    """Prints how long the block took, and what it says besides."""
    said: list[str] = []
    wall, cpu = time.perf_counter(), cpu_seconds()
    yield said
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    print(f"{what}: {wall:.1f} s, of CPU {cpu:.1f} s. {' '.join(said)}", flush=True)


def cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def burn(film: Path, target: Path, folder: Path) -> int:
    """With a line every four seconds. Returns how many seconds it lasts."""
    from media.ffmpeg.probe import probe
    from subtitles.cues import Cue
    from subtitles.keepsake import burn_in

    length = probe(film).duration_ms
    cues = [
        Cue(start_ms=start, end_ms=start + 3_600, lines=("先看一眼，再往下按",), probability=None)
        for start in range(0, length - 4_000, 4_000)
    ]
    with timed(f"subtitles put into a film of {length / 1000:.0f} s, as uploaded") as said:
        burn_in(film, cues, target, duration_ms=length, folder=folder, fitted=(1280, 720))
        said.append(f"{film.stat().st_size:,} bytes became {target.stat().st_size:,}")
    return length // 1000


def measure(folder: Path, stick: Path, film: Path, seconds: int) -> None:
    from courses.models import LessonPage
    from lms.packs.choices import Quality, Scope
    from lms.packs.disk import size_in_words
    from lms.packs.making.choosing import Choice, chosen
    from lms.packs.making.contents import size_before
    from lms.packs.making.services import make_pack
    from lms.packs.manifest import read_manifest, verify
    from lms.packs.signing import in_words, own_keys

    def everything() -> Choice:
        return chosen(scope=Scope.ALL, page=None, quality=Quality.SUBTITLED)

    give_films(film, seconds)
    print("size told before:", size_in_words(size_before(everything())))
    for what in ("made", "made again, nothing changed"):
        with timed(what) as said:
            made = make_pack(stick, everything())
            said.append(f"{len(made.manifest.files)} files, {size_in_words(made.manifest.size)}; ")
            said.append(f"{made.written} written ({size_in_words(made.bytes_written)})")
    with timed("verified"):
        verify(stick, read_manifest(stick))
    key = in_words(own_keys()[0].public_key())
    box_takes(folder, stick, key, "taken in by a box that has nothing")
    lesson = LessonPage.objects.live().first()
    assert lesson is not None
    lesson.goal = "会看二维码"
    lesson.save_revision().publish()
    with timed("made again, one lesson changed") as said:
        made = make_pack(stick, everything())
        said.append(f"{made.written} files written ({size_in_words(made.bytes_written)})")
    box_takes(folder, stick, key, "the update taken in")
    damage(next(iter(sorted((stick / "课程").rglob("*.mp4")))))
    with timed("mended after a damaged film") as said:
        said.append(f"{make_pack(stick, everything()).written} file written")
    with timed("made below VAR_DIR, by links") as said:
        make_pack(folder / "city/packs/all", everything(), links=True)
    with timed("the same again") as said:
        said.append(str(make_pack(folder / "city/packs/all", everything(), links=True).written))


def damage(path: Path) -> None:
    """Damage it where nobody sees it by its size."""
    with path.open("r+b") as file:
        file.seek(-16, os.SEEK_END)
        file.write(bytes(16))


def encode(film: Path, seconds: int) -> None:
    from imageio_ffmpeg import get_ffmpeg_exe

    source = f"testsrc2=size=1280x720:rate=25:duration={seconds}"
    picture = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "930k", "-pix_fmt", "yuv420p"]
    sound = ["-f", "lavfi", "-i", f"sine=duration={seconds}", "-c:a", "aac", "-b:a", "96k"]
    order = [
        get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        source,
        *sound,
        *picture,
        str(film),
    ]
    subprocess.run(order, check=True)


def give_films(film: Path, seconds: int) -> None:
    from django.core.files.base import ContentFile

    from courses.models import LessonPage
    from media.models import Rendition, Video

    content = film.read_bytes()
    for lesson in LessonPage.objects.live():
        video = Video.objects.create(
            title=lesson.title,
            original="originals/none.mp4",
            duration_ms=seconds * 1000,
            has_audio=True,
            has_picture=True,
        )
        other = (8 + 16).to_bytes(4) + b"free" + os.urandom(16)
        for name in ("720p", "keepsake"):
            Rendition.objects.create(
                video=video,
                name=name,
                file=ContentFile(content + other, f"{name}.mp4"),
                width=1280,
                height=720,
                size_bytes=len(content) + len(other),
            )
        lesson.video = video
        lesson.save_revision().publish()


def box_takes(folder: Path, stick: Path, key: str, what: str) -> None:
    environment = {
        **os.environ,
        "VAR_DIR": str(folder / "box"),
        "PACK_TRUSTED_KEYS": f"广州市={key}",
    }
    order = [sys.executable, str(Path(__file__)), "--take", str(stick)]
    print(f"{what}: ", end="", flush=True)
    subprocess.run(order, check=True, env=environment)


def take(stick: Path) -> None:
    box = Path(os.environ["VAR_DIR"])
    is_new = not box.exists()
    site(box)
    from django.conf import settings

    from courses.models import ClassroomPage
    from lms.packs.taking.services import counted, take_pack

    settings.BOX = True
    if is_new:
        for room in ClassroomPage.objects.all():
            room.delete()
    with timed("") as said:
        said.append(str(counted(take_pack(stick, by=None))))


if __name__ == "__main__":
    main()
