"""Cues as files: WebVTT for browsers, SRT for everything else."""

from collections.abc import Callable, Iterable, Sequence

from subtitles.cues import Cue

MACHINE_MARK = "机器字幕，未经核对"  # a fixed mark in the file, the same in every language of ours


def to_vtt(cues: Sequence[Cue], *, machine_made: bool) -> str:
    """Return `cues` as WebVTT; one that no person has checked says so at its head."""
    head = f"WEBVTT\n\nNOTE {MACHINE_MARK}\n" if machine_made else "WEBVTT\n"
    return "\n".join([head, *_blocks(cues, decimal_mark=".", write=_escape_vtt)])


def to_srt(cues: Sequence[Cue]) -> str:
    """Return `cues` as SubRip; the format has no room for a note."""
    return "\n".join(_blocks(cues, decimal_mark=",", write=str))


def _blocks(
    cues: Iterable[Cue], *, decimal_mark: str, write: Callable[[str], str]
) -> Iterable[str]:
    for number, cue in enumerate(cues, start=1):
        start, end = (_clock(at, decimal_mark) for at in (cue.start_ms, cue.end_ms))
        text = "".join(f"{write(line)}\n" for line in cue.lines if line.strip())
        yield f"{number}\n{start} --> {end}\n{text}"


def _clock(at_ms: int, decimal_mark: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{decimal_mark}{ms:03}"


def _escape_vtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
