"""Verbs that put learners into a class or its queue, and take them out."""

from collections.abc import Sequence
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.services.errors import ClassRefused
from lms.people.choices import DelegateScope
from lms.people.models import Delegate, Learner
from lms.people.services.learners import hold_standing


@transaction.atomic
def enrol(
    learner: Learner,
    class_group: ClassGroup,
    *,
    door: Door,
    recorded_by: User,
    delegate: Delegate | None = None,
) -> Enrolment:
    """Put a learner into a class, or into its queue when it is full; a second time, do nothing.

    Raises ClassRefused when the delegate is not in force or does not cover it.
    """
    if delegate is not None:
        _require_authority(delegate, learner)
    # Whoever enrols at the same moment waits here, so that the last place is given once.
    ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    learner = hold_standing(learner)
    here = class_group.enrolments.exclude(state=EnrolmentState.LEFT)
    enrolment = here.filter(learner=learner).first()
    if enrolment is not None:
        return enrolment
    now, room = timezone.now(), has_room(class_group)
    return Enrolment.objects.create(
        class_group=class_group,
        learner=learner,
        state=EnrolmentState.ENROLLED if room else EnrolmentState.WAITING,
        door=door,
        recorded_by=recorded_by,
        delegate=delegate,
        enrolled_at=now,
        joined_at=now if room else None,
    )


@transaction.atomic
def enrol_many(
    learners: Sequence[Learner], class_group: ClassGroup, *, door: Door, recorded_by: User
) -> list[Enrolment]:
    """As enrol, for a whole list in its order: who finds no place any more waits. Returns those
    that it made, all of one moment. Four queries."""
    ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    here = class_group.enrolments.exclude(state=EnrolmentState.LEFT)
    states = dict(here.values_list("learner", "state"))
    enrolled = sum(state == EnrolmentState.ENROLLED for state in states.values())
    room = len(learners) if class_group.capacity is None else class_group.capacity - enrolled
    now = timezone.now()
    coming = [learner for learner in learners if learner.pk not in states]
    made = Enrolment.objects.bulk_create(
        Enrolment(
            class_group=class_group,
            learner=learner,
            state=EnrolmentState.ENROLLED if place < room else EnrolmentState.WAITING,
            door=door,
            recorded_by=recorded_by,
            enrolled_at=now,
            joined_at=now if place < room else None,
        )
        for place, learner in enumerate(coming)
    )
    return _without_merged(class_group, made)


def _without_merged(class_group: ClassGroup, made: Sequence[Enrolment]) -> list[Enrolment]:
    """The same; whoever was merged into another while the rows were being written is taken out
    again, and the one who stands for both is put in instead."""
    here = class_group.enrolments.exclude(state=EnrolmentState.LEFT)
    strays = list(here.filter(learner__merged_into__isnull=False).select_related("learner"))
    gone = {each.pk for each in strays}
    class_group.enrolments.filter(pk__in=gone).delete()
    instead = [
        enrol(
            each.learner,
            class_group,
            door=Door(each.door),
            recorded_by=cast(User, each.recorded_by),
        )
        for each in strays
    ]
    return [each for each in made if each.pk not in gone] + instead


def _require_authority(delegate: Delegate, learner: Learner) -> None:
    in_force = Delegate.objects.in_force().filter(
        pk=delegate.pk, learner=learner, scope__in=(DelegateScope.ENROL, DelegateScope.ALL)
    )
    if not in_force.exists():
        raise ClassRefused(_("这份代办授权已经到期、收回，或者不包括报名。请先重新登记。"))


def has_room(class_group: ClassGroup) -> bool:
    enrolled = class_group.enrolments.filter(state=EnrolmentState.ENROLLED).count()
    return class_group.capacity is None or enrolled < class_group.capacity


@transaction.atomic
def leave_class(enrolment: Enrolment) -> Enrolment | None:
    """Give the place up. Returns who moved up from the queue, or None; where it was given up or
    went into another in a merge meanwhile, it does nothing."""
    class_group = ClassGroup.objects.select_for_update().get(pk=enrolment.class_group_id)
    here = class_group.enrolments.exclude(state=EnrolmentState.LEFT)
    if not here.filter(pk=enrolment.pk).exists():
        return None
    enrolment.state = EnrolmentState.LEFT
    enrolment.left_at = timezone.now()
    enrolment.save(update_fields=["state", "left_at"])
    moved_up = fill_places(class_group)
    return moved_up[0] if moved_up else None


def leave_all_classes(learner: Learner) -> None:
    """Give up every place that the learner has or waits for."""
    for enrolment in learner.enrolments.exclude(state=EnrolmentState.LEFT):
        leave_class(enrolment)


def take_place(waiting: Enrolment) -> None:
    """Out of the queue into the class."""
    waiting.state, waiting.joined_at = EnrolmentState.ENROLLED, timezone.now()
    waiting.save(update_fields=["state", "joined_at"])


def fill_places(class_group: ClassGroup) -> list[Enrolment]:
    """Let those who wait move up, in their order, while there is room; returns who did. The caller
    holds the class's row or has just written it."""
    moved_up = []
    for waiting in class_group.enrolments.filter(state=EnrolmentState.WAITING):
        if not has_room(class_group):
            break
        take_place(waiting)
        moved_up.append(waiting)
    return moved_up
