"""Whoever works for a manufacturer hears what became of a version in its review."""

import pytest

from lms.manuals.review.services.reviews import approve, return_version, submit
from lms.notices.models import Delivery
from lms.notices.queries import unread_of
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


def texts(user) -> list[str]:
    return [each.notice.staff_text for each in Delivery.objects.on_page_of(user)]


def test_they_hear_of_a_return_and_of_an_approval(client, cast, make_manual):
    version = submit(make_manual().open_version(), by=cast.maker)
    return_version(version, by=cast.reviewer, note="第二步看不懂。")
    assert texts(cast.maker) == [f"“{version.title}”退回来了，请看审核的人怎么说。"]
    other = submit(make_manual(model="KL-2").open_version(), by=cast.maker)
    approve(other, by=cast.reviewer)
    assert len(texts(cast.maker)) == 2
    assert unread_of(cast.reviewer) == 0
    client.force_login(cast.maker)
    assert "通知（2条没看）" in words(client.get("/workbench/"))
    assert "退回来了" in words(client.get("/accounts/notices/"))
