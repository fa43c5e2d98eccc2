"""What is written beside a film: the text of the lessons that it belongs to.

Lessons are in a package above this one, which does not import it. Whoever has pages with films
registers here, in ready(), a function that returns their text.
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
