"""Everything that is kept about one person, as sections of rows: for the page, the file and the
paper alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.progress.models import LearnerRecord
from courses.progress.summary import how_far
from lms.accounts.models import User
from lms.attendance.models import AttendanceRecord
from lms.helpline.models import HelpRequest
from lms.notices.models import Delivery, Wish
from lms.people.models import Delegate, Learner, Look

#: Of a long list the newest; the file holds all.
ROWS_SHOWN = 20


@dataclass(frozen=True)
class Section:
    """`rows` is empty where nothing of the kind is kept."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def first_rows(self) -> Sequence[Sequence[str]]:
        return self.rows[:ROWS_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - ROWS_SHOWN)

    def as_json(self) -> list[dict[str, str]]:
        return [dict(zip(self.headings, row, strict=True)) for row in self.rows]


def kept_of(*, user: User | None, learner: Learner | None) -> list[Section]:
    """Of an account, of a row of the register, or of both, where they are one person's. Some
    twelve queries."""
    sections: list[Section] = []
    if user is not None:
        sections += _of_account(user)
    if learner is not None:
        sections += _of_learner(learner)
    return [*sections, *_of_both(user, learner)]


def _of_account(user: User) -> Iterator[Section]:
    televisions = "、".join(each.television.name for each in _televisions(user))
    yield Section(
        _("我的账号"),
        (_("什么"), _("记着的")),
        [
            (_("称呼"), user.get_full_name() or _("没有写")),
            (_("手机号"), user.telephone.removeprefix("+86") or _("没有写")),
            (_("开始用的日子"), day(user.date_joined)),
            (_("上次进来"), moment(user.last_login) or _("没有")),
            (_("记着我的电视"), televisions or _("没有")),
        ],
    )
    yield Section(
        _("我同意过什么"),
        (_("时间"), _("用来做什么"), _("怎么说的"), _("告知的版本")),
        [
            (
                moment(each.answered_at),
                each.get_purpose_display(),
                _("同意") if each.given else _("不同意"),
                each.version,
            )
            for each in user.agreements.all()
        ],
    )
    yield from _of_record(LearnerRecord.objects.filter(user=user).first())


def _televisions(user: User) -> QuerySet[Any]:
    return user.televisions.select_related("television")


def _of_record(record: LearnerRecord | None) -> Iterator[Section]:
    headings = (_("课"), _("学到哪里"), _("学完的日子"))
    if record is None:
        yield Section(_("我学到了哪里"), headings, [])
        return
    marks = record.lessons.select_related("lesson").order_by("-done_at", "pk")
    rows = [
        (each.lesson.title, how_far(each, film_ms=None).words, day(each.done_at)) for each in marks
    ]
    rows += [
        (each.classroom.title, _("整个课堂学完了"), day(each.finished_at))
        for each in record.classrooms.select_related("classroom")
    ]
    rows += [
        (each.drill.title, _("练了一回"), day(each.ended_at))
        for each in record.drill_rounds.select_related("drill")
    ]
    rows += [
        (
            each.page.title,
            _("五个问题会%(known)d个") % {"known": each.known},
            day(each.answered_at),
        )
        for each in record.five_answers.select_related("page")
    ]
    if record.code:
        rows.insert(0, (_("我的学习号"), record.code, ""))
    yield Section(_("我学到了哪里"), headings, rows)


