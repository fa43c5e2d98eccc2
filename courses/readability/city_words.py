"""The words that the city itself added or exempted.

They are kept in a package above this one, which does not import it. Whoever keeps such words
registers here, in ready(), a function that returns the lists with them.
"""

from collections.abc import Callable

from courses.readability.word_lists import WordLists, built_in_word_lists

Source = Callable[[], WordLists]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources[:] = [source]


def current_words() -> WordLists:
    """The built-in lists when nobody keeps others."""
    return _sources[0]() if _sources else built_in_word_lists()
