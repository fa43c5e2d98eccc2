"""A pack to look at: the smallest classroom, asked for by an officer and made by the worker."""

from datetime import timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.utils import timezone

from lms.packs.choices import JobState, Quality, Scope
from lms.packs.making.asking import ask_for_pack
from lms.packs.making.choosing import classrooms
from lms.packs.models import PackMaking

#: The first minutes belong to what a first start has to do.
QUIET = timedelta(minutes=3)


def ask_for_demo_pack() -> PackMaking | None:
    """None, and nothing changes, where a pack was asked for already, or there is no demo yet."""
    officer = get_user_model().objects.filter(username="street").first()
    rooms = sorted(classrooms(), key=lambda room: room.get_children().live().count())
    if officer is None or not rooms or PackMaking.objects.exists():
        return None
    making = ask_for_pack(
        scope=Scope.CLASSROOM, page=rooms[0], quality=Quality.SUBTITLED, makers=[], by=officer
    )
    # As if a worker had fallen silent with it: another takes it up when the lease is over.
    held = {"state": JobState.RUNNING, "token": uuid4(), "lease_until": timezone.now() + QUIET}
    PackMaking.objects.filter(pk=making.pk).update(**held)
    return making
