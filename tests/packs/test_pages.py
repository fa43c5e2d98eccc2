"""The page 课程盘: who opens it, what it asks, what is downloaded."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from lms.packs import leases
from lms.packs.choices import JobState, Quality
from lms.packs.demo import ask_for_demo_pack
from lms.packs.making import asking
from lms.packs.making.asking import ask_for_pack, forget_old_packs, make_waiting
from lms.packs.making.choosing import page_of_slug
from lms.packs.making.services import packs_folder
from lms.packs.models import PackMaking
from lms.packs.refusals import PackError
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

ROLES = (
    "anonymous", "stranger", "volunteer", "teacher", "auditor", "street_officer", "city_officer",
    "superuser",
)  # fmt: skip
IN, OK, DONE, NONE, WRONG = "sign-in", 200, 302, 404, 422


def row(outcome):
    return dict(zip(ROLES, [IN, NONE, NONE, NONE, NONE, outcome, outcome, outcome], strict=True))


#: Addresses of the line between cities and boxes have their own.
ACCESS = [
    ("home", "get", row(OK)),
    ("ask", "post", row(WRONG)),
    ("making", "get", row(OK)),
    ("part", "get", row(OK)),
]


@pytest.fixture
def room(lessons):
    return lessons[0].get_parent()


@pytest.fixture
def made(room, cast):
    scope, page = page_of_slug(classroom=room.slug)
    making = ask_for_pack(
        scope=scope, page=page, quality=Quality.SUBTITLED, makers=[], by=cast.city_officer
    )
    make_waiting()
    making.refresh_from_db()
    return making


@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_what_is_its_own(as_, made, who):
    browser = as_(who)
    arguments = {"making": [made.pk], "part": [made.pk, 1]}
    for name, method, outcomes in ACCESS:
        answer = getattr(browser, method)(reverse(f"packs:{name}", args=arguments.get(name)))
        if outcomes[who] == IN:
            assert answer["Location"].startswith("/accounts/login/"), name
        else:
            assert answer.status_code == outcomes[who], (name, method)
            answer.close()


def test_an_officer_sees_the_size_and_then_has_it_made(as_, room):
    browser = as_("street_officer")
    home = reverse("packs:home")
    assert "看看有多大" in words(browser.get(home))
    chosen = {"what": f"room-{room.pk}", "quality": "subtitled"}
    asked = words(browser.get(home, chosen))
    assert "节课，大约" in asked
    assert "请准备一个 4 GB 的U盘" in asked
    answer = browser.post(reverse("packs:ask"), chosen)
    waits = words(browser.get(answer["Location"]))
    assert "排着队" in waits
    make_waiting()
    done = words(browser.get(answer["Location"]))
    assert "做好了" in done
    assert "全部解压缩" in done


def test_what_is_downloaded_is_the_pack(as_, made):
    browser = as_("city_officer")
    url = reverse("packs:part", args=[made.pk, 1])
    answer = browser.get(url)
    content = b"".join(answer.streaming_content)
    answer.close()
    assert int(answer["Content-Length"]) == len(content)
    assert ZipFile(BytesIO(content)).testzip() is None
    rest = browser.get(url, HTTP_RANGE="bytes=1000-", HTTP_IF_RANGE=answer["ETag"])
    assert rest.status_code == 206
    assert b"".join(rest.streaming_content) == content[1000:]
    rest.close()
    other = browser.get(url, HTTP_RANGE="bytes=1000-", HTTP_IF_RANGE='"older"')
    assert other.status_code == 200
    other.close()
    assert browser.get(url, HTTP_RANGE=f"bytes={len(content)}-").status_code == 416
    assert browser.get(reverse("packs:part", args=[made.pk, 2])).status_code == 404


def test_downloads_leave_threads_for_learners(as_, made):
    browser = as_("city_officer")
    url = reverse("packs:part", args=[made.pk, 1])
    first, second = browser.get(url), browser.get(url)
    third = browser.get(url)
    assert third.status_code == 503
    assert "请过几分钟，再点一次" in words(third)
    first.close()
    fourth = browser.get(url)
    assert fourth.status_code == 200
    for answer in (second, fourth):
        answer.close()


def test_the_same_asked_twice_is_made_once(room, cast):
    scope, page = page_of_slug(classroom=room.slug)
    asked = [
        ask_for_pack(
            scope=scope, page=page, quality=Quality.SUBTITLED, makers=[], by=cast.city_officer
        )
        for _time in range(2)
    ]
    assert asked[0] == asked[1]
    assert make_waiting() == 1


def test_a_worker_that_died_is_followed_by_another(room, cast):
    scope, page = page_of_slug(classroom=room.slug)
    making = ask_for_pack(
        scope=scope, page=page, quality=Quality.SUBTITLED, makers=[], by=cast.city_officer
    )
    dead = leases.claim(PackMaking)
    assert dead is not None
    assert leases.claim(PackMaking) is None
    PackMaking.objects.filter(pk=making.pk).update(
        lease_until=timezone.now() - timedelta(minutes=1)
    )
    assert make_waiting() == 1
    making.refresh_from_db()
    assert making.state == JobState.DONE
    with pytest.raises(leases.JobLost):
        leases.hold(dead, progress=7)


def test_what_dies_three_times_fails_and_says_so(room, cast):
    scope, page = page_of_slug(classroom=room.slug)
    making = ask_for_pack(
        scope=scope, page=page, quality=Quality.SUBTITLED, makers=[], by=cast.city_officer
    )
    for _time in range(leases.MAX_ATTEMPTS):
        assert leases.claim(PackMaking) is not None
        PackMaking.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
        if PackMaking.objects.get().attempts < leases.MAX_ATTEMPTS:
            leases.return_abandoned(PackMaking, "")
    make_waiting()
    making.refresh_from_db()
    assert making.state == JobState.FAILED
    assert "中断了3次" in making.message


def test_a_failure_is_a_sentence_on_the_page(as_, room, cast, monkeypatch):
    scope, page = page_of_slug(classroom=room.slug)
    making = ask_for_pack(
        scope=scope, page=page, quality=Quality.SUBTITLED, makers=[], by=cast.city_officer
    )

    def full(*_given, **_rest):
        raise PackError("放不下：还要写 3.4 GB。")

    monkeypatch.setattr(asking, "make_pack", full)
    make_waiting()
    shown = words(as_("city_officer").get(reverse("packs:making", args=[making.pk])))
    assert "放不下：还要写 3.4 GB。" in shown
    assert "再做一次" in shown


def test_a_pack_of_which_a_newer_was_made_leads_there(as_, made, lessons, cast):
    lessons[0].goal = "会看二维码"
    lessons[0].save()
    newer = ask_for_pack(
        scope=made.scope, page=made.page, quality=made.quality, makers=[], by=cast.city_officer
    )
    make_waiting()
    newer.refresh_from_db()
    assert newer.files_written == 2
    shown = as_("city_officer").get(reverse("packs:making", args=[made.pk]))
    assert reverse("packs:making", args=[newer.pk]) in shown.content.decode()


def test_packs_that_nobody_wants_go(made):
    assert forget_old_packs() == 0
    PackMaking.objects.update(asked_at=timezone.now() - timedelta(days=91))
    assert forget_old_packs() == 1
    assert list(packs_folder().iterdir()) == []


def test_the_demo_has_a_pack_that_the_worker_makes_once_the_start_is_over(room):
    assert ask_for_demo_pack() is None, "no demo here"
    get_user_model().objects.create_user("street")
    making = ask_for_demo_pack()
    assert make_waiting() == 0, "the first minutes are for the start"
    PackMaking.objects.update(lease_until=timezone.now())
    assert make_waiting() == 1
    making.refresh_from_db()
    assert making.state == JobState.DONE
    assert ask_for_demo_pack() is None
