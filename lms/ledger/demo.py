"""A ledger to try: the plan's thirty-four measures with days, progress, a pressing and evidence."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.ledger.choices import Figure
from lms.ledger.models import Measure
from lms.ledger.services.evidence import add_link
from lms.ledger.services.pressing import answer_pressing, press_measure
from lms.ledger.services.rows import close_measure, edit_measure
from lms.ledger.services.starter import bring_in_plan
from lms.units.models import Unit

CITY, STREET = "4401", "440103001"
#: Accounts of make_demo_accounts: who presses, who answers, who has to do it.
STAFF = ("city", "street", "teacher")
#: By the number of a measure: days from today to its beginning and to its end, how far it is, and
#: what is said of it.
DAYS = {
    1: (-300, -40, 100, "各区都开了不查码的通道。"),
    11: (-200, 5, 80, "九个区设了人工窗口。"),
    12: (-150, 30, 50, "专线开通了，专窗还差三个区。"),
    17: (-120, -12, 40, "电召车在试。"),
    20: (-180, 60, 70, ""),
    28: (-90, 120, 30, "两家银行改好了。"),
    31: (-330, 31, None, "每周都有课。"),
    32: (-60, 90, 20, ""),
    34: (-240, 3, 60, "志愿者培训了两期。"),
}


@transaction.atomic
def make_demo_ledger() -> int:
    """Of invented doings. Returns how many rows were made; 0 where there are units or accounts
    missing, or rows already."""
    units = Unit.objects.in_bulk([CITY, STREET], field_name="code")
    people = {user.username: user for user in User.objects.filter(username__in=STAFF)}
    if len(units) < 2 or len(people) < len(STAFF) or Measure.objects.exists():
        return 0
    city, street = units[CITY], units[STREET]
    by, helper, teacher = (people[name] for name in STAFF)
    made = bring_in_plan(unit=city, by=by)
    rows = {row.number: row for row in Measure.objects.filter(unit=city)}
    today = timezone.localdate()
    for number, (begins, ends, percent, said) in DAYS.items():
        fields: dict[str, Any] = {
            "starts_on": today + timedelta(days=begins),
            "due_on": today + timedelta(days=ends),
            "percent": percent,
            "progress": said,
        }
        _edit(rows[str(number)], fields, by=by)
    led: dict[str, Any] = {"figure": Figure.HELD, "goal": 60, "year": today.year}
    led |= {"lead": street.name, "lead_unit": street}
    led |= {"person": teacher, "person_name": teacher.shown_name()}
    _edit(rows["31"], led, by=by)
    _edit(rows["17"], {"lead": street.name, "lead_unit": street}, by=by)
    close_measure(rows["1"], by=by)
    add_link(rows["31"], link="https://www.gov.cn/", title="国务院办公厅的实施方案", by=teacher)
    press_measure(rows["34"], words="请报本月培训了多少志愿者。", answer_by=today, by=by)
    answer_pressing(rows["34"], answer="本月培训42人，名单在佐证里。", by=helper)
    press_measure(rows["17"], words="电召车什么时候全区开通？", answer_by=today, by=by)
    _put_back(rows["17"], asked=today - timedelta(days=16), term=7)
    return made


def _edit(row: Measure, fields: dict[str, Any], *, by: User) -> None:
    row.refresh_from_db()
    edit_measure(row, fields=fields, version=row.version, by=by)


def _put_back(row: Measure, *, asked: date, term: int) -> None:
    """As if it had been asked then: a demo has only this moment."""
    assert settings.DEMO_ALLOWED
    row.pressings.open().update(pressed_on=asked, answer_by=asked + timedelta(days=term))
