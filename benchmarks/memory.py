"""The memory that a film of three hours needs in each step, beside one of eight minutes.

    python benchmarks/memory.py [--hours 3]

Both are made by looping: 25 seconds of speech, then silence, four minutes in all, in small pictures
that have to be encoded. Each step runs in a process of its own; what is told is the most that it,
or any one of its children (FFmpeg, the engine), had in memory at once. Prints Markdown for
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import media` would look here
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

CLIP = ROOT / "courses/starter/media/clip.mp4"
LOOP_SECONDS = 240
STEPS = ("probe", "loudness", "renditions", "poster", "speech", "transcript")


def make_film(folder: Path, *, loops: int) -> Path:
    from media.ffmpeg.process import binary

    loop, film = folder / "loop.mkv", folder / f"film{loops}.mkv"
    if not loop.exists():
        small = f"scale=320:180,fps=10,tpad=stop_mode=clone:stop_duration={LOOP_SECONDS}"
        how = ["-vf", small, "-af", "apad", "-t", str(LOOP_SECONDS), "-c:v", "libx264"]
        command = [binary(), "-v", "error", "-i", str(CLIP), *how, "-c:a", "aac", str(loop)]
        subprocess.run(command, check=True)
    command = [binary(), "-v", "error", "-stream_loop", str(loops - 1), "-i", str(loop)]
    subprocess.run([*command, "-c", "copy", str(film)], check=True)
    return film


def do(step: str, film: Path, folder: Path) -> None:
    """One step, in a process of its own; prints its peaks in KiB: itself, its children."""
    import django

    django.setup()
    from media.ffmpeg.extraction import extract_speech
    from media.ffmpeg.ladder import plan_renditions
    from media.ffmpeg.loudness import measure_loudness
    from media.ffmpeg.poster import make_poster
    from media.ffmpeg.probe import probe
    from media.ffmpeg.renditions import make_renditions
    from subtitles.recognition.machine import default_options, make_cues

    facts = probe(film)
    length = facts.duration_ms
    match step:
        case "loudness":
            measure_loudness(film, duration_ms=length)
        case "renditions":
            specs = plan_renditions(facts)
            made = make_renditions(film, specs, probe=facts, loudness=None, folder=folder)
            for path in made:
                path.unlink()
        case "poster":
            make_poster(film, folder / "poster.jpg", probe=facts)
        case "speech":
            extract_speech(film, folder / "speech.wav", duration_ms=length)
        case "transcript":
            speech = folder / "speech.wav"
            options = default_options(language="zh")
            made_cues = make_cues(speech, work_dir=folder / "chunks", options=options)
            print(f"{len(made_cues)} cues", file=sys.stderr)
    print(
        *(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
    )


def measure(step: str, film: Path, folder: Path) -> str:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, __file__, "--step", step, "--film", str(film), "--folder", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    own, children = (int(kib) / 1024 for kib in done.stdout.split()[-2:])
    return f"{own:.0f} + {children:.0f} MiB, {time.monotonic() - begun:.0f} s"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=3)
    parser.add_argument("--steps", nargs="+", default=STEPS, choices=STEPS)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--film", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        do(options.step, options.film, options.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        films = {
            "8 minutes": make_film(folder, loops=2),
            f"{options.hours:g} hours": make_film(
                folder, loops=round(options.hours * 3600 / LOOP_SECONDS)
            ),
        }
        print("| step: itself + its largest child | " + " | ".join(films) + " |")
        print("|---|" + "---|" * len(films), flush=True)
        for step in options.steps:
            told = []
            for film in films.values():
                own = folder / film.stem
                own.mkdir(exist_ok=True)
                told.append(measure(step, film, own))
            print(f"| {step} | " + " | ".join(told) + " |", flush=True)


if __name__ == "__main__":
    main()
