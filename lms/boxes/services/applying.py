"""A box takes over what its city has decided: as often as it comes, never an older edition.

The city's word holds, but for what was born here and is still on its way up: a roll that was ended
here stays ended, and a place that was given up here stays given up until the city has heard it.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import ClassroomPage
from lms.accounts.models import User
from lms.alerts.live import forget_now_and_after
from lms.alerts.models import Alert, EmergencyNotice
from lms.attendance.models import AttendanceEvent, Device
from lms.attendance.services.events import keep_events
from lms.boxes.born import Born, closing_born, enrolment_born, session_born, uid_of
from lms.boxes.choices import LetterKind, LineKind
from lms.boxes.keys import own_keys, read_public
from lms.boxes.letters import Letter, read_letter
from lms.boxes.models import FromCity, Home, Told
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.journal import note_taken, note_told
from lms.boxes.services.registering import this_box
from lms.classes.choices import EnrolmentState, SessionState
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.classes.sums import settle_sessions
from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest
from lms.people.models import Learner, RoleAssignment
from lms.people.services.errors import PersonRefused
from lms.people.services.learners import erase_learner
from lms.units.models import Unit, parent_code


def letter_from_city(written: bytes) -> Letter:
    """Raises BoxRefused for what the city has not signed, and for another box's."""
    home = this_box()
    if not home.is_registered:
        raise BoxRefused(_("这台盒子还没有登记。"))
    letter = read_letter(written, by=read_public(home.city_keys), to=own_keys())
    if letter.head.box != home.uid:
        raise BoxRefused(_("这封信是给别的盒子的。没有收。"))
    return letter


@transaction.atomic
def take_answer(written: bytes) -> int:
    """Which batches the city has. An old answer takes nothing back. Returns how many were new."""
    letter = letter_from_city(written)
    if letter.head.kind != LetterKind.ANSWER:
        raise BoxRefused(_("这封信不是市里的回信。没有收。"))
    said = json.loads(letter.text)
    home = Home.objects.select_for_update().get(pk=this_box().pk)
    acknowledged = note_taken(said["taken"])
    if letter.head.number > home.last_answer:
        home.last_answer = letter.head.number
        home.last_answer_at = _moment(said["at"])
        home.held_there = said["held"]
        home.is_refused = False
        home.save(update_fields=["last_answer", "last_answer_at", "held_there", "is_refused"])
    return acknowledged


@transaction.atomic
def take_snapshot(written: bytes) -> bool:
    """Whether it said anything new. Raises BoxRefused for an edition older than what stands."""
    letter = letter_from_city(written)
    if letter.head.kind != LetterKind.SNAPSHOT:
        raise BoxRefused(_("这封信不是市里定下的内容。没有收。"))
    home = Home.objects.select_for_update().get(pk=this_box().pk)
    if letter.head.number < home.edition:
        raise BoxRefused(
            _("U盘上是旧的（第%(old)d版），这里已经是第%(here)d版。没有收。")
            % {"old": letter.head.number, "here": home.edition}
        )
    if letter.head.number == home.edition:
        return False
    _Snapshot(json.loads(letter.text), home).apply()
    home.edition, home.edition_at = letter.head.number, timezone.now()
    home.save(update_fields=["edition", "edition_at"])
    return True


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


