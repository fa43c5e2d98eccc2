"""What a camera sees: learners' cards held up one after the other."""

import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import imageio_ffmpeg
import segno
from PIL import Image

FRAME = (640, 480)
CODE_PIXELS = 190
FRAMES_A_CARD = 8  # of ten a second
TABLE = (96, 84, 70)


def film_cards(words: Sequence[str], folder: Path) -> Path:
    """An MJPEG that Chromium's camera plays over and over; blank words are a table without card."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, word in enumerate(words):
        picture = Image.new("RGB", FRAME, TABLE)
        if word:
            code = BytesIO()
            segno.make_qr(word, error="q").save(code, kind="png", border=3, scale=8)
            card = Image.open(code).convert("RGB").resize((CODE_PIXELS, CODE_PIXELS))
            turned = card.rotate(8, expand=True, fillcolor=TABLE, resample=Image.Resampling.BICUBIC)
            picture.paste(turned, (210, 120))
        picture.save(folder / f"{number:03}.png")
    film = folder / "cards.mjpeg"
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y",
         "-framerate", f"10/{FRAMES_A_CARD}", "-i", folder / "%03d.png",
         "-r", "10", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "mjpeg", film],
        check=True,
    )  # fmt: skip
    return film
