"""How test films are made, and how FFmpeg's processes are found."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import imageio_ffmpeg

from media.ffmpeg import binary

SINE = "sine=frequency=1000:sample_rate=48000"
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
COPY = ["-c", "copy"]


def make_film(path: Path, *arguments: str) -> Path:
    """Not by the machine's FFmpeg, which may be too old for the options used here."""
    maker = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([maker, "-v", "error", "-y", *arguments, str(path)], check=True)
    return path


def pattern(size: str, *, rate: int, seconds: int) -> list[str]:
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]


def tone(*, seconds: int, source: str = SINE) -> list[str]:
    return ["-f", "lavfi", "-i", f"{source}:duration={seconds}"]


def listen(path: Path) -> tuple[float, float]:
    """(integrated loudness in LUFS, true peak in dBTP), by another meter than the program's."""
    arguments = ["-hide_banner", "-i", str(path), "-vn", "-af", "loudnorm=print_format=json"]
    said = subprocess.run(
        [binary(), *arguments, "-f", "null", "-"], check=True, capture_output=True, text=True
    ).stderr
    figures, _end = json.JSONDecoder().raw_decode(said, said.rindex("{"))
    return float(figures["input_i"]), float(figures["input_tp"])


class FfmpegChildren:
    def of(self, parent: int) -> list[int]:
        """Process ids of living FFmpegs whose parent is ``parent``."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                name, _bracket, rest = (folder / "stat").read_text().rpartition(")")
            except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
                continue
            state, its_parent = rest.split()[:2]
            if "(ffmpeg" in name and int(its_parent) == parent and state != "Z":
                found.append(int(folder.name))
        return found
