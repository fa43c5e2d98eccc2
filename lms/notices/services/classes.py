"""Telling a class: that it was moved, cancelled or stands after all, and of tomorrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.choices import SessionChangeKind
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.wall_clock import day_bounds
from lms.notices.audiences import Audience
from lms.notices.choices import SENT_OUT, DeliveryState, NoticeReason, Way, Why
from lms.notices.models import Delivery, Notice, WorkGroup
from lms.notices.services.telling import tell
from lms.notices.texts import MORE_MAX, in_words, sentence, short, unfit, words_of
from lms.people.choices import Role


class NoticeRefused(Exception):
    """What cannot be told so; the text says what to do."""


@dataclass(frozen=True)
class SessionNews:
    """What would be said of a session now."""

    reason: NoticeReason
    values: dict[str, str]
    key: str
    #: From when somebody who was not told comes in vain.
    soonest: datetime

    @property
    def text(self) -> str:
        return words_of(self.reason, self.values)


def news_of(session: ClassSession, *, more: str = "") -> SessionNews | None:
    """None: it stands as planned and as everybody knows, is over, or its roll is closed, so that
    there is nothing to tell. `more`: a sentence that somebody adds."""
    if session.ends_at <= timezone.now() or session.is_closed:
        return None
    values = {
        "class": short(session.class_group.title),
        "more": sentence(more),
    }
    if session.is_cancelled:
        values["when"] = in_words(session.starts_at)
        key = _key(NoticeReason.CANCELLED, session)
        return SessionNews(NoticeReason.CANCELLED, values, key, session.starts_at)
    moved = session.changes.filter(kind=SessionChangeKind.MOVED).order_by("-recorded_at", "-pk")
    last = moved.first()
    cancelled = _told_that_it_is_off(session)
    if cancelled is not None and (last is None or last.recorded_at < cancelled.made_at):
        values |= {"when": in_words(session.starts_at), "place": short(_place(session))}
        key = _key(NoticeReason.RESTORED, session)
        return SessionNews(NoticeReason.RESTORED, values, key, session.starts_at)
    if last is None and not session.is_moved:
        return None
    was = last.moved_from if last is not None and last.moved_from else session.planned_at
    values |= {
        "was": in_words(was),
        "when": in_words(session.starts_at),
        "place": short(_place(session)),
    }
    soonest = min(was, session.starts_at)
    return SessionNews(NoticeReason.MOVED, values, _key(NoticeReason.MOVED, session), soonest)


def _told_that_it_is_off(session: ClassSession) -> Notice | None:
    """The notice, where it is the last that was said of the session."""
    told = Notice.objects.filter(session=session).exclude(reason=NoticeReason.TOMORROW)
    last = told.order_by("-pk").first()
    return last if last is not None and last.reason == NoticeReason.CANCELLED else None


def _place(session: ClassSession) -> str:
    return session.class_group.place or session.class_group.unit.name


def _key(reason: NoticeReason, session: ClassSession) -> str:
    return f"{reason}:{session.uid.hex}:{session.revision}"


def told_of(session: ClassSession) -> Notice | None:
    """The notice of how the session stands now; None: nobody was told."""
    told = Notice.objects.filter(session=session, revision=session.revision)
    return told.exclude(reason=NoticeReason.TOMORROW).first()


def require_fit(more: str, *, names: Sequence[str]) -> None:
    """Raises NoticeRefused for a sentence that may not go out."""
    words = {
        "long": _("最多%(count)d个字。") % {"count": MORE_MAX},
        "number": _("短信里不写电话号码和别的长数字，请删去。"),
        "address": _("短信里不写网址和邮箱，请删去。"),
        "sign": _("请不要用括号、尖括号和换行。"),
        "name": _("短信里不写学员的姓名，请删去。"),
    }
    if problem := unfit(more, names=names):
        raise NoticeRefused(words[problem])


@transaction.atomic
def tell_class(
    session: ClassSession,
    *,
    made_by: User,
    more: str = "",
    groups: Sequence[WorkGroup] = (),
) -> Notice:
    """Tell the learners and teachers of a session that was moved, cancelled or restored, and its
    officers;
    once for each change, however often it is asked. What waits of an earlier change is withdrawn.
    Raises NoticeRefused where there is nothing to tell, or for a sentence that may not go out."""
    news = news_of(session, more=more)
    if news is None:
        raise NoticeRefused(_("这次课照常，或者已经过了，没有要通知的。"))
    audience = Audience(
        class_group=session.class_group, roles=(Role.OFFICER,), units=(session.class_group.unit,)
    )
    require_fit(more, names=[learner.name for learner in audience.learners()])
    withdraw_earlier(session)
    now = timezone.now()
    _begins, tonight = day_bounds(timezone.localdate(now))
    return tell(
        reason=news.reason,
        audience=audience,
        unit=session.class_group.unit,
        staff_text=_to_staff(news),
        learner_text=news.text,
        values=news.values,
        address=reverse("attendance:session", args=[session.pk]),
        urgent=news.soonest < tonight,
        made_by=made_by,
        ends_at=max(session.starts_at, now + timedelta(minutes=1)),
        reach_by=news.soonest if news.soonest > now else None,
        key=news.key,
        session=session,
        groups=groups,
    )


def _to_staff(news: SessionNews) -> str:
    values = news.values
    if news.reason == NoticeReason.CANCELLED:
        return f"停课：{values['class']}，{values['when']}。{values['more']}"
    if news.reason == NoticeReason.RESTORED:
        where = f"地点{values['place']}。{values['more']}"
        return f"照常上课：{values['class']}，{values['when']}，{where}"
    return (
        f"改时间：{values['class']}，原来{values['was']}，改到{values['when']}，"
        f"地点{values['place']}。{values['more']}"
    )


def withdraw_earlier(session: ClassSession) -> None:
    """Whatever still waits of what was told of the session before, calls too: it holds no more."""
    old = Delivery.objects.filter(notice__session=session, state=DeliveryState.WAITING)
    old.filter(way__in=(*SENT_OUT, Way.CALL)).exclude(notice__revision=session.revision).update(
        state=DeliveryState.WITHDRAWN, why=Why.CHANGED
    )


def remind_of_tomorrow() -> int:
    """Tell the learners of each class that meets tomorrow; twice on a day is once. Nobody is called
    for it. Returns how many classes were told."""
    begins, ends = day_bounds(timezone.localdate() + timedelta(days=1))
    sessions = ClassSession.objects.filter(
        state=SessionState.PLANNED, starts_at__gte=begins, starts_at__lt=ends
    ).select_related("class_group__unit")
    for session in sessions.order_by("pk"):
        values = {
            "class": short(session.class_group.title),
            "when": "明天" + in_words(session.starts_at),
            "place": short(_place(session)),
        }
        tell(
            reason=NoticeReason.TOMORROW,
            audience=Audience(class_group=session.class_group),
            unit=session.class_group.unit,
            learner_text=words_of(NoticeReason.TOMORROW, values),
            values=values,
            ends_at=session.starts_at,
            key=_key(NoticeReason.TOMORROW, session),
            session=session,
            calls=False,
        )
    return len(sessions)
