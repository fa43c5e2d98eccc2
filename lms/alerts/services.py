"""Verbs that write alerts, emergency notices and what learners met. Each writes its line into the
log, and has the screens hear of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.starter.loading import EDITORS
from lms.accounts.models import User
from lms.alerts.choices import (
    AlertAct,
    AlertState,
    CameBy,
    EmergencyKind,
    FraudKind,
    FraudWay,
    MetState,
)
from lms.alerts.live import forget_now_and_after
from lms.alerts.models import Alert, AlertEvent, DrillIdea, EmergencyNotice, MetFraud, ReadOut
from lms.classes.models import ClassSession
from lms.units.models import Unit
from media.models import Narration
from media.narration.services import read_aloud


class AlertRefused(Exception):
    """What cannot be done with it; the text says why and what to do."""


def log(text: Alert | EmergencyNotice, act: AlertAct, *, by: User, note: str = "") -> None:
    which = {"alert": text} if isinstance(text, Alert) else {"emergency": text}
    AlertEvent.objects.create(**which, act=act, by=by, note=note)


# --- Alerts -----------------------------------------------------------------------------------


@transaction.atomic
def write_alert(
    *,
    unit: Unit,
    kind: FraudKind,
    title: str,
    says: str,
    todo: str,
    calls: str,
    starts_at: datetime,
    ends_at: datetime,
    written_by: User,
    made_of: MetFraud | None = None,
) -> Alert:
    """Waits then for a second person. `made_of`: what a learner met and it is written of."""
    alert = Alert.objects.create(
        unit=unit,
        kind=kind,
        title=title,
        says=says,
        todo=todo,
        calls=calls,
        starts_at=starts_at,
        ends_at=ends_at,
        written_by=written_by,
    )
    _have_read(alert)
    log(alert, AlertAct.WRITTEN, by=written_by)
    if made_of is not None:
        _handle(made_of, MetState.ALERT, by=written_by, became=alert)
    return alert


@transaction.atomic
def change_alert(alert: Alert, *, changed_by: User, **changes: Any) -> None:
    """Before it is public; who changes it is its writer from then on, and it waits again. Raises
    AlertRefused for one that is public or was withdrawn."""
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if row.state not in (AlertState.WAITING, AlertState.RETURNED):
        raise AlertRefused(_("这一条已经发布或者撤下，不能再改。要改的，请撤下以后另写一条。"))
    for name, value in changes.items():
        setattr(row, name, value)
    row.state, row.written_by, row.written_at = AlertState.WAITING, changed_by, timezone.now()
    row.save()
    _have_read(row)
    log(row, AlertAct.CHANGED, by=changed_by)


def _have_read(text: Alert | EmergencyNotice) -> None:
    """Ask for the sound as soon as it is written, so that it is there when it is public."""
    with translation.override(settings.LANGUAGE_CODE):
        words = text.words_aloud
    text.narration = read_aloud(text.narration or Narration(), text=words)
    text.save(update_fields=["narration"])


@transaction.atomic
def confirm(text: Alert | EmergencyNotice, *, confirmed_by: User) -> None:
    """The second person has looked at it: it is public. Raises AlertRefused for its writer, for
    what is over, and when a colleague was first."""
    if text.written_by_id == confirmed_by.pk:
        raise AlertRefused(_("自己写的，要请另一个人看过再发布。"))
    if text.is_over:
        raise AlertRefused(_("写好的结束时间已经过了。请改一改再发布。"))
    rows = type(text)._default_manager.filter(
        pk=text.pk, state=AlertState.WAITING, written_by=text.written_by_id
    )
    if not rows.update(
        state=AlertState.PUBLIC, confirmed_by=confirmed_by, confirmed_at=timezone.now()
    ):
        raise AlertRefused(_("这一条已经有人处理过，或者刚刚改过。请再看一看。"))
    log(text, AlertAct.CONFIRMED, by=confirmed_by)
    forget_now_and_after()


@transaction.atomic
def send_back(alert: Alert, *, by: User, note: str) -> None:
    """To be changed, with a reason. Raises AlertRefused."""
    _leave(alert, AlertState.WAITING, AlertState.RETURNED)
    log(alert, AlertAct.RETURNED, by=by, note=note)


@transaction.atomic
def withdraw(text: Alert | EmergencyNotice, *, by: User, note: str) -> None:
    """Take it off all screens before its end, or give it up. Raises AlertRefused."""
    held = (AlertState.PUBLIC, AlertState.WAITING, AlertState.RETURNED)
    _leave(text, held, AlertState.WITHDRAWN)
    now = timezone.now()
    rows = type(text)._default_manager.filter(pk=text.pk, starts_at__lt=now, ends_at__gt=now)
    rows.update(ends_at=now)  # for the figures: until then it was to be read out
    log(text, AlertAct.WITHDRAWN, by=by, note=note)
    forget_now_and_after()


def _leave(
    text: Alert | EmergencyNotice, held: AlertState | tuple[AlertState, ...], to: AlertState
) -> None:
    states = (held,) if isinstance(held, AlertState) else held
    rows = type(text)._default_manager.filter(pk=text.pk, state__in=states)
    if not rows.update(state=to):
        raise AlertRefused(_("这一条已经有人处理过，或者刚刚改过。请再看一看。"))


# --- Emergencies ------------------------------------------------------------------------------


@transaction.atomic
def write_emergency(
    *,
    unit: Unit,
    kind: EmergencyKind,
    title: str,
    todo: str,
    shelter: str,
    telephone: str,
    ends_at: datetime,
    written_by: User,
    alone_reason: str = "",
) -> EmergencyNotice:
    """With a reason why there is no time for a second person it is public at once; else it waits
    for one."""
    notice = EmergencyNotice.objects.create(
        unit=unit,
        kind=kind,
        title=title,
        todo=todo,
        shelter=shelter,
        telephone=telephone,
        ends_at=ends_at,
        written_by=written_by,
        alone_reason=alone_reason,
        state=AlertState.PUBLIC if alone_reason else AlertState.WAITING,
    )
    _have_read(notice)
    log(notice, AlertAct.WRITTEN, by=written_by)
    if alone_reason:
        log(notice, AlertAct.ALONE, by=written_by, note=alone_reason)
        forget_now_and_after()
    return notice


@transaction.atomic
def see_from_above(notice: EmergencyNotice, *, by: User) -> None:
    """An officer above has looked at what one person made public. Once is enough."""
    row = EmergencyNotice.objects.select_for_update().get(pk=notice.pk)
    if not row.events.filter(act=AlertAct.SEEN).exists():
        log(row, AlertAct.SEEN, by=by)


# --- What learners met ------------------------------------------------------------------------


def tell_met(
    *,
    unit: Unit,
    kind: FraudKind,
    way: FraudWay,
    words: str = "",
    came_by: CameBy = CameBy.BUTTON,
    alert: Alert | None = None,
) -> MetFraud:
    """Nobody is named, and nobody is asked for a name."""
    return MetFraud.objects.create(
        unit=unit, kind=kind, way=way, words=words, came_by=came_by, alert=alert
    )


def _handle(met: MetFraud, state: MetState, *, by: User, became: Alert | None = None) -> None:
    rows = MetFraud.objects.filter(pk=met.pk, state=MetState.NEW)
    if not rows.update(state=state, handled_by=by, handled_at=timezone.now(), became=became):
        raise AlertRefused(_("这一条已经有人处理过了。"))


@transaction.atomic
def keep_for_drill(met: MetFraud, *, words: str, by: User) -> DrillIdea:
    """A note to the editors in the officer's own words. Raises AlertRefused."""
    _handle(met, MetState.DRILL, by=by)
    return DrillIdea.objects.create(kind=met.kind, way=met.way, words=words, noted_by=by)


