"""What waits for whom, in a few queries each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, get_default_page_content_type
from wagtail.permission_policies.pages import PagePermissionPolicy

from lms.accounts.models import User
from lms.alerts.models import Alert, EmergencyNotice, MetFraud
from lms.boxes.choices import HeldState
from lms.boxes.models import HeldLine, VillageBox
from lms.classes.choices import EnrolmentState, SessionState
from lms.classes.models import ClassGroup, ClassSession, Enrolment, HelperTime
from lms.classes.wall_clock import day_bounds
from lms.evaluation.models import TypicalCase
from lms.helpline.models import HelpRequest
from lms.ledger.choices import Standing
from lms.ledger.models import Measure
from lms.ledger.queries import asked_of, escalated_to
from lms.manuals.choices import VersionState
from lms.manuals.models import ManualVersion, Organisation
from lms.manuals.models.manuals import planned_revisions
from lms.manuals.models.reviews import reviews_manuals
from lms.notices.queries import to_be_called, untold_for
from lms.people.choices import Role
from lms.people.models import RoleAssignment, administered_by
from lms.returns.choices import ReturnState
from lms.returns.models import Return
from lms.returns.queries import days_left_in_words, own_units, to_approve, to_submit
from lms.units.models import Unit, path_below
from subtitles.choices import TrackState
from subtitles.models import Track

SESSIONS_SHOWN = 10
CLASSES_SHOWN = 8
DAYS_AHEAD = 7
PLANNED_SHOWN = 20
RETURNS_SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """So many of something wait; the address leads to them."""

    count: int
    what: str
    address: str


def own_sessions_today(user: User) -> QuerySet[ClassSession]:
    begins, ends = day_bounds(timezone.localdate())
    today = _taught(user).filter(starts_at__gte=begins, starts_at__lt=ends)
    return today.order_by("starts_at", "pk")


def own_open_rolls(user: User) -> QuerySet[ClassSession]:
    """Of days before today: what is open today is still being taught. The latest first."""
    begins, _ends = day_bounds(timezone.localdate())
    rolls = _taught(user).filter(state=SessionState.PLANNED, ends_at__lt=begins)
    return rolls.order_by("-starts_at", "pk")


def _taught(user: User) -> QuerySet[ClassSession]:
    sessions = ClassSession.objects.changeable_by(user).filter(class_group__teachers=user.pk)
    return sessions.select_related("class_group__unit")


def own_classes(user: User) -> QuerySet[ClassGroup]:
    """That go on or are to come."""
    classes = ClassGroup.objects.changeable_by(user).filter(
        teachers=user.pk, ends_on__gte=timezone.localdate()
    )
    return classes.select_related("unit").order_by("starts_on", "title", "pk")


def sessions_to_help_at(units: Sequence[Unit]) -> QuerySet[ClassSession]:
    """Of a week, where somebody helps."""
    now = timezone.now()
    sessions = ClassSession.objects.filter(
        path_below(*units, prefix="class_group__unit__"),
        state=SessionState.PLANNED,
        ends_at__gt=now,
        starts_at__lt=now + timedelta(days=DAYS_AHEAD),
    )
    return sessions.select_related("class_group__unit").order_by("starts_at", "pk")


@dataclass(frozen=True)
class Helped:
    """Minutes, as teachers noted them."""

    this_month: int
    this_year: int


def helped(user: User, today: date) -> Helped:
    times = HelperTime.objects.filter(person=user)

    def since(day: date) -> int:
        begins, _ends = day_bounds(day)
        found = times.filter(session__starts_at__gte=begins).aggregate(minutes=Sum("minutes"))
        return found["minutes"] or 0

    return Helped(since(today.replace(day=1)), since(today.replace(month=1, day=1)))


def notices_that_wait(user: User) -> list[Waiting]:
    """Whom to call, and what nobody was told yet; of own classes and of units below."""
    address = reverse("notices:followed")
    calls = sum(each.waiting for each in to_be_called(user))  # type: ignore[attr-defined]
    found = [
        Waiting(calls, _("个电话要打，告诉学员课改了"), address),
        Waiting(untold_for(user).count(), _("次课改了，还没有告诉大家"), address),
    ]
    return [each for each in found if each.count]


# --- Officers ---------------------------------------------------------------------------------


def waits_below(user: User) -> list[Waiting]:
    """What an officer should see to; those of which there is none are left out."""
    today, _tomorrow = day_bounds(timezone.localdate())
    open_rolls = ClassSession.objects.visible_to(user).filter(
        state=SessionState.PLANNED, ends_at__lt=today
    )
    calls = HelpRequest.objects.answerable_by(user).open()
    found = [
        Waiting(open_rolls.count(), _("次课的点名没有结束"), reverse("attendance:mine")),
        Waiting(calls.count(), _("个求助等人回电话"), reverse("helpline:list")),
        Waiting(
            teachers_without_class(user).count(),
            _("位教师还没有班"),
            reverse("work:without_class"),
        ),
        Waiting(waiting_enrolments(user).count(), _("个报名在排队"), reverse("work:queue")),
        Waiting(
            TypicalCase.objects.waiting_for(user).count(),
            _("个典型案例等您看"),
            reverse("evaluation:cases"),
        ),
    ]
    return [
        *emergencies_wait(user),
        *waiting_returns(user),
        *(each for each in found if each.count),
        *waits_in_ledger(user),
        *alerts_wait(user),
        *boxes_wait(user),
    ]


def boxes_wait(user: User) -> list[Waiting]:
    """What came from village boxes and could not be taken. One query."""
    refused = HeldLine.objects.filter(
        state=HeldState.REFUSED, box__in=VillageBox.objects.administered_by(user)
    ).count()
    return [Waiting(refused, _("条盒子交来的收不下，请看一看"), reverse("boxes:list"))] * bool(
        refused
    )


def waiting_returns(user: User) -> list[Waiting]:
    """Of the user's own units: returns to sign, which month and how many days are left; those that
    were sent back; and what is to be approved. Three queries."""
    units = own_units(user)
    mine = list(to_submit(units)[:RETURNS_SHOWN])
    found = [
        _waiting_return(group, sentence)
        for group, sentence in (
            ([one for one in mine if one.state == ReturnState.SENT_BACK], _("份月报退回来了")),
            ([one for one in mine if one.state == ReturnState.TO_FILL], _("份月报等您报")),
        )
        if group
    ]
    handed_in = to_approve(units)
    first = handed_in.first()
    if first is not None and first.above is not None:
        address = first.above.get_absolute_url() + "#below"
        found.append(Waiting(handed_in.count(), _("份月报等您审"), address))
    return found


def _waiting_return(group: Sequence[Return], sentence: str) -> Waiting:
    """Leads to the one that is due first."""
    first = group[0]
    what = f"{sentence}（{first.period.label}，{days_left_in_words(first)}）"
    return Waiting(len(group), what, first.get_absolute_url())


def waits_in_ledger(user: User) -> list[Waiting]:
    """Measures whose progress is the user's to tell that are due, and what was asked about them;
    those of which there is none are left out."""
    rows = Measure.objects.advanced_by(user)
    ledger = reverse("ledger:list")
    found = [
        Waiting(
            len(escalated_to(user)), _("件督办没有人答复，到了您这里"), f"{ledger}?pressed=here"
        ),
        Waiting(len(asked_of(user)), _("件督办等您答复"), f"{ledger}?pressed=mine"),
        Waiting(
            rows.in_standing(Standing.OVERDUE).count(),
            _("条台账过了期"),
            f"{ledger}?standing={Standing.OVERDUE}",
        ),
        Waiting(
            rows.in_standing(Standing.SOON).count(),
            _("条台账七天内到期"),
            f"{ledger}?standing={Standing.SOON}",
        ),
    ]
    return [each for each in found if each.count]


def emergencies_wait(user: User) -> list[Waiting]:
    """Of officers; before everything else."""
    desk = reverse("alert_desk:mine")
    waiting = EmergencyNotice.objects.to_confirm(user)
    alone = EmergencyNotice.objects.unseen_from_above(user)
    found = [
        Waiting(waiting.count(), _("条紧急通知等您看过才能发布"), desk),
        Waiting(alone.count(), _("条紧急通知是下面一个人发布的，请看一看"), desk),
    ]
    return [each for each in found if each.count]


def alerts_wait(user: User) -> list[Waiting]:
    """Of whoever writes alerts."""
    alerts = Alert.objects.to_confirm(user)
    met = MetFraud.objects.visible_to(user).new()
    found = [
        Waiting(alerts.count(), _("条防骗提醒等您看过才能发布"), reverse("alert_desk:mine")),
        Waiting(met.count(), _("条“我遇到了”还没有看"), reverse("alert_desk:met")),
    ]
    return [each for each in found if each.count]


def waiting_enrolments(user: User) -> QuerySet[Enrolment]:
    """In the queues of classes that go on, below an officer; who waits longest comes first."""
    queue = Enrolment.objects.filter(
        administered_by(user, prefix="class_group__unit__"),
        state=EnrolmentState.WAITING,
        class_group__ends_on__gte=timezone.localdate(),
    )
    return queue.select_related("class_group__unit", "learner").order_by("enrolled_at", "pk")


def teachers_without_class(user: User) -> QuerySet[RoleAssignment]:
    """Teachers today, below the user, who teach no class that goes on there."""
    taught = ClassGroup.objects.filter(
        teachers=OuterRef("person"),
        ends_on__gte=timezone.localdate(),
        unit__path__startswith=OuterRef("unit__path"),
    )
    teachers = RoleAssignment.objects.visible_to(user).current().filter(role=Role.TEACHER)
    return teachers.filter(~Exists(taught)).select_related("person", "unit")


# --- Editors and reviewers --------------------------------------------------------------------


def waits_for_checking(user: User) -> list[Waiting]:
    """In the Wagtail admin, by what the user may do there."""
    return [*waits_for_review(user), *waits_besides(user)]


def waits_for_review(user: User) -> list[Waiting]:
    """What the admin's first page lists one by one, in a panel of Wagtail's."""
    of_pages = get_default_page_content_type()
    pages = TaskState.objects.reviewable_by(user).filter(workflow_state__base_content_type=of_pages)
    found = [Waiting(pages.count(), _("个页面等您审核"), reverse("wagtailadmin_home"))]
    if reviews_manuals(user):
        manuals = ManualVersion.objects.filter(state=VersionState.SUBMITTED)
        address = reverse("wagtailsnippets_manuals_manual:list") + "?show=waiting"
        found.append(Waiting(manuals.count(), _("份说明书等审核"), address))
    return [each for each in found if each.count]


def waits_besides(user: User) -> list[Waiting]:
    """What is in no workflow of Wagtail's."""
    found = []
    if user.has_perm("subtitles.change_track"):
        machine = Track.objects.filter(state=TrackState.MACHINE)
        found.append(Waiting(machine.count(), _("部字幕还没有核对"), reverse("tracks:index")))
    if user.has_perm("manuals.decide_organisation"):
        makers = Organisation.objects.waiting()
        found.append(Waiting(makers.count(), _("家厂商在申请"), reverse("organisations:index")))
    return [each for each in found if each.count]


