"""Lines about people: who is new, who is in a class, who asks for a call, what somebody met."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.models import Page

from lms.accounts.models import User
from lms.alerts.models import MetFraud
from lms.alerts.services import tell_met
from lms.boxes.choices import LineKind
from lms.boxes.lines import EnrolmentLine, HelpLine, LearnerLine, MetLine
from lms.boxes.models import Arrived, VillageBox
from lms.boxes.refusals import LineRefused, LineWaits
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest
from lms.helpline.services import HelpRefused, ask_for_help
from lms.people.models import Learner
from lms.people.services.learners import hold_standing, register_learner
from lms.units.models import Unit


def unit_of(box: VillageBox, code: str) -> Unit:
    """Raises LineRefused for one that is not the box's."""
    unit = Unit.objects.filter(code=code, path__startswith=box.unit.path).first()
    if unit is None:
        raise LineRefused(_("这一条写的村居不归这台盒子管。"))
    return unit


def class_of(box: VillageBox, key: int) -> ClassGroup:
    """Raises LineRefused."""
    group = ClassGroup.objects.filter(pk=key, unit__path__startswith=box.unit.path).first()
    if group is None:
        raise LineRefused(_("没有这个班，或者不归这台盒子管。"))
    return group


def learners_called(box: VillageBox, numbers: set[str]) -> dict[str, Learner]:
    """Whom the box means by each number: those that were born there bear another one here, where
    theirs was taken."""
    renamed = dict(
        Arrived.objects.filter(
            box=box, kind=LineKind.LEARNER, number_there__in=numbers
        ).values_list("number_there", "row")
    )
    found = {
        learner.number: learner
        for learner in Learner.objects.filter(number__in=numbers - renamed.keys())
    }
    by_key = Learner.objects.in_bulk(renamed.values())
    return found | {number: by_key[row] for number, row in renamed.items() if row in by_key}


def learner_called(box: VillageBox, number: str) -> Learner:
    """Raises LineWaits: the line that registers the learner may come with a later stick."""
    learner = learners_called(box, {number}).get(number)
    if learner is None:
        raise LineWaits(_("还没有这位学员，等登记他的那一条到了再收。"))
    return learner


def person_called(username: str) -> User | None:
    return User.objects.filter(username=username).first() if username else None


def take_learner(box: VillageBox, line: LearnerLine) -> None:
    """The number is the one on the card that was handed out there, unless somebody else has it."""
    unit = unit_of(box, line.unit)
    known = Arrived.objects.filter(kind=LineKind.LEARNER, uid=line.id).first()
    if known is not None:
        _refuse_others(known, box)
        _put_right(known, line)
        return
    holder = Learner.objects.filter(number=line.number).first()
    if holder is not None and holder.name == line.name and holder.unit_id == unit.pk:
        learner = holder  # the box was registered anew
    else:
        learner = register_learner(
            name=line.name, unit=unit, birth_year=line.birth_year, telephone=line.telephone
        )
        if holder is None:
            Learner.objects.filter(pk=learner.pk).update(number=line.number)
            learner.number = line.number
    Arrived.objects.create(
        box=box,
        kind=LineKind.LEARNER,
        uid=line.id,
        row=learner.pk,
        number_there="" if learner.number == line.number else line.number,
    )


def _refuse_others(known: Arrived, box: VillageBox) -> None:
    """Nobody speaks of what another unit's box has told; one that was registered anew does."""
    if known.box_id == box.pk:
        return
    if not box.unit.path.startswith(known.box.unit.path):
        raise LineRefused(_("这一条是别的盒子记下的。"))
    Arrived.objects.filter(pk=known.pk).update(box=box)


def _put_right(known: Arrived, line: LearnerLine) -> None:
    """What the city does not know of somebody who was born there; what it knows stays."""
    rows = Learner.objects.standing().filter(pk=known.row)
    if line.birth_year is not None:
        rows.filter(birth_year__isnull=True).update(birth_year=line.birth_year)
    if line.telephone:
        rows.filter(telephone="").update(telephone=line.telephone)


