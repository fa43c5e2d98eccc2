"""Whom a notice is for: people found by role, by unit, by class."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from lms.accounts.models import User
from lms.classes.choices import EnrolmentState
from lms.classes.models import ClassGroup
from lms.people.choices import Role
from lms.people.learning import works_here
from lms.people.models import Learner, LearnerQuerySet, RoleAssignment
from lms.units.models import Unit, path_below


def hears_of_work(user: User) -> bool:
    """Whether it is staff, holds a role today, or works for a manufacturer: asked for by the
    relation's name, since manufacturers stand above."""
    return works_here(user) or hasattr(user, "manufacturer")


@dataclass(frozen=True)
class Audience:
    """All of these together, everybody once."""

    people: Sequence[User] = ()
    #: Whoever holds one of these roles today at one of the units, or below it.
    roles: Sequence[Role] = ()
    units: Sequence[Unit] = ()
    #: Its teachers, and the learners who have a place in it.
    class_group: ClassGroup | None = None
    #: Learners who are registered in these units, or below them.
    learners_of: Sequence[Unit] = ()

    def staff(self) -> list[User]:
        chosen = Q(pk__in=[person.pk for person in self.people])
        if self.roles and self.units:
            held = RoleAssignment.objects.current().filter(
                path_below(*self.units, prefix="unit__"), role__in=self.roles
            )
            chosen |= Q(pk__in=held.values("person"))
        if self.class_group is not None:
            chosen |= Q(pk__in=self.class_group.teachers.values("pk"))
        return list(User.objects.filter(chosen, is_active=True).order_by("pk"))

    def learners(self) -> LearnerQuerySet:
        chosen = path_below(*self.learners_of, prefix="unit__")
        if self.class_group is not None:
            enrolled = self.class_group.enrolments.filter(state=EnrolmentState.ENROLLED)
            chosen |= Q(pk__in=enrolled.values("learner"))
        learners = Learner.objects.standing().filter(chosen)
        return learners.select_related("user", "unit").order_by("unit__path", "sort_key", "pk")
