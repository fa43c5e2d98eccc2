"""How test films are made, and how FFmpeg's processes are found."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np

from media.choices import StageState
from media.ffmpeg.process import binary
from media.models import Video

STARTER_CLIP = Path(__file__).parents[2] / "courses/starter/media/clip.mp4"
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


def speech(*, seconds: float, begin: float = 1.0) -> list[str]:
    """Somebody's Mandarin, out of the starter's clip."""
    return ["-ss", str(begin), "-t", str(seconds), "-vn", "-i", str(STARTER_CLIP)]


def listen(path: Path) -> tuple[float, float]:
    """(integrated loudness in LUFS, true peak in dBTP), by another meter than the program's."""
    arguments = ["-hide_banner", "-i", str(path), "-vn", "-af", "loudnorm=print_format=json"]
    said = subprocess.run(
        [binary(), *arguments, "-f", "null", "-"], check=True, capture_output=True, text=True
    ).stderr
    figures, _end = json.JSONDecoder().raw_decode(said, said.rindex("{"))
    return float(figures["input_i"]), float(figures["input_tp"])


def largest(video: Video) -> Path:
    """The sharpest rendition, when all that was wanted is there."""
    assert set(video.stages.values_list("state", flat=True)) <= {
        StageState.DONE,
        StageState.SKIPPED,
    }, list(video.stages.values_list("kind", "message"))
    assert video.poster
    return Path(video.moving_renditions[0].file.path)


def loudest(path: Path) -> list[float]:
    """The greatest sample of each channel, 0 to 1."""
    with av.open(str(path)) as film:
        blocks = [frame.to_ndarray() for frame in film.decode(audio=0)]
    return [float(np.abs(np.concatenate(blocks, axis=1)[ear]).max()) for ear in (0, 1)]


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
