"""What is written beside a film: the text of the lessons that it belongs to.

Lessons stand above subtitles, which never ask who they are. Whoever has pages with films registers
here, as stages are registered, what stands on them.
"""

from collections.abc import Callable

from media.models import Video

#: Returns the text beside a film; "" where it is on no page.
Source = Callable[[Video], str]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def text_beside(video: Video) -> str:
    """Return all that is written beside the film, drafts' words too; "" is nothing."""
    return "\n".join(filter(None, (source(video) for source in _sources)))
