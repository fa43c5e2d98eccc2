"""Whose the calls for help are when two learners turn out to be one person, or two after all."""

from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest
from lms.people.models import Learner


def merge_calls(kept: Learner, gone: Learner) -> list[int]:
    """Give the kept one the calls. One that waits stays as it is where the kept one waits there
    too: both are answered, by either telephone. Returns which were moved."""
    waiting = HelpRequest.objects.filter(learner=kept, state=HelpState.OPEN).values("unit")
    moved = HelpRequest.objects.filter(learner=gone).exclude(state=HelpState.OPEN, unit__in=waiting)
    keys = list(moved.values_list("pk", flat=True))
    HelpRequest.objects.filter(pk__in=keys).update(learner=kept)
    return keys


def undo_calls(kept: Learner, gone: Learner, moved: list[int]) -> None:
    """What was answered and forgotten since is nobody's."""
    HelpRequest.objects.filter(pk__in=moved, learner=kept).update(learner=gone)
