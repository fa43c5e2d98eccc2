"""A scene as encoded passages, one a size, kept by fingerprint; and a film joined out of them.

A passage that is there is never encoded again, in whatever film it is. All its pictures lie on the
grid of the timeline; a still is repeated only so often that a player finds its way.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import ffmpeg

from media.ffmpeg.colours import tags
from media.ffmpeg.ladder import LADDER, RenditionSpec
from media.ffmpeg.process import OnProgress, run
from media.ffmpeg.renditions import container_options, in_every_size
from media.files import half_made
from media.films.layout import HEIGHT, WIDTH
from media.films.motion import Shown, finger_from
from media.films.timeline import TICK_MS, TimedScene

#: Raise it to have every passage encoded anew.
RECIPE = 1
#: A still is repeated every so many ticks (240 ms).
STILL_TICKS = 3
KEY_FRAME_SECONDS = 8
GRID_RATE = 25

SPECS = [
    RenditionSpec(
        name=f"{rung.height}p",
        width=rung.width,
        height=rung.height,
        frame_rate=Fraction(1000, TICK_MS),
        crf=rung.crf,
        max_video_kbit=rung.max_video_kbit,
        audio_kbit=rung.audio_kbit,
        copy_video=False,
    )
    for rung in LADDER
]


def passage_name(timed: TimedScene, *, picture: str, before: str) -> str:
    """`picture` names the scene's picture, `before` that of the scene before, blank for none."""
    spot = timed.scene.spot
    parts = (RECIPE, picture, before, spot, timed.duration_ms, finger_from(timed), STILL_TICKS)
    return sha256(repr(parts).encode()).hexdigest()[:24]


def passage_files(folder: Path, name: str) -> list[Path]:
    """One a size, in the order of SPECS."""
    return [folder / f"{name}-{spec.name}.mp4" for spec in SPECS]


def encode_passage(shown: Sequence[Shown], targets: Sequence[Path]) -> None:
    """Encode pictures (1920 by 1080) in every size.

    Each is drawn when FFmpeg asks for it, and read and scaled once, however often it is repeated.
    """
    begins, ticks, repeats = [], 0, []
    for _draw, stands in shown:
        begins.append(ticks)
        repeats += [*range(ticks, ticks + stands - 1, STILL_TICKS), ticks + stands - 1]
        ticks += stands
    begins.append(ticks)  # the last one comes once more, to end there
    with half_made(*targets) as names:
        outputs = [
            ffmpeg.output(
                _repeated(sized, repeats), str(name), **_options(spec), **container_options()
            )
            for sized, spec, name in zip(
                in_every_size(_as_it_comes(begins), SPECS, {}), SPECS, names, strict=True
            )
        ]
        run(ffmpeg.merge_outputs(*outputs), duration_ms=ticks * TICK_MS, fed=_drawn(shown))


def _drawn(shown: Sequence[Shown]) -> Iterator[bytes]:
    content = b""
    for draw, _stands in shown:
        content = draw().tobytes()
        yield content
    yield content


def _as_it_comes(begins: Sequence[int]) -> ffmpeg.nodes.FilterableStream:
    """Pictures from a pipe, each at its tick."""
    opened = ffmpeg.input(
        "pipe:0",
        format="rawvideo",
        pix_fmt="rgb24",
        video_size=(WIDTH, HEIGHT),
        framerate=f"{Fraction(1000, TICK_MS)}",
    )
    ticks = _sum([f"eq(N,{number})*{tick}" for number, tick in enumerate(begins) if tick])
    return opened["v:0"].filter("setpts", f"round(({ticks})*{TICK_MS}/1000/TB)")


def _repeated(stream: ffmpeg.nodes.FilterableStream, ticks: Sequence[int]) -> ffmpeg.nodes.Stream:
    """The pictures at each of `ticks`, of which the first is 0."""
    at_each = stream.filter("fps", fps=f"{Fraction(1000, TICK_MS)}", start_time=0)
    return at_each.filter("select", _sum([f"eq(n,{tick})" for tick in ticks]))


def _sum(terms: Sequence[str]) -> str:
    """In halves of halves: a plain chain of a hundred is nested too deep for FFmpeg."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({_sum(terms[:half])}+{_sum(terms[half:])})"


def _options(spec: RenditionSpec) -> dict[str, object]:
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "profile:v": "high",
        "level:v": "4.0",
        "crf": spec.crf,
        "maxrate": f"{spec.max_video_kbit}k",
        "bufsize": f"{2 * spec.max_video_kbit}k",
        "bf": 0,
        "g": 250,
        "force_key_frames": f"expr:gte(t,n_forced*{KEY_FRAME_SECONDS})",
        "fps_mode": "vfr",
        "video_track_timescale": GRID_RATE * 1000,
        **tags(),
    }


def join(
    passages: Sequence[tuple[Path, int]],
    sound: Path,
    target: Path,
    *,
    folder: Path,
    on_progress: OnProgress | None = None,
) -> None:
    """One MP4 of passages, each with its length in ms, and the sound: nothing is encoded."""
    listed = ["ffconcat version 1.0"]
    for path, duration_ms in passages:
        listed += [f"file '{path.absolute()}'", f"duration {duration_ms / 1000:.3f}"]
    names = folder / f"{target.stem}.txt"
    names.write_text("\n".join([*listed, ""]))
    film = ffmpeg.input(str(names), format="concat", safe=0, protocol_whitelist="file")
    heard = ffmpeg.input(str(sound))
    duration_ms = sum(length for _path, length in passages)
    with half_made(target) as [name]:
        graph = ffmpeg.output(
            film["v:0"],
            heard["a:0"],
            str(name),
            c="copy",
            video_track_timescale=GRID_RATE * 1000,
            **container_options(),
        )
        run(graph, duration_ms=duration_ms, on_progress=on_progress)
