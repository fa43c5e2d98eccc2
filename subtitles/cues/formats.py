"""Cues as files: WebVTT for browsers, SRT for everything else, ASS for who edits a film."""

from collections.abc import Callable, Iterable, Sequence

import pysubs2

from subtitles.cues import Cue

ASS_HEIGHT = 1080  # pixels of the picture that the sizes below are counted in
ASS_TEXT = 86  # of them: 8 hundredths, as the player draws it

MACHINE_MARK = "机器字幕，未经核对"  # a fixed mark in the file, the same in every language of ours


def to_vtt(cues: Sequence[Cue], *, machine_made: bool) -> str:
    """Return `cues` as WebVTT; one that no person has checked says so at its head."""
    head = f"WEBVTT\n\nNOTE {MACHINE_MARK}\n" if machine_made else "WEBVTT\n"
    return "\n".join([head, *_blocks(cues, decimal_mark=".", write=_escape_vtt)])


def to_srt(cues: Sequence[Cue]) -> str:
    """Return `cues` as SubRip; the format has no room for a note."""
    return "\n".join(_blocks(cues, decimal_mark=",", write=str))


def to_ass(cues: Sequence[Cue]) -> str:
    """Return `cues` as Advanced SubStation: white on a dark box, as large as the player's."""
    film = pysubs2.SSAFile()
    film.info.update(PlayResX=str(ASS_HEIGHT * 16 // 9), PlayResY=str(ASS_HEIGHT))
    film.styles["Default"] = pysubs2.SSAStyle(
        fontname="Noto Sans CJK SC",
        fontsize=ASS_TEXT,
        borderstyle=3,  # a box
        outline=12,
        shadow=0,
        outlinecolor=pysubs2.Color(0, 0, 0, 40),
        marginv=ASS_HEIGHT // 20,
    )
    for cue in cues:
        event = pysubs2.SSAEvent(start=cue.start_ms, end=cue.end_ms)
        event.text = "\\N".join(_escape_ass(line) for line in written_lines(cue))
        film.append(event)
    return film.to_string("ass")


def written_lines(cue: Cue) -> list[str]:
    """The lines of `cue` that say something, cut at every kind of line break.

    A blank line ends a cue: what comes after it would be lost, or read as a cue of its own.
    """
    parts = (part.strip() for line in cue.lines for part in line.splitlines())
    return [part for part in parts if part]


def _blocks(
    cues: Iterable[Cue], *, decimal_mark: str, write: Callable[[str], str]
) -> Iterable[str]:
    for number, cue in enumerate(cues, start=1):
        start, end = (_file_clock(at, decimal_mark) for at in (cue.start_ms, cue.end_ms))
        text = "".join(f"{write(line)}\n" for line in written_lines(cue))
        yield f"{number}\n{start} --> {end}\n{text}"


def clock(at_ms: int) -> str:
    """A place in a video as people read it: 83,400 ms are 1:23."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _file_clock(at_ms: int, decimal_mark: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{decimal_mark}{ms:03}"


def _escape_vtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape_ass(text: str) -> str:
    """Braces would begin a command, and the format has no other way to write them."""
    return text.replace("{", "（").replace("}", "）")