def _of_learner(learner: Learner) -> Iterator[Section]:
    yield Section(
        _("学员登记"),
        (_("什么"), _("记着的")),
        [
            (_("姓名"), learner.name),
            (_("学员号"), learner.number),
            (_("村居"), learner.unit.name),
            (_("出生年份"), str(learner.birth_year or _("没有写"))),
            (_("电话"), learner.telephone or _("没有写")),
            (_("登记的日子"), day(learner.registered_at)),
        ],
    )
    enrolments = learner.enrolments.select_related("class_group__unit", "recorded_by")
    yield Section(
        _("报过的班"),
        (_("班级"), _("村居"), _("情况"), _("怎么报的名"), _("报名的日子"), _("退出的日子")),
        [
            (
                each.class_group.title,
                each.class_group.unit.name,
                each.get_state_display(),
                each.get_door_display(),
                day(each.enrolled_at),
                day(each.left_at),
            )
            for each in enrolments.order_by("-enrolled_at", "pk")
        ],
    )
    records = AttendanceRecord.objects.filter(learner=learner)
    records = records.select_related("session__class_group").order_by("-session__starts_at")
    yield Section(
        _("出勤"),
        (_("什么时候的课"), _("班级"), _("出勤")),
        [
            (
                moment(each.session.starts_at),
                each.session.class_group.title,
                each.get_status_display(),
            )
            for each in records
        ],
    )


def _of_both(user: User | None, learner: Learner | None) -> Iterator[Section]:
    keys = {"user": user.pk if user else None, "learner": learner.pk if learner else None}
    delegates = Delegate.objects.filter(
        Q(learner=keys["learner"]) | Q(person=keys["user"], person__isnull=False)
    )
    yield Section(
        _("亲友代办"),
        (_("谁替谁"), _("关系"), _("可以办什么"), _("怎么同意的"), _("从哪天到哪天")),
        [
            (
                f"{each.person.shown_name() if each.person else ''} → {each.learner.name}",
                each.relation,
                each.get_scope_display(),
                each.get_consent_display(),
                f"{each.from_date} – {each.last_day}",
            )
            for each in delegates.select_related("person", "learner").order_by("-pk")
        ],
    )
    asked = HelpRequest.objects.filter(learner=keys["learner"], learner__isnull=False)
    if user is not None and user.telephone:
        asked |= HelpRequest.objects.filter(telephone=user.telephone.removeprefix("+86"))
    yield Section(
        _("求助"),
        (_("什么时候"), _("称呼"), _("电话"), _("情况"), _("结果")),
        [
            (
                moment(each.asked_at),
                each.name,
                each.number_to_call(),
                each.get_state_display(),
                each.closed_note,
            )
            for each in asked.select_related("learner").order_by("-asked_at")
        ],
    )
    yield _told(keys)
    if learner is not None:
        yield _wishes_of(learner)
        yield _looks_at(learner)


def _told(keys: dict[str, int | None]) -> Section:
    told = Delivery.objects.filter(
        Q(learner=keys["learner"], learner__isnull=False)
        | Q(person=keys["user"], person__isnull=False)
    )
    return Section(
        _("收到的通知"),
        (_("什么时候"), _("说了什么"), _("怎么通知"), _("情况")),
        [
            (
                moment(each.notice.made_at),
                each.notice.text,
                each.get_way_display(),
                each.get_state_display(),
            )
            for each in told.select_related("notice").order_by("-notice__made_at", "pk")
        ],
    )


def _wishes_of(learner: Learner) -> Section:
    return Section(
        _("愿不愿意收短信"),
        (_("时间"), _("怎么回答的"), _("怎么说的")),
        [
            (
                moment(each.said_at),
                _("愿意") if each.given else _("不愿意"),
                each.get_how_display(),
            )
            for each in Wish.objects.filter(learner=learner)
        ],
    )


def _looks_at(learner: Learner) -> Section:
    """Who by role and place is told, and not by name: whoever wants to know more asks the
    auditor, who reads the names."""
    looks = Look.objects.filter(learner=learner).select_related("unit")
    return Section(
        _("工作人员看过我的资料"),
        (_("什么时候"), _("看了什么"), _("看还是带走"), _("哪里的工作人员")),
        [
            (
                moment(each.at),
                each.get_what_display(),
                _("带走") if each.taken else _("看"),
                each.unit.name if each.unit else "",
            )
            for each in looks
        ],
    )


def day(at: datetime | date | None) -> str:
    """By the clock on the wall; blank where there is none."""
    if at is None:
        return ""
    if isinstance(at, datetime):
        at = timezone.localtime(at).date()
    return at.isoformat()


def moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