class _Rows:
    """The city's rows of one kind, as they are called here."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.known = dict(FromCity.objects.filter(kind=kind).values_list("key", "row"))

    def get(self, key: object) -> int:
        """0, which no row has, for one that is not known."""
        return self.known.get(str(key), 0)

    def note(self, key: object, row: int) -> None:
        if self.known.get(str(key)) != row:
            FromCity.objects.update_or_create(kind=self.kind, key=str(key), defaults={"row": row})
            self.known[str(key)] = row


class _Snapshot:
    """One that is being taken over, part by part, each on those before."""

    def __init__(self, said: dict[str, Any], home: Home) -> None:
        self.said, self.home = said, home
        self.units: dict[str, Unit] = {}
        self.people: dict[str, User] = {}
        self.classes, self.learners = _Rows("class"), _Rows("learner")
        self.enrolments = _Rows("enrolment")

    def apply(self) -> None:
        self.take_units(self.said["units"])
        self.take_people(self.said["people"])
        self.take_roles(self.said["roles"])
        self.take_classes(self.said["classes"])
        self.take_learners(self.said["learners"])
        self.take_enrolments(self.said["enrolments"])
        self.take_sessions(self.said["sessions"])
        self.take_events(self.said["events"])
        self.erase(self.said["erased"])
        self.take_texts(Alert, "alert", self.said["alerts"])
        self.take_texts(EmergencyNotice, "emergency", self.said["emergencies"])
        self.take_calls(self.said["calls"])
        forget_now_and_after()

    def person(self, username: str) -> User | None:
        return self.people.get(username) if username else None

    def take_units(self, said: Iterable[dict[str, Any]]) -> None:
        for each in said:
            unit = Unit.objects.filter(code=each["code"]).first()
            told = {"name": each["name"], "telephone": each["telephone"]}
            if unit is None:
                above = self.units.get(parent_code(each["code"]) or "")
                new = {"code": each["code"], "level": each["level"], **told}
                unit = above.add_child(**new) if above else Unit.add_root(**new)
            else:
                Unit.objects.filter(pk=unit.pk).update(**told)
            self.units[unit.code] = Unit.objects.get(code=unit.code)

    def take_people(self, said: Iterable[dict[str, Any]]) -> None:
        """Whoever keeps this machine keeps the own account, whatever the city calls so."""
        for each in said:
            user = User.objects.filter(username=each["username"]).first()
            if user is None:
                user = User(username=each["username"])
                user.set_unusable_password()
            if not user.is_superuser:
                user.last_name, user.first_name = each["last_name"], each["first_name"]
                user.is_active = each["is_active"]
                if each["password"]:
                    user.password = each["password"]
                else:
                    user.set_unusable_password()
                user.save()
            self.people[user.username] = user

    def take_roles(self, said: Iterable[dict[str, Any]]) -> None:
        """What is no longer said is over."""
        today, standing = timezone.localdate(), set()
        for each in said:
            role, _is_new = RoleAssignment.objects.update_or_create(
                person=self.people[each["person"]],
                role=each["role"],
                unit=self._unit_or_box(each["unit"]),
                from_date=date.fromisoformat(each["from"]),
                defaults={"until_date": _day(each["until"])},
            )
            standing.add(role.pk)
        for over in RoleAssignment.objects.current().exclude(pk__in=standing):
            over.until_date = max(today, over.from_date)
            over.save(update_fields=["until_date"])

    def _unit_or_box(self, code: str) -> Unit:
        return self.units.get(code) or self.units[self.home.unit_code]

    def take_classes(self, said: Iterable[dict[str, Any]]) -> None:
        for each in said:
            row = ClassGroup.objects.filter(pk=self.classes.get(each["key"])).first()
            row = row or ClassGroup()
            row.unit = self._unit_or_box(each["unit"])
            row.title, row.kind, row.place = each["title"], each["kind"], each["place"]
            row.classroom = ClassroomPage.objects.filter(url_path=each["classroom"]).first()
            row.capacity = each["capacity"]
            row.starts_on = _day(each["starts_on"]) or timezone.localdate()
            row.ends_on = _day(each["ends_on"]) or row.starts_on
            row.save()
            row.teachers.set([self.people[name] for name in each["teachers"]])
            self.classes.note(each["key"], row.pk)

    def take_learners(self, said: Iterable[dict[str, Any]]) -> None:
        for each in said:
            row = self._learner(each)
            row.name, row.birth_year = each["name"], each["birth_year"]
            row.unit = self._unit_or_box(each["unit"])
            taken = Learner.objects.filter(number=each["number"]).exclude(pk=row.pk)
            if not taken.exists():
                row.number = each["number"]
            row.save()
            self.learners.note(each["key"], row.pk)

    def _learner(self, each: dict[str, Any]) -> Learner:
        """The row that is meant, or a new one: by the city's key, by the number that was given
        here, by the number."""
        standing = Learner.objects.filter(erased_at__isnull=True)
        known = standing.filter(pk=self.learners.get(each["key"])).first()
        if known is None and each["there"]:
            known = standing.filter(number=each["there"]).first()
        known = known or standing.filter(number=each["number"]).first()
        return known or Learner(number=each["number"])

    def take_enrolments(self, said: Iterable[dict[str, Any]]) -> None:
        told: list[Born] = []
        for each in said:
            group, learner = self.classes.get(each["class"]), self.learners.get(each["learner"])
            if not (group and learner):
                continue
            row = self._enrolment(each, group, learner)
            if row.pk is not None and self._is_news(row, str(each["class"])):
                self.enrolments.note(each["key"], row.pk)
                continue  # what happened here is on its way up
            row.state, row.door = each["state"], each["door"]
            if row.door == "delegate":  # whose authority lies in the city
                row.door = "in_person"
            row.recorded_by = self.person(each["by"])
            row.enrolled_at = _moment(each["enrolled_at"]) or timezone.now()
            row.joined_at, row.left_at = _moment(each["joined_at"]), _moment(each["left_at"])
            row.save()
            self.enrolments.note(each["key"], row.pk)
            told.append(enrolment_born(self.home, row, str(each["class"])))
        note_told(told)

    def _enrolment(self, each: dict[str, Any], group: int, learner: int) -> Enrolment:
        rows = Enrolment.objects.select_related("learner", "recorded_by")
        known = rows.filter(pk=self.enrolments.get(each["key"])).first()
        if known is None and each["state"] != EnrolmentState.LEFT:
            here = rows.filter(class_group=group, learner=learner)
            known = here.exclude(state=EnrolmentState.LEFT).first()
        if known is None:
            known = Enrolment(class_group_id=group, learner_id=learner)
        return known

    def _is_news(self, row: Enrolment, class_key: str) -> bool:
        """Whether it has changed here since the city was last told of it, or was never told."""
        born = enrolment_born(self.home, row, class_key)
        told = Told.objects.filter(kind=LineKind.ENROLMENT, uid=born.uid).first()
        return told is None or told.digest != born.digest

    def take_sessions(self, said: Iterable[dict[str, Any]]) -> None:
        told: list[Born] = []
        settled: list[int] = []
        for each in said:
            group = self.classes.get(each["class"])
            if not group:
                continue
            row = ClassSession.objects.called(uuid.UUID(each["uid"])).first()
            row = row or ClassSession(uid=uuid.UUID(each["uid"]), class_group_id=group)
            row.planned_at = _moment(each["planned_at"]) or timezone.now()
            row.starts_at = _moment(each["starts_at"]) or row.planned_at
            row.ends_at = _moment(each["ends_at"]) or row.starts_at
            row.added_by = self.person(each["added_by"])
            self._take_state(row, each)
            row.save()
            settled.append(row.pk)
            if row.added_by_id is not None:
                told.append(session_born(row, str(each["class"])))
            if each["state"] == SessionState.CLOSED:
                told.append(closing_born(row))
        note_told(told)
        settle_sessions(settled)

    def _take_state(self, row: ClassSession, each: dict[str, Any]) -> None:
        """What was closed in either place is closed."""
        row.reason = each["reason"]
        if each["headcount"] is not None or row.state != SessionState.CLOSED:
            row.headcount = row.headcount if each["headcount"] is None else each["headcount"]
        if each["state"] == SessionState.CLOSED:
            row.state = SessionState.CLOSED
            row.closed_at = _moment(each["closed_at"])
            row.closed_by = self.person(each["closed_by"])
        elif row.state != SessionState.CLOSED:
            row.state = each["state"]

    def take_events(self, said: Iterable[dict[str, Any]]) -> None:
        """What was marked elsewhere counts here by the same rules: the latest holds."""
        said = [each for each in said if self.learners.get(each["learner"])]
        ids = {uuid.UUID(each["id"]) for each in said}
        known = set(AttendanceEvent.objects.filter(pk__in=ids).values_list("pk", flat=True))
        told = Told.objects.filter(kind=LineKind.EVENT, uid__in=ids)
        known |= set(told.values_list("uid", flat=True))
        by_uid = {uuid.UUID(each["session"]) for each in said}
        rows = ClassSession.objects.filter(uid__in=by_uid).order_by("pk")
        sessions = {row.uid: row for row in rows.select_for_update(no_key=True)}
        new = [
            AttendanceEvent(
                id=uuid.UUID(each["id"]),
                device_id=uuid.UUID(each["device"]),
                sequence=each["seq"],
                session=sessions[uuid.UUID(each["session"])],
                learner_id=self.learners.get(each["learner"]),
                status=each["status"],
                device_time=datetime.fromisoformat(each["at"]),
                marked_at=datetime.fromisoformat(each["marked_at"]),
                recorded_by=self.person(each["by"]),
                reason=each["reason"],
            )
            for each in said
            if uuid.UUID(each["id"]) not in known and uuid.UUID(each["session"]) in sessions
        ]
        devices = {event.device_id for event in new}
        Device.objects.bulk_create([Device(pk=key) for key in devices], ignore_conflicts=True)
        keep_events(new)
        note_told([Born(LineKind.EVENT, event.pk, {}) for event in new])

    def erase(self, keys: Iterable[int]) -> None:
        for key in keys:
            rows = Learner.objects.standing().filter(pk=self.learners.get(key))
            for learner in rows:
                try:
                    erase_learner(learner, reason=_("市里已经注销"), erased_by=None)
                except PersonRefused:
                    continue

    def take_texts(
        self, model: type[Alert] | type[EmergencyNotice], kind: str, said: Iterable[dict[str, Any]]
    ) -> None:
        known = _Rows(kind)
        for each in said:
            row = model._default_manager.filter(pk=known.get(each["key"])).first() or model()
            for name, value in each.items():
                if name in {"key", "unit", "written_by", "confirmed_by"}:
                    continue
                is_moment = name.endswith("_at")
                setattr(row, name, _moment(value) if is_moment else value)
            row.unit = self._unit_or_box(each["unit"])
            row.written_by = self.people[each["written_by"]]
            row.confirmed_by = self.person(each["confirmed_by"])
            row.save()
            known.note(each["key"], row.pk)

    def take_calls(self, said: Iterable[dict[str, Any]]) -> None:
        """Answered in the city: nobody here need call."""
        closed = {uuid.UUID(each["uid"]): each for each in said}
        if not closed:
            return
        for row in HelpRequest.objects.open():
            each = closed.get(uid_of(self.home, "help", row.pk))
            if each is not None:
                HelpRequest.objects.filter(pk=row.pk).update(
                    state=HelpState.CLOSED,
                    closed_at=_moment(each["closed_at"]),
                    closed_by=self.people[each["closed_by"]],
                )
