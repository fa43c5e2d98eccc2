"""What a film costs to make ready: our stage against a plain script, one rendition at a time.

    python benchmarks/transcode.py [--seconds 60] [--rounds 2]

Three sources: one that fits (its picture is copied), one in 1080p at 50 pictures a second and one
as telephones film (HEVC, 4K at 30), which are encoded. The plain script makes the same renditions
at the same settings with the same FFmpeg: a run for each, and the loudness measured and corrected
in each by loudnorm's usual two passes. CPU is that of FFmpeg and of us; the least of the rounds is
told. Prints Markdown for README.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

from media.ffmpeg.ladder import plan_renditions
from media.ffmpeg.loudness import measure_loudness
from media.ffmpeg.probe import probe
from media.ffmpeg.process import binary
from media.ffmpeg.renditions import make_at_once, make_renditions

CLIP = Path(__file__).resolve().parent.parent / "courses/starter/media/clip.mp4"


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float


def measured(work: Callable[[], object]) -> Cost:
    def cpu() -> float:
        usages = [
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    begun, cpu_before = time.monotonic(), cpu()
    work()
    return Cost(time.monotonic() - begun, cpu() - cpu_before)


def least(costs: list[Cost]) -> Cost:
    return Cost(min(cost.wall for cost in costs), min(cost.cpu for cost in costs))


def ffmpeg(*arguments: str) -> None:
    subprocess.run([binary(), "-v", "error", "-y", *arguments], check=True)


def make_sources(folder: Path, seconds: int) -> dict[str, Path]:
    fits, large, phone = folder / "fits.mp4", folder / "large.mkv", folder / "phone.mp4"
    loops = str(seconds // 25 + 1)
    looped = ["-stream_loop", loops, "-i", str(CLIP), "-t", str(seconds)]
    ffmpeg(*looped, "-r", "25", "-c:v", "libx264", "-g", "50", "-c:a", "aac", str(fits))
    # A lecture: the clip as it is, larger, with a little noise as cameras have.
    camera = "scale=1920:1080,fps=50,noise=alls=4:allf=t"
    ffmpeg(
        *["-i", str(fits), "-vf", camera, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "18"],
        *["-c:a", "aac", str(large)],
    )
    held = "scale=3840:2160,fps=30,noise=alls=4:allf=t,format=yuv420p"
    ffmpeg(
        *["-i", str(fits), "-vf", held, "-c:v", "libx265", "-preset", "ultrafast", "-crf", "24"],
        *["-x265-params", "log-level=none", "-c:a", "aac", str(phone)],
    )
    return {
        "fits: 720p, copied": fits,
        "1080p50, encoded": large,
        "4K HEVC, encoded": phone,
    }


def ours(source: Path, folder: Path) -> None:
    facts = probe(source)
    specs = plan_renditions(facts)
    if specs[0].copy_video:
        make_at_once(source, specs[0], probe=facts, folder=folder)
    loudness = measure_loudness(source, duration_ms=facts.duration_ms)
    make_renditions(source, specs, probe=facts, loudness=loudness, folder=folder)


def first_playable(source: Path, folder: Path) -> None:
    """Of one that is encoded: as if it were long, so that the smallest comes first."""
    facts = probe(source)
    specs = plan_renditions(facts)
    if specs[0].copy_video:
        make_at_once(source, specs[0], probe=facts, folder=folder)
    else:
        loudness = measure_loudness(source, duration_ms=facts.duration_ms)
        make_renditions(source, specs[-1:], probe=facts, loudness=loudness, folder=folder)


def plain(source: Path, folder: Path) -> None:
    """As many write it: a run for each rendition, loudnorm twice in each."""
    for spec in plan_renditions(probe(source)):
        ffmpeg("-i", str(source), "-af", "loudnorm=I=-16:TP=-1.5", "-vn", "-f", "null", "-")
        fit = f"fps={spec.frame_rate},scale={spec.width}:{spec.height},format=yuv420p"
        picture = [
            *["-vf", fit, "-c:v", "libx264", "-preset", "veryfast", "-crf", str(spec.crf)],
            *["-maxrate", f"{spec.max_video_kbit}k", "-bufsize", f"{2 * spec.max_video_kbit}k"],
        ]
        sound = ["-af", "loudnorm=I=-16:TP=-1.5", "-ar", "48000", "-ac", "2", "-c:a", "aac"]
        target = str(folder / f"plain-{spec.file_name}")
        ffmpeg("-i", str(source), *picture, *sound, "-movflags", "+faststart", target)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| source | way | wall, s | CPU, s | × real time | CPU against plain |")
        print("|---|---|---|---|---|---|", flush=True)
        for source_name, source in make_sources(folder, options.seconds).items():
            ways: dict[str, Callable[[Path, Path], None]] = {
                "plain script": plain,
                "ours": ours,
                "ours, until it can be watched": first_playable,
            }
            plain_cpu = 0.0
            for way, work in ways.items():
                rounds = range(options.rounds)
                cost = least([measured(lambda: work(source, folder)) for _ in rounds])  # noqa: B023
                plain_cpu = plain_cpu or cost.cpu
                speed, share = options.seconds / cost.wall, cost.cpu / plain_cpu
                figures = f"{cost.wall:.1f} | {cost.cpu:.1f} | {speed:.0f} × | {share:.2f}"
                print(f"| {source_name} | {way} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
