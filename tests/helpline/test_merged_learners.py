"""Calls for help of somebody who stands in the register twice."""

import pytest

from lms.helpline.services import ask_for_help
from lms.people.services.learners import register_learner
from lms.people.services.merging import merge_learners, undo_merge

pytestmark = pytest.mark.django_db


def test_calls_follow_and_two_that_wait_are_both_answered(cast, units):
    kept = cast.learners[0]
    gone = register_learner(name=kept.name, unit=kept.unit)
    waits = ask_for_help(unit=kept.unit, number=kept.number)
    waits_too = ask_for_help(unit=gone.unit, number=gone.number)
    merge = merge_learners(kept=kept, gone=gone, reason="登记了两次", merged_by=cast.street_officer)
    for call, learner in ((waits, kept), (waits_too, gone)):
        call.refresh_from_db()
        assert (call.learner, call.state) == (learner, "open")
    assert ask_for_help(unit=kept.unit, number=gone.number) == waits
    undo_merge(merge, reason="是两个人", undone_by=cast.street_officer)
    assert ask_for_help(unit=gone.unit, number=gone.number) == waits_too