def take_enrolment(box: VillageBox, line: EnrolmentLine) -> None:
    """A place in a class: given once, and given up later than it was given."""
    group = class_of(box, line.class_group)
    if line.door == Door.DELEGATE:
        raise LineRefused(_("亲友代办的报名要在市里办。"))
    learner = hold_standing(learner_called(box, line.learner))
    if learner.erased_at is not None:
        return
    rows = Enrolment.objects.filter(class_group=group, learner=learner)
    known = Arrived.objects.filter(kind=LineKind.ENROLMENT, uid=line.id).first()
    mine = rows.filter(pk=known.row).first() if known else None
    row = mine or rows.exclude(state=EnrolmentState.LEFT).first()
    if row is None and (known or rows.filter(enrolled_at__gte=line.enrolled_at).exists()):
        return  # it has come and gone since
    if row is None:
        row = _enrol(group, learner, line)
    elif row.state != EnrolmentState.LEFT and line.state == EnrolmentState.LEFT:
        Enrolment.objects.filter(pk=row.pk).update(
            state=EnrolmentState.LEFT, left_at=line.left_at or line.enrolled_at
        )
    elif row.state == EnrolmentState.WAITING and line.state == EnrolmentState.ENROLLED:
        Enrolment.objects.filter(pk=row.pk).update(
            state=EnrolmentState.ENROLLED, joined_at=line.joined_at or line.enrolled_at
        )
    if line.joined_at is not None:  # who was there earlier by the box's word was
        Enrolment.objects.filter(pk=row.pk, joined_at__gt=line.joined_at).update(
            joined_at=line.joined_at
        )
    if known is None:
        Arrived.objects.create(box=box, kind=LineKind.ENROLMENT, uid=line.id, row=row.pk)


def _enrol(group: ClassGroup, learner: Learner, line: EnrolmentLine) -> Enrolment:
    has_left = line.state == EnrolmentState.LEFT
    joined_at = line.joined_at
    if line.state == EnrolmentState.ENROLLED and joined_at is None:
        joined_at = line.enrolled_at
    if line.state == EnrolmentState.WAITING:
        joined_at = None
    return Enrolment.objects.create(
        class_group=group,
        learner=learner,
        state=line.state,
        door=line.door,
        recorded_by=person_called(line.by),
        enrolled_at=line.enrolled_at,
        joined_at=joined_at,
        left_at=(line.left_at or line.enrolled_at) if has_left else None,
    )


def take_call(box: VillageBox, line: HelpLine) -> None:
    """Somebody asked for a call; that it was answered may come before it, or later."""
    known = Arrived.objects.filter(kind=LineKind.HELP, uid=line.id).first()
    if known is None:
        row = _ask(box, line)
        Arrived.objects.create(box=box, kind=LineKind.HELP, uid=line.id, row=row)
    else:
        _refuse_others(known, box)
        row = known.row
    if line.state == HelpState.CLOSED:
        _close(row, line)


def _ask(box: VillageBox, line: HelpLine) -> int:
    unit = unit_of(box, line.unit)
    number = learner_called(box, line.learner).number if line.learner else line.telephone
    try:
        request = ask_for_help(unit=unit, number=number, name=line.name, page=_page(line.path))
    except HelpRefused as why:
        raise LineRefused(str(why)) from None
    HelpRequest.objects.filter(pk=request.pk, asked_at__gt=line.asked_at).update(
        asked_at=line.asked_at
    )
    return int(request.pk)


def _page(path: str) -> Page | None:
    return Page.objects.filter(url_path=path).first() if path else None


def _close(row: int, line: HelpLine) -> None:
    """By whoever did it; where the city does not know the person the call goes on waiting, and
    whoever answers it hears that it was done."""
    by = person_called(line.closed_by)
    if by is not None:
        HelpRequest.objects.filter(pk=row, state=HelpState.OPEN).update(
            state=HelpState.CLOSED,
            closed_at=line.closed_at or F("asked_at"),
            closed_by=by,
            closed_note=line.note,
        )


def take_met(box: VillageBox, line: MetLine) -> None:
    known = Arrived.objects.filter(kind=LineKind.MET, uid=line.id).first()
    if known is not None:
        return
    told: Any = tell_met(
        unit=unit_of(box, line.unit),
        kind=line.what,
        way=line.way,
        words=line.words,
        came_by=line.came_by,
    )
    MetFraud.objects.filter(pk=told.pk).update(told_at=line.told_at)
    Arrived.objects.create(box=box, kind=LineKind.MET, uid=line.id, row=told.pk)
