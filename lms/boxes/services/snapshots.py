"""What a city has decided for the unit of a box, as one text: the whole of it each time, small
enough for that, with an edition that grows when it says something else."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.alerts.choices import AlertState
from lms.alerts.models import Alert, EmergencyNotice
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.events import event_id
from lms.boxes.choices import HeldState, LetterKind, LineKind
from lms.boxes.devices import device_abroad
from lms.boxes.keys import own_keys, read_public
from lms.boxes.letters import write_letter
from lms.boxes.models import Arrived, HeldLine, VillageBox
from lms.boxes.services.taking import taken_ranges
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest
from lms.people.choices import Role
from lms.people.models import Learner, RoleAssignment
from lms.units.models import Unit, paths_to

#: Sessions so far ahead are told; a box that is silent for longer has its classes meet unplanned.
DAYS_AHEAD = 120
#: Who signs in on a box with the password of the city.
SIGNS_IN = (Role.OFFICER, Role.TEACHER, Role.VOLUNTEER)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


class _Snapshot:
    """One being made; what its parts share."""

    def __init__(self, box: VillageBox) -> None:
        self.box = box
        self.path = box.unit.path
        now = timezone.now()
        self.since = timezone.localtime(now - timedelta(days=settings.BOX_PAST_DAYS)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        self.until = now + timedelta(days=DAYS_AHEAD)
        self.people: set[User] = set()

    def name(self, user: User | None) -> str:
        """Of somebody who is told of, and so among the people."""
        if user is None:
            return ""
        self.people.add(user)
        return user.username

    def whole(self) -> dict[str, Any]:
        return {
            "units": self.units(),
            "classes": self.classes(),
            "learners": self.learners(),
            "erased": self.erased(),
            "enrolments": self.enrolments(),
            "sessions": self.sessions(),
            "events": self.events(),
            "alerts": self.texts(Alert.objects, ("says", "todo", "calls")),
            "emergencies": self.texts(
                EmergencyNotice.objects, ("todo", "shelter", "telephone", "alone_reason")
            ),
            "calls": self.calls(),
            "roles": self.roles(),
            "people": self.persons(),  # last, when everybody has been named
        }

    def units(self) -> list[dict[str, Any]]:
        rows = Unit.objects.open().filter(
            Q(path__startswith=self.path) | Q(path__in=paths_to(self.path))
        )
        return [
            {"code": row.code, "name": row.name, "level": row.level, "telephone": row.telephone}
            for row in rows.order_by("path")
        ]

    def class_rows(self) -> QuerySet[ClassGroup]:
        return ClassGroup.objects.filter(
            unit__path__startswith=self.path, ends_on__gte=timezone.localdate(self.since)
        )

    def classes(self) -> list[dict[str, Any]]:
        rows = self.class_rows().select_related("unit", "classroom").prefetch_related("teachers")
        return [
            {
                "key": row.pk,
                "unit": row.unit.code,
                "title": row.title,
                "kind": row.kind,
                "classroom": row.classroom.url_path if row.classroom else "",
                "place": row.place,
                "capacity": row.capacity,
                "starts_on": _day(row.starts_on),
                "ends_on": _day(row.ends_on),
                "teachers": sorted(self.name(each) for each in row.teachers.all()),
            }
            for row in rows.order_by("pk")
        ]

    def learners(self) -> list[dict[str, Any]]:
        """No telephones: who is called back is called by who was asked."""
        in_classes = Enrolment.objects.filter(class_group__in=self.class_rows())
        rows = Learner.objects.standing().filter(
            Q(unit__path__startswith=self.path) | Q(pk__in=in_classes.values("learner"))
        )
        there = dict(
            Arrived.objects.filter(box=self.box, kind=LineKind.LEARNER)
            .exclude(number_there="")
            .values_list("row", "number_there")
        )
        return [
            {
                "key": row.pk,
                "number": row.number,
                "there": there.get(row.pk, ""),
                "name": row.name,
                "birth_year": row.birth_year,
                # Somebody of another village is kept under this one.
                "unit": row.unit.code if row.unit.path.startswith(self.path) else "",
            }
            for row in rows.select_related("unit").order_by("pk")
        ]

    def erased(self) -> list[int]:
        rows = Learner.objects.filter(erased_at__isnull=False, unit__path__startswith=self.path)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def enrolments(self) -> list[dict[str, Any]]:
        rows = Enrolment.objects.filter(
            Q(left_at__isnull=True) | Q(left_at__gte=self.since),
            class_group__in=self.class_rows(),
            learner__erased_at__isnull=True,
            learner__merged_into__isnull=True,
        )
        return [
            {
                "key": row.pk,
                "class": row.class_group_id,
                "learner": row.learner_id,
                "state": row.state,
                "door": row.door,
                "by": self.name(row.recorded_by),
                "enrolled_at": _moment(row.enrolled_at),
                "joined_at": _moment(row.joined_at),
                "left_at": _moment(row.left_at),
            }
            for row in rows.select_related("recorded_by").order_by("pk")
        ]

    def session_rows(self) -> QuerySet[ClassSession]:
        return ClassSession.objects.filter(
            class_group__in=self.class_rows(), starts_at__gte=self.since, starts_at__lt=self.until
        )

    def sessions(self) -> list[dict[str, Any]]:
        rows = self.session_rows().select_related("added_by", "closed_by")
        return [
            {
                "uid": str(row.uid),
                "class": row.class_group_id,
                "planned_at": _moment(row.planned_at),
                "starts_at": _moment(row.starts_at),
                "ends_at": _moment(row.ends_at),
                "state": row.state,
                "reason": row.reason,
                "headcount": row.headcount,
                "added_by": self.name(row.added_by),
                "closed_at": _moment(row.closed_at),
                "closed_by": self.name(row.closed_by),
            }
            for row in rows.order_by("pk")
        ]

    def events(self) -> list[dict[str, Any]]:
        """What was marked elsewhere; what came from this box it has."""
        came = Arrived.objects.filter(box=self.box, kind=LineKind.EVENT, uid=OuterRef("pk"))
        rows = AttendanceEvent.objects.filter(
            ~Exists(came), session__in=self.session_rows(), learner__erased_at__isnull=True
        )
        told = []
        for row in rows.select_related("session", "recorded_by").order_by("pk"):
            device = device_abroad(row.device_id, self.box.uid)
            told.append(
                {
                    "id": str(event_id(device, row.sequence)),
                    "device": str(device),
                    "seq": row.sequence,
                    "session": str(row.session.uid),
                    "learner": row.learner_id,
                    "status": row.status,
                    "at": _moment(row.device_time),
                    "marked_at": _moment(row.marked_at),
                    "by": self.name(row.recorded_by),
                    "reason": row.reason,
                }
            )
        return told

    def texts(self, objects: Any, words: Iterable[str]) -> list[dict[str, Any]]:
        """Alerts and emergencies that hold there, now or soon; and those taken off early."""
        rows = objects.filter(
            unit__path__in=[*paths_to(self.path)], ends_at__gte=self.since
        ) | objects.filter(unit__path__startswith=self.path, ends_at__gte=self.since)
        rows = rows.filter(state__in=(AlertState.PUBLIC, AlertState.WITHDRAWN))
        rows = rows.select_related("unit", "written_by", "confirmed_by").order_by("pk").distinct()
        return [
            {
                "key": row.pk,
                "unit": row.unit.code,
                "kind": row.kind,
                "title": row.title,
                "state": row.state,
                "starts_at": _moment(row.starts_at),
                "ends_at": _moment(row.ends_at),
                "written_by": self.name(row.written_by),
                "written_at": _moment(row.written_at),
                "confirmed_by": self.name(row.confirmed_by),
                "confirmed_at": _moment(row.confirmed_at),
                **{name: getattr(row, name) for name in words},
            }
            for row in rows
        ]

    def calls(self) -> list[dict[str, Any]]:
        """Asked on the box and answered in the city."""
        came = dict(
            Arrived.objects.filter(box=self.box, kind=LineKind.HELP).values_list("row", "uid")
        )
        rows = HelpRequest.objects.filter(
            pk__in=came, state=HelpState.CLOSED, closed_at__gte=self.since
        )
        return [
            {
                "uid": str(came[row.pk]),
                "closed_at": _moment(row.closed_at),
                "closed_by": self.name(row.closed_by),
            }
            for row in rows.select_related("closed_by").order_by("pk")
        ]

    def role_rows(self) -> QuerySet[RoleAssignment]:
        rows = RoleAssignment.objects.not_over().filter(role__in=SIGNS_IN)
        below = Q(unit__path__startswith=self.path)
        teaches = Q(role=Role.TEACHER, unit__path__in=paths_to(self.path)) & Q(
            person__class_groups__in=self.class_rows()
        )
        return rows.filter(below | teaches).distinct()

    def roles(self) -> list[dict[str, Any]]:
        return [
            {
                "person": self.name(row.person),
                "role": row.role,
                "unit": row.unit.code,
                "from": _day(row.from_date),
                "until": _day(row.until_date),
            }
            for row in self.role_rows().select_related("person", "unit").order_by("pk")
        ]

    def persons(self) -> list[dict[str, Any]]:
        """Everybody who is told of by name; and of those who work there, and have no right over
        the whole site, what their password is compared with."""
        works = set(self.role_rows().values_list("person", flat=True))
        return [
            {
                "username": user.username,
                "last_name": user.last_name,
                "first_name": user.first_name,
                "is_active": user.is_active,
                "password": user.password if user.pk in works and not _is_of_office(user) else "",
            }
            for user in sorted(self.people, key=lambda user: user.username)
        ]


def _is_of_office(user: User) -> bool:
    return user.is_superuser or user.is_staff


@transaction.atomic
def snapshot_text(box: VillageBox) -> tuple[int, bytes]:
    """Edition and text of what the city has decided for the box by now."""
    box = VillageBox.objects.select_for_update(no_key=True).select_related("unit").get(pk=box.pk)
    text = json.dumps(
        _Snapshot(box).whole(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    digest = sha256(text.encode()).hexdigest()
    if digest != box.edition_digest:
        box.edition, box.edition_digest = box.edition + 1, digest
        box.save(update_fields=["edition", "edition_digest"])
    return box.edition, text.encode()


def news_for(box: VillageBox) -> bytes | None:
    """As `snapshot_letter`; None where the box has that edition."""
    edition, text = snapshot_text(box)
    return None if edition == box.edition_there else _sealed(box, edition, text)


def snapshot_letter(box: VillageBox) -> bytes:
    """Sealed for the box, and signed."""
    return _sealed(box, *snapshot_text(box))


def _sealed(box: VillageBox, edition: int, text: bytes) -> bytes:
    return write_letter(
        LetterKind.SNAPSHOT,
        box=box.uid,
        number=edition,
        text=text,
        by=own_keys(),
        to=read_public(box.public_keys),
    )


def answer_letter(box: VillageBox) -> bytes:
    """Which batches have arrived, and how much of them waits for a person."""
    now = timezone.now()
    said = {
        "at": now.isoformat(),
        "taken": taken_ranges(box),
        "held": HeldLine.objects.filter(box=box).exclude(state=HeldState.GIVEN_UP).count(),
    }
    return write_letter(
        LetterKind.ANSWER,
        box=box.uid,
        number=int(now.timestamp() * 1000),
        text=json.dumps(said).encode(),
        by=own_keys(),
        to=read_public(box.public_keys),
    )
