"""Once a day, and once only, staff hear of what they have not read; by the way that they chose."""

import pytest
from django.core import mail

from lms.notices.audiences import Audience
from lms.notices.choices import DigestBy, NoticeReason
from lms.notices.models import Delivery, Notice
from lms.notices.queries import unread_of
from lms.notices.services import tell
from lms.notices.services.digests import send_digests
from lms.notices.services.people import choose_digest, mark_read
from lms.notices.services.posting import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast, settings, clock):
    settings.EMAIL_HOST = "mail.example"
    officer = cast.street_officer
    officer.email, officer.telephone = "street@example.org", "+8619900000008"
    officer.save()
    for text in ("沙面社区的报表交上来了。", "和平社区的报表还没有交。"):
        tell(
            reason=NoticeReason.WORK,
            audience=Audience(people=[officer]),
            unit=cast.class_group.unit,
            staff_text=text,
        )
    return officer


def morning(clock, day="2026-12-04"):
    clock("08:30", day)
    made = send_digests()
    send_due()
    return made


def test_it_comes_once_and_tells_of_all(officer, clock):
    assert send_due() == 0  # by itself nothing rings
    assert morning(clock) == 1
    assert morning(clock) == 0
    [sent] = mail.outbox
    assert sent.to == [officer.email]
    assert "您有2条工作通知没有看" in sent.body
    assert "沙面社区的报表交上来了。" in sent.body
    assert morning(clock, "2026-12-05") == 1


def test_who_has_read_all_hears_nothing(officer, clock):
    assert unread_of(officer) == 2
    assert mark_read(officer) == 2
    assert morning(clock) == 0
    assert unread_of(officer) == 0


def test_by_short_message_it_says_only_how_many(officer, clock, company):
    choose_digest(officer, DigestBy.SMS)
    assert morning(clock) == 1
    [form] = company.taken
    assert form["TemplateParam"] == '{"count": "2"}'
    assert mail.outbox == []


def test_who_wants_none_gets_none(officer, clock):
    choose_digest(officer, DigestBy.NONE)
    assert morning(clock) == 0


def test_whose_role_is_over_hears_nothing(officer, clock):
    officer.role_assignments.update(until_date="2026-12-01")
    assert morning(clock) == 0


def test_the_digest_itself_is_not_among_the_notices(officer, clock):
    morning(clock)
    assert unread_of(officer) == 2
    assert Notice.objects.filter(reason=NoticeReason.DIGEST).count() == 1
    shown = Delivery.objects.on_page_of(officer)
    assert {each.notice.reason for each in shown} == {NoticeReason.WORK}
