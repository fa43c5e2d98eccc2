"""Verbs that put learners into a class or its queue, and take them out."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.services.errors import ClassRefused
from lms.people.choices import DelegateScope
from lms.people.models import Delegate, Learner


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
    enrolment = Enrolment.objects.filter(class_group=class_group, learner=learner).first()
    if enrolment is not None and enrolment.state != EnrolmentState.LEFT:
        return enrolment
    state = EnrolmentState.ENROLLED if has_room(class_group) else EnrolmentState.WAITING
    enrolment, _created = Enrolment.objects.update_or_create(
        class_group=class_group,
        learner=learner,
        defaults={
            "state": state,
            "door": door,
            "recorded_by": recorded_by,
            "delegate": delegate,
            "enrolled_at": timezone.now(),
            "left_at": None,
        },
    )
    return enrolment


@transaction.atomic
def enrol_many(
    learners: Sequence[Learner], class_group: ClassGroup, *, door: Door, recorded_by: User
) -> list[Enrolment]:
    """As enrol, for a whole list in its order: who finds no place any more waits. Returns those
    that it made or took up again, all of one moment. Five queries."""
    ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    before = {enrolment.learner_id: enrolment for enrolment in class_group.enrolments.all()}
    enrolled = sum(each.state == EnrolmentState.ENROLLED for each in before.values())
    room = len(learners) if class_group.capacity is None else class_group.capacity - enrolled
    now = timezone.now()
    new: list[Enrolment] = []
    back: list[Enrolment] = []
    for learner in learners:
        enrolment = before.get(learner.pk)
        if enrolment is not None and enrolment.state != EnrolmentState.LEFT:
            continue
        enrolment = enrolment or Enrolment(class_group=class_group, learner=learner)
        enrolment.state = EnrolmentState.ENROLLED if room > 0 else EnrolmentState.WAITING
        enrolment.door, enrolment.recorded_by, enrolment.delegate = door, recorded_by, None
        enrolment.enrolled_at, enrolment.left_at = now, None
        (back if enrolment.pk else new).append(enrolment)
        room -= 1
    Enrolment.objects.bulk_create(new)
    fields = ["state", "door", "recorded_by", "delegate", "enrolled_at", "left_at"]
    Enrolment.objects.bulk_update(back, fields, batch_size=100)
    return [*back, *new]


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
    """Give the place up. Returns who moved up from the queue, or None."""
    class_group = ClassGroup.objects.select_for_update().get(pk=enrolment.class_group_id)
    enrolment.state = EnrolmentState.LEFT
    enrolment.left_at = timezone.now()
    enrolment.save(update_fields=["state", "left_at"])
    moved_up = fill_places(class_group)
    return moved_up[0] if moved_up else None


def leave_all_classes(learner: Learner) -> None:
    """Give up every place that the learner has or waits for."""
    for enrolment in learner.enrolments.exclude(state=EnrolmentState.LEFT):
        leave_class(enrolment)


def fill_places(class_group: ClassGroup) -> list[Enrolment]:
    """Let those who wait move up, in their order, while there is room; returns who did. The caller
    holds the class's row or has just written it."""
    moved_up = []
    for waiting in class_group.enrolments.filter(state=EnrolmentState.WAITING):
        if not has_room(class_group):
            break
        waiting.state = EnrolmentState.ENROLLED
        waiting.save(update_fields=["state"])
        moved_up.append(waiting)
    return moved_up
