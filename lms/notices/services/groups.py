"""Verbs that write the groups that can be told."""

import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.notices.choices import GroupKind
from lms.notices.models import WorkGroup
from lms.notices.sending import may_go_to
from lms.units.models import Unit


class GroupRefused(Exception):
    """The text says why."""


def add_group(*, unit: Unit, name: str, kind: GroupKind, address: str, made_by: User) -> WorkGroup:
    """A relay is given a secret, by which it knows our messages. Raises GroupRefused for an address
    that no setting lets us write to, and for a name that is there."""
    if not may_go_to(address):
        raise GroupRefused(_("这个地址不在允许的范围里。请核对，或者请系统管理员把它加进设置。"))
    secret = secrets.token_hex(32) if kind == GroupKind.RELAY else ""
    try:
        with transaction.atomic():
            return WorkGroup.objects.create(
                unit=unit, name=name, kind=kind, address=address, secret=secret, made_by=made_by
            )
    except IntegrityError:
        raise GroupRefused(_("这个单位已经有一个叫这个名字的群。")) from None


def remove_group(group: WorkGroup) -> None:
    """What it was told stays, and is nobody's."""
    group.delete()