@transaction.atomic
def put_aside(met: MetFraud, *, by: User) -> None:
    """It was read, and nothing more comes of it. Raises AlertRefused."""
    _handle(met, MetState.ASIDE, by=by)


def forget_words_met(*, before: datetime) -> int:
    """Take out of what was told before then what stands there in own words; the rest stays, for
    the figures. Returns how many."""
    return MetFraud.objects.filter(told_at__lt=before).exclude(words="").update(words="")


def let_editors_see_drill_ideas() -> None:
    """Wagtail's own group of editors looks at what officers left, and ticks what it has used."""
    editors = Group.objects.get(name=EDITORS)
    wanted = ("view_drillidea", "change_drillidea")
    editors.permissions.add(
        *Permission.objects.filter(content_type__app_label="alerts", codename__in=wanted)
    )


# --- What is read out -------------------------------------------------------------------------


def note_read_out(
    alert: Alert, *, session: ClassSession, read_by: User, read_at: datetime | None = None
) -> ReadOut:
    """读过了; once a session, by whoever was first. `read_at` None: now."""
    read, _is_new = ReadOut.objects.get_or_create(
        alert=alert,
        session=session,
        defaults={"read_by": read_by, "read_at": read_at or timezone.now()},
    )
    return read


def take_back_read_out(alert: Alert, *, session: ClassSession) -> None:
    """It was ticked by mistake."""
    ReadOut.objects.filter(alert=alert, session=session).delete()
