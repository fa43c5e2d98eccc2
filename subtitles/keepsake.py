"""A film with its subtitles in the picture: one file to forward or to carry on a stick."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import ffmpeg
from django.utils.translation import gettext_lazy
from PIL import Image, ImageDraw, ImageFont

from media.ffmpeg.colours import OURS, for_televisions, tags
from media.ffmpeg.process import OnProgress, open_input, run
from media.ffmpeg.renditions import container_options
from media.files import half_made, on_disk
from media.models import Video
from media.models.videos import KEEPSAKE
from media.pipeline import publishing
from media.pipeline.scratch import scratch_folder
from media.pipeline.stages import Progress, StageKind, register
from media.pipeline.title_card import chinese_font
from subtitles.cues import Cue
from subtitles.models import Track

#: Increase it when the same film and subtitles should be made into another file.
RECIPE = 2
WIDTH, HEIGHT = 1280, 720
#: A still is repeated every 240 ms (media.films.passages), so a line would come 120 ms late.
EARLIER_MS = 120
#: Nine hundredths of the picture's height, as the player's larger subtitles.
LETTER = 64
#: The strip that lies over the lower fifth, and how far its box stays off the picture's edge.
STRIP_HEIGHT, BOTTOM = 144, 36
QUALITY, MOST_KBIT = 23, 1_000


def fingerprint(video: Video) -> str:
    return sha256(repr((video.film.made_at, video.film.said, RECIPE)).encode()).hexdigest()


def make_video_keepsake(video: Video, progress: Progress) -> None:
    film = next(r for r in video.moving_renditions if r.height == HEIGHT)
    track = Track.objects.get(video=video, language=video.spoken_language)
    with on_disk(film.file) as source, scratch_folder(f"keepsake-{video.key.hex}") as folder:
        target = folder / "keepsake.mp4"
        burn_in(
            source,
            [row.as_cue() for row in track.cues.all()],
            target,
            duration_ms=video.duration_ms or 0,
            folder=folder,
            on_progress=progress,
        )
        publishing.publish_rendition(video, name=KEEPSAKE, path=target, width=WIDTH, height=HEIGHT)


def burn_in(
    source: Path,
    cues: Sequence[Cue],
    target: Path,
    *,
    duration_ms: int,
    folder: Path,
    on_progress: OnProgress | None = None,
) -> None:
    """Write `source` (1280 by 720) with the cues in its picture. Raises FfmpegFailed."""
    strips = folder / "strips.txt"
    strips.write_text(_strips(cues, folder=folder, duration_ms=duration_ms))
    film = open_input(source)
    shown = ffmpeg.input(str(strips), format="concat", protocol_whitelist="file")
    picture = ffmpeg.filter(
        [film["v:0"], shown["v:0"]],
        "overlay",
        x=0,
        y=HEIGHT - STRIP_HEIGHT,
        eof_action="repeat",
    )
    with half_made(target) as [name]:
        graph = ffmpeg.output(
            for_televisions(picture, OURS, width=WIDTH, height=HEIGHT),
            film["a:0"],
            str(name),
            **{
                "c:v": "libx264",
                "preset": "veryfast",
                "profile:v": "high",
                "level:v": "4.0",
                "crf": QUALITY,
                "maxrate": f"{MOST_KBIT}k",
                "bufsize": f"{2 * MOST_KBIT}k",
                "g": 100,
                "fps_mode": "vfr",
                "c:a": "copy",
                **tags(),
            },
            **container_options(),
        )
        run(graph, duration_ms=duration_ms, on_progress=on_progress)


def _strips(cues: Sequence[Cue], *, folder: Path, duration_ms: int) -> str:
    """FFmpeg's list of strips, with how long each stands."""
    _strip("").save(folder / "blank.png")
    listed, now_ms = ["ffconcat version 1.0"], 0

    def stand(name: str, until_ms: int) -> None:
        nonlocal now_ms
        if until_ms > now_ms:
            listed.extend([f"file {name}", f"duration {(until_ms - now_ms) / 1000:.3f}"])
            now_ms = until_ms

    for number, cue in enumerate(cues):
        name = f"{number}.png"
        _strip("".join(cue.lines)).save(folder / name, compress_level=1)
        stand("blank.png", cue.start_ms - EARLIER_MS)
        stand(name, cue.end_ms - EARLIER_MS)
    stand("blank.png", max(duration_ms, now_ms + 1))
    return "\n".join([*listed, "file blank.png", ""])


def _strip(words: str) -> Image.Image:
    """The words in white on a dark box, on a transparent strip."""
    strip = Image.new("RGBA", (WIDTH, STRIP_HEIGHT), (0, 0, 0, 0))
    font_file = chinese_font()
    if not words or font_file is None:
        return strip
    drawing = ImageDraw.Draw(strip)
    size = LETTER
    font = ImageFont.truetype(font_file[0], size, index=font_file[1])
    while font.getlength(words) > WIDTH * 0.86:
        size -= 4
        font = ImageFont.truetype(font_file[0], size, index=font_file[1])
    wide = font.getlength(words) + 0.7 * size
    bottom, top = STRIP_HEIGHT - BOTTOM, STRIP_HEIGHT - BOTTOM - round(size * 1.4)
    left = round((WIDTH - wide) / 2)
    drawing.rectangle((left, top, WIDTH - left, bottom), fill=(0, 0, 0, 230))
    middle = (WIDTH / 2, (top + bottom) / 2)
    drawing.text(middle, words, font=font, fill="#fff", anchor="mm")
    return strip


def register_stages() -> None:
    register(
        StageKind(
            name=KEEPSAKE,
            label=gettext_lazy("做成可以存下来的"),
            queue="media",
            needs=("script",),
            run=make_video_keepsake,
            fingerprint=fingerprint,
            of_made_here=True,
            failure_message=gettext_lazy("没有做成可以存下来的。视频照样能看。"),
            at_once=1,
        )
    )