@dataclass(frozen=True)
class Planned:
    """A page or a manual that appears, with its newest words, or goes. The address leads to where
    its day is set."""

    title: str
    at: datetime
    appears: bool
    address: str


def planned_for(user: User) -> list[Planned]:
    """Of the pages that the user may change and the manuals that the user reviews, the soonest
    first."""
    found = planned_pages(user)
    if reviews_manuals(user):
        found += planned_manuals()
    return sorted(found, key=lambda each: each.at)[:PLANNED_SHOWN]


def planned_pages(user: User) -> list[Planned]:
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    revisions = Revision.objects.page_revisions().filter(approved_go_live_at__isnull=False)
    appear = dict(revisions.values_list("object_id", "approved_go_live_at"))
    coming = [(page, appear[str(page.pk)], True) for page in pages.filter(pk__in=appear)]
    going = pages.filter(live=True, expire_at__isnull=False)
    rows = coming + [(page, page.expire_at, False) for page in going]
    edit = "wagtailadmin_pages:edit"
    return [
        Planned(page.get_admin_display_title(), at, appears, reverse(edit, args=[page.pk]))
        for page, at, appears in rows
    ]


def planned_manuals() -> list[Planned]:
    appear = dict(planned_revisions().values_list("object_id", "approved_go_live_at"))
    versions = ManualVersion.objects.filter(manual__in=appear, state=VersionState.PLANNED)
    rows = [(version, appear[str(version.manual_id)], True) for version in versions]
    shown = ManualVersion.objects.filter(state=VersionState.PUBLISHED, manual__live=True)
    going = shown.filter(manual__expire_at__isnull=False).select_related("manual")
    rows += [(version, version.manual.expire_at, False) for version in going]
    edit = "wagtailsnippets_manuals_manual:edit"
    return [
        Planned(version.title, at, appears, reverse(edit, args=[version.manual_id]) + "#days")
        for version, at, appears in rows
    ]
