"""What other rooms keep of a learner goes when the learner is erased, in the same transaction.

People stand below those rooms: each says once, as it starts, what it does then (decision 021).
"""

from collections.abc import Callable

from lms.people.models import Learner

Erase = Callable[[Learner], None]

_erasers: list[Erase] = []


def erases_too(erase: Erase) -> None:
    """To be said in AppConfig.ready() of the room that keeps something of learners."""
    _erasers.append(erase)


def erase_elsewhere(learner: Learner) -> None:
    """Let every other room give up what it keeps of the learner, whom the caller holds."""
    for erase in _erasers:
        erase(learner)
