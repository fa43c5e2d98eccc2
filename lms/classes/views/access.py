"""What each page of classes starts from: what the user may see or keep. Else 404."""

from django.shortcuts import get_object_or_404

from lms.accounts.models import User
from lms.classes.models import ClassGroup, ClassSession


def class_seen(user: User, pk: int) -> ClassGroup:
    return get_object_or_404(ClassGroup.objects.visible_to(user).select_related("unit"), pk=pk)


def class_kept(user: User, pk: int) -> ClassGroup:
    return get_object_or_404(ClassGroup.objects.changeable_by(user).select_related("unit"), pk=pk)


def session_seen(user: User, pk: int) -> ClassSession:
    sessions = ClassSession.objects.visible_to(user).select_related("class_group__unit")
    return get_object_or_404(sessions, pk=pk)


def session_kept(user: User, pk: int) -> ClassSession:
    sessions = ClassSession.objects.changeable_by(user).select_related("class_group__unit")
    return get_object_or_404(sessions, pk=pk)
