"""What each page of classes starts from: what the user may see, keep or set up. Else 404."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from lms.schools.models import ClassGroup, ClassSession, Learner
from lms.schools.models.people import administered_by

P = ParamSpec("P")


def for_staff(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Asks for a sign-in; nothing is left in the browser for whoever sits there next."""
    return login_required(never_cache(view))


def class_seen(user: Any, pk: int) -> ClassGroup:
    return get_object_or_404(ClassGroup.objects.visible_to(user).select_related("unit"), pk=pk)


def class_kept(user: Any, pk: int) -> ClassGroup:
    return get_object_or_404(ClassGroup.objects.changeable_by(user).select_related("unit"), pk=pk)


def class_managed(user: Any, pk: int) -> ClassGroup:
    return get_object_or_404(ClassGroup.objects.managed_by(user).select_related("unit"), pk=pk)


def learner_kept(user: Any, number: str) -> Learner:
    learners = Learner.objects.changeable_by(user).select_related("unit")
    return get_object_or_404(learners, number=number)


def learner_administered(user: Any, number: str) -> Learner:
    """Of a unit that the user is an officer over: a teacher erases nobody."""
    learners = Learner.objects.filter(administered_by(user, prefix="unit__"))
    return get_object_or_404(learners.select_related("unit"), number=number)


def session_seen(user: Any, pk: int) -> ClassSession:
    sessions = ClassSession.objects.visible_to(user).select_related("class_group__unit")
    return get_object_or_404(sessions, pk=pk)


def session_kept(user: Any, pk: int) -> ClassSession:
    sessions = ClassSession.objects.changeable_by(user).select_related("class_group__unit")
    return get_object_or_404(sessions, pk=pk)
