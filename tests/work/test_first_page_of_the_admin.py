"""The admin's first page says what waits for whoever opened it, and what waits for its day."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from courses.models import LessonPage
from lms.manuals.models import Organisation
from media.models import Video
from subtitles.choices import TrackState
from subtitles.models import Track
from tests.staff_pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]
DAY = timedelta(days=1)


@pytest.fixture
def editor(django_user_model):
    user = django_user_model.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


@pytest.fixture
def first_page(client):
    def opened(user) -> str:
        client.force_login(user)
        return words(client.get("/admin/"))

    return opened


def planned(slug: str, **dates) -> LessonPage:
    lesson = LessonPage.objects.get(slug=slug)
    for name, when in dates.items():
        setattr(lesson, name, when)
    lesson.save_revision().publish()
    return lesson


def test_what_is_to_appear_and_to_go_stands_there_with_its_minute(editor, first_page):
    assert "等着发布" not in first_page(editor)
    at = timezone.localtime(timezone.now() + DAY).replace(second=0)
    going = planned("qr-inside", expire_at=at + DAY)
    coming = planned("scan-to-pay", go_live_at=at)
    page = first_page(editor)
    rows = [
        f"{coming.title} 上线 {at:%Y-%m-%d %H:%M}",
        f"{going.title} 下线 {at + DAY:%Y-%m-%d %H:%M}",
    ]
    places = [page.find(row) for row in rows]
    assert -1 not in places, page
    assert places == sorted(places)  # the soonest first


def test_a_maker_who_applies_and_subtitles_to_check_wait_for_whom_they_concern(
    editor, first_page, admin_user, django_user_model
):
    Track.objects.create(
        video=Video.objects.create(title="片子"), language="zh", state=TrackState.MACHINE
    )
    Organisation.objects.create(
        name="晴禾坡", code="91440101MA5ABCDE1X", contact="李工", telephone="02012345678",
        email="li@maker.example", applied_at=timezone.now(),
    )  # fmt: skip
    page = first_page(admin_user)
    assert "1部字幕还没有核对" in page
    assert "1家厂商在申请" in page
    assert "1家厂商在申请" not in first_page(editor)
