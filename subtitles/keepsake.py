"""A film with its subtitles in the picture: one file to forward or to carry on a stick.

Of a film that is made here it is made with the rest; of one that was uploaded when a pack asks for
it, and only with subtitles that somebody has checked: what is in the picture bears no mark.
"""

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
from media.models import Rendition, Video
from media.models.videos import KEEPSAKE
from media.pipeline import publishing
from media.pipeline.behind import behind
from media.pipeline.scratch import scratch_folder
from media.pipeline.services import do_on_request
from media.pipeline.stages import Progress, StageKind, register
from media.pipeline.title_card import chinese_font
from subtitles.choices import TrackState
from subtitles.cues import Cue
from subtitles.models import Track

#: The stage of uploaded films.
BURNT_IN = "burnt_in"
#: Increase it when the same film and subtitles should be made into another file.
RECIPE = 2
WIDTH, HEIGHT = 1280, 720
#: A still is repeated every 240 ms (media.films.passages), so a line would come 120 ms late.
EARLIER_MS = 120
#: Nine hundredths of the picture's height, as the player's larger subtitles.
LETTER = 64
#: The strip that lies over the lower fifth, and how far its box stays off the picture's edge.
STRIP_HEIGHT, BOTTOM = 144, 36
QUALITY = 23
#: Kilobits a second at most: of stills that stand, and of pictures that move.
OF_STILLS, OF_MOVING = 1_000, 2_500


def fingerprint(video: Video) -> str:
    return sha256(repr((video.film.made_at, video.film.said, RECIPE)).encode()).hexdigest()


def fingerprint_of_upload(video: Video) -> str:
    cues = _cues_of(checked_track(video))
    told = [(cue.start_ms, cue.end_ms, cue.lines) for cue in cues]
    return sha256(repr((video.original.name, told, RECIPE)).encode()).hexdigest()


def checked_track(video: Video) -> Track | None:
    """The subtitles that somebody has checked; None where nobody has."""
    tracks = Track.objects.filter(video=video, language=video.spoken_language)
    return tracks.filter(state=TrackState.REVIEWED).first()


def _cues_of(track: Track | None) -> list[Cue]:
    return [row.as_cue() for row in track.cues.all()] if track else []


def with_keepsake(video: Video) -> Video:
    """The uploaded film anew, with its checked subtitles in the picture as they now are: made here
    where they are not. As it was where there are none, or it could not be made."""
    if video.is_made_here or checked_track(video) is None or not video.moving_renditions:
        return video
    do_on_request(video, BURNT_IN)
    return Video.objects.prefetch_related("renditions").get(pk=video.pk)


def make_video_keepsake(video: Video, progress: Progress) -> None:
    source = next(r for r in video.moving_renditions if r.height == HEIGHT)
    track = Track.objects.get(video=video, language=video.spoken_language)
    _make(video, source, _cues_of(track), progress)


def burn_in_upload(video: Video, progress: Progress) -> None:
    moving = video.moving_renditions
    fitting = [each for each in moving if (each.height or 0) <= HEIGHT]
    _make(video, (fitting or moving[::-1])[0], _cues_of(checked_track(video)), progress)


def _make(video: Video, film: Rendition, cues: Sequence[Cue], progress: Progress) -> None:
    with on_disk(film.file) as source, scratch_folder(f"keepsake-{video.key.hex}") as folder:
        target = folder / "keepsake.mp4"
        has_sound = video.is_made_here or video.audio_rendition is not None
        behind(
            lambda reached: burn_in(
                source,
                cues,
                target,
                duration_ms=video.duration_ms or 0,
                folder=folder,
                fitted=None if video.is_made_here else _fitted(film),
                has_sound=has_sound,
                on_progress=reached,
            ),
            progress,
        )
        publishing.publish_rendition(video, name=KEEPSAKE, path=target, width=WIDTH, height=HEIGHT)


def burn_in(
    source: Path,
    cues: Sequence[Cue],
    target: Path,
    *,
    duration_ms: int,
    folder: Path,
    fitted: tuple[int, int] | None = None,
    has_sound: bool = True,
    on_progress: OnProgress | None = None,
) -> None:
    """Write `source` with the cues in its picture, 1280 by 720. `fitted`: of a picture that moves,
    its width and height within that; None: stills of just that size. Raises FfmpegFailed."""
    strips = folder / "strips.txt"
    earlier_ms = 0 if fitted else EARLIER_MS
    listed = _strips(cues, folder=folder, duration_ms=duration_ms, earlier_ms=earlier_ms)
    strips.write_text(listed)
    film = open_input(source)
    shown = ffmpeg.input(str(strips), format="concat", protocol_whitelist="file")
    picture = ffmpeg.filter(
        [_whole(film["v:0"], *fitted) if fitted else film["v:0"], shown["v:0"]],
        "overlay",
        x=0,
        y=HEIGHT - STRIP_HEIGHT,
        eof_action="repeat",
    )
    most_kbit = OF_MOVING if fitted else OF_STILLS
    with half_made(target) as [name]:
        graph = ffmpeg.output(
            for_televisions(picture, OURS, width=WIDTH, height=HEIGHT),
            *([film["a:0"]] if has_sound else []),
            str(name),
            **{
                "c:v": "libx264",
                # Of stills a quarter less work, finer and a fifth larger: 2 MB a minute.
                "preset": "veryfast" if fitted else "superfast",
                "profile:v": "high",
                "level:v": "4.0",
                "crf": QUALITY,
                "maxrate": f"{most_kbit}k",
                "bufsize": f"{2 * most_kbit}k",
                "g": 100,
                "fps_mode": "vfr",
                **({"c:a": "copy"} if has_sound else {}),
                **tags(),
            },
            **container_options(),
        )
        run(graph, duration_ms=duration_ms, on_progress=on_progress)


def _whole(
    picture: ffmpeg.nodes.FilterableStream, width: int, height: int
) -> ffmpeg.nodes.FilterableStream:
    """All of a picture, between black edges where its shape is another."""
    left, top = (WIDTH - width) // 2, (HEIGHT - height) // 2
    fitted = picture.filter("scale", width, height)
    return fitted.filter("pad", WIDTH, HEIGHT, left, top).filter("setsar", 1)


def _fitted(rendition: Rendition) -> tuple[int, int]:
    """Even sides within ours, in the shape that it has."""
    width, height = rendition.width or WIDTH, rendition.height or HEIGHT
    factor = min(WIDTH / width, HEIGHT / height)
    return 2 * round(width * factor / 2), 2 * round(height * factor / 2)


def _strips(cues: Sequence[Cue], *, folder: Path, duration_ms: int, earlier_ms: int) -> str:
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
        stand("blank.png", cue.start_ms - earlier_ms)
        stand(name, cue.end_ms - earlier_ms)
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
    register(
        StageKind(
            name=BURNT_IN,
            label=gettext_lazy("把字幕放进画面"),
            queue="media",
            needs=(),
            run=burn_in_upload,
            fingerprint=fingerprint_of_upload,
            failure_message=gettext_lazy("没有把字幕放进画面。字幕在旁边的文件里。"),
            on_request=True,
        )
    )
