"""Those who come to a session without being in its class."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from lms.accounts.models import User
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.queries import enrollable_learners
from lms.classes.services.enrolments import take_place
from lms.people.models import Learner
from lms.people.services.learners import find_same_learners, hold_standing, register_learner

#: Of more people with one name than this, no more are shown to choose from.
MOST_SHOWN = 20


class UnknownNumber(Exception):
    """No learner has that number, or none around there."""


class SameName(Exception):
    """There are learners of that name already; a person has to say whether it is one of them."""

    def __init__(self, learners: Sequence[Learner]) -> None:
        super().__init__()
        self.learners = learners


def admit_walk_in(
    class_group: ClassGroup,
    *,
    number: str,
    name: str,
    not_these: Collection[str],
    recorded_by: User,
    at: datetime,
) -> Learner:
    """Enrol who came, full or not, by the number of a card or else by name: a new learner of the
    class's village. The caller holds the session, so that two teachers do not register one person
    at once. Raises UnknownNumber, and SameName unless those of that name are among `not_these`."""
    if number:
        learner = enrollable_learners(recorded_by, class_group).called(number).first()
        if learner is None:
            raise UnknownNumber
    else:
        if same := find_namesakes(class_group, name=name, not_these=not_these):
            raise SameName(same)
        learner = register_learner(name=name, unit=class_group.unit)
    learner = hold_standing(learner)
    _give_place(class_group, learner, recorded_by=recorded_by, at=at)
    return learner


def find_namesakes(
    class_group: ClassGroup, *, name: str, not_these: Collection[str]
) -> list[Learner]:
    """Learners of that name in the class's village or in the class, at most MOST_SHOWN."""
    in_village = find_same_learners(name=name, unit=class_group.unit, birth_year=None)
    in_class = Learner.objects.filter(name=name, enrolments__class_group=class_group)
    same = Learner.objects.filter(Q(pk__in=in_village) | Q(pk__in=in_class))
    return list(same.exclude(number__in=not_these).order_by("pk")[:MOST_SHOWN])


def _give_place(
    class_group: ClassGroup, learner: Learner, *, recorded_by: User, at: datetime
) -> None:
    """Past the queue and the capacity: whoever stands in the room is there. A place that was given
    through another door stays as it was given. It is given from today on, whenever that session
    was: the rolls in between, which did not know of the learner, lack nothing."""
    here = class_group.enrolments.exclude(state=EnrolmentState.LEFT)
    enrolment = here.filter(learner=learner).first()
    if enrolment is None:
        Enrolment.objects.create(
            class_group=class_group,
            learner=learner,
            state=EnrolmentState.ENROLLED,
            door=Door.WALK_IN,
            recorded_by=recorded_by,
            enrolled_at=at,
            joined_at=timezone.now(),
        )
    elif enrolment.state == EnrolmentState.WAITING:
        take_place(enrolment)
