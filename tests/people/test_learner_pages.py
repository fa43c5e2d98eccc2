"""What is kept of a learner, who may act for the learner, and how the learner is forgotten."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.accounts.services import account_of_telephone
from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol
from lms.people.choices import Consent, DelegateScope
from lms.people.models import ERASED_NAME, Delegate, Learner
from lms.people.services.errors import PersonRefused
from lms.people.services.learners import (
    DELEGATE_DAYS,
    appoint_delegate,
    erase_learner,
    register_learner,
)
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def learner(cast):
    return cast.learners[0]


@pytest.fixture
def daughter(django_user_model):
    return django_user_model.objects.create_user("13800000000", last_name="陈", first_name="小妹")


@pytest.fixture
def terms(cast, learner, daughter):
    """What a good authority says; each test spoils one thing."""
    return {
        "learner": learner,
        "person": daughter,
        "relation": "女儿",
        "scope": DelegateScope.ENROL,
        "consent": Consent.SIGNED,
        "recorded_by": cast.teacher,
        "until_date": in_days(90),
    }


@pytest.fixture
def delegate_form():
    def form(**changes):
        return {
            "person": "13800000000",
            "relation": "女儿",
            "scope": "enrol",
            "consent": "signed",
            "last_day": in_days(30).isoformat(),
            **changes,
        }

    return form


# --- The learner's page


def test_a_teacher_reads_and_puts_right_what_is_kept_of_an_own_learner(as_, begun, learner):
    url = f"/classes/learners/{learner.number}/"
    page = words(as_("teacher").get(url))
    for said in (learner.number[:3], "1950年", "翠洲社区", "翠洲手机班", "在班"):
        assert said in page
    sent = {"name": "陈 阿婆", "birth_year": "1949", "telephone": "020-81000000"}
    page = words(as_("teacher").post(f"{url}edit/", sent, follow=True))
    assert "020-81000000" in page
    learner.refresh_from_db()
    assert (learner.name, learner.birth_year) == ("陈阿婆", 1949)


def test_a_year_that_cannot_be_is_refused_and_nothing_changes(as_, begun, learner):
    url = f"/classes/learners/{learner.number}/edit/"
    assert as_("teacher").post(url, {"name": "陈", "birth_year": "50"}).status_code == 422
    learner.refresh_from_db()
    assert (learner.name, learner.birth_year) == ("陈阿婆", 1950)


def test_who_has_left_the_class_is_no_longer_the_teachers_to_look_up(as_, begun, cast, learner):
    url = f"/classes/learners/{learner.number}/"
    learner.enrolments.update(state="left", left_at=timezone.now())
    assert as_("teacher").get(url).status_code == 404
    assert as_("street_officer").get(url).status_code == 200


def test_an_officer_reads_a_neighbour_who_comes_to_a_class_of_the_own_street(as_, cast, units):
    """Else the class's list would show a name that leads nowhere, and a card without its code."""
    far = register_learner(name="远客", unit=units["440103002001"])
    urls = [f"/classes/learners/{far.number}/", f"/classes/qr/{far.number}.svg"]
    assert [as_("street_officer").get(url).status_code for url in urls] == [404, 404]
    enrol(far, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.city_officer)
    assert [as_("street_officer").get(url).status_code for url in urls] == [200, 200]
    assert as_("auditor").get(urls[0]).status_code == 404


def test_the_class_page_leads_to_each_learner_who_is_in_it(as_, begun, cast, learner):
    page = as_("teacher").get(f"/classes/{cast.class_group.pk}/").content.decode()
    assert f'href="/classes/learners/{learner.number}/"' in page
    page = as_("auditor").get(f"/classes/{cast.class_group.pk}/").content.decode()
    assert "/classes/learners/" not in page


# --- Who may act for a learner


def test_an_authority_is_registered_used_and_taken_back_on_the_learners_page(
    as_, cast, learner, daughter, delegate_form
):
    url = f"/classes/learners/{learner.number}/"
    enrol(learner, cast.other_class, door=Door.IN_PERSON, recorded_by=cast.city_officer)
    client = as_("street_officer")
    page = words(client.post(f"{url}proxies/new/", delegate_form(), follow=True))
    assert "陈小妹（女儿）可以为陈阿婆代报名" in page
    delegate = Delegate.objects.get()
    assert (delegate.person, delegate.last_day) == (daughter, in_days(30))
    sent = {"number-number": learner.number, "number-door": "delegate"}
    client.post(f"/classes/{cast.class_group.pk}/enrol/number/", sent)
    page = words(client.get(url))
    assert "代办过的事" in page
    assert "陈小妹（女儿）报名“翠洲手机班”" in page
    page = words(client.post(f"{url}proxies/{delegate.pk}/revoke/", follow=True))
    assert "收回了" in page
    assert not Delegate.objects.in_force().exists()
    assert Enrolment.objects.get(class_group=cast.class_group).delegate == delegate
    assert client.post(f"{url}proxies/{delegate.pk}/revoke/").status_code == 404


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"person": "nobody"}, "没有找到“nobody”这个账号"),
        ({"consent": "spoken"}, "口头同意要有见证人"),
        ({"last_day": "2020-01-01"}, "最少一天，最长一年"),
        ({"last_day": "2099-01-01"}, "最少一天，最长一年"),
        ({"person": "street"}, "不能登记自己替别人代办"),
        ({"scope": "everything"}, "请在列出的里面选一个。"),
    ],
)
def test_what_is_wrong_with_an_authority_is_said_and_none_is_made(
    as_, learner, daughter, delegate_form, spoil, said
):
    url = f"/classes/learners/{learner.number}/proxies/new/"
    response = as_("street_officer").post(url, delegate_form(**spoil))
    assert response.status_code == 422
    assert said in words(response)
    assert not Delegate.objects.exists()


def test_a_telephone_finds_the_account_of_who_learns_too(as_, learner, daughter, delegate_form):
    other = register_learner(name="陈小妹", unit=learner.unit, telephone="020-81112222")
    other.user = daughter
    other.save()
    sent = delegate_form(person="020-81112222", consent="spoken", witness="林主任")
    as_("street_officer").post(f"/classes/learners/{learner.number}/proxies/new/", sent)
    assert (Delegate.objects.get().person, Delegate.objects.get().witness) == (daughter, "林主任")


@pytest.mark.parametrize("typed", ["199 0000 0007", "+8619900000007"])
def test_somebody_who_signs_in_by_telephone_is_found_by_it(as_, learner, delegate_form, typed):
    daughter = account_of_telephone("+8619900000007")
    page = as_("street_officer").post(
        f"/classes/learners/{learner.number}/proxies/new/", delegate_form(person=typed), follow=True
    )
    assert Delegate.objects.get().person == daughter
    assert "手机尾号0007（女儿）可以为陈阿婆代报名" in words(page)


@pytest.mark.parametrize("days", [0, -1, DELEGATE_DAYS + 1])
def test_an_authority_lasts_a_day_at_least_and_a_year_at_most(terms, days):
    with pytest.raises(PersonRefused, match="最长一年"):
        appoint_delegate(**{**terms, "until_date": in_days(days)})
    assert appoint_delegate(**{**terms, "until_date": in_days(DELEGATE_DAYS)}).is_in_force


def test_nobody_needs_an_authority_over_oneself_or_the_same_twice(terms, learner, daughter):
    appoint_delegate(**terms)
    with pytest.raises(PersonRefused, match="已经登记过"):
        appoint_delegate(**terms)
    learner.user = daughter
    learner.save()
    with pytest.raises(PersonRefused, match="本人办事不用代办"):
        appoint_delegate(**{**terms, "scope": DelegateScope.ALL})


def test_the_database_itself_keeps_no_spoken_consent_without_a_witness(terms):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegate.objects.create(**{**terms, "consent": Consent.SPOKEN})


# --- Forgetting a learner


@pytest.fixture
def erased(cast, begun, learner, terms):
    """Forgotten, after a year of classes: marked once, enrolled by a daughter into a second."""
    mark_on_page(
        begun, statuses={learner.number: AttendanceStatus.PRESENT}, recorded_by=cast.teacher
    )
    delegate = appoint_delegate(**terms)
    enrol(
        learner, cast.other_class, door=Door.DELEGATE, recorded_by=cast.teacher, delegate=delegate
    )
    learner.telephone = "020-81000000"
    learner.save()
    number = learner.number
    erase_learner(learner, reason="本人要求", erased_by=cast.street_officer)
    return Learner.objects.get(pk=learner.pk), number


def test_an_erased_learner_is_nobody_and_the_counts_stay(erased, cast, begun, daughter):
    learner, number = erased
    assert (learner.name, learner.birth_year, learner.telephone) == (ERASED_NAME, None, "")
    assert learner.number != number
    assert set(learner.enrolments.values_list("state", flat=True)) == {"left"}
    delegate = learner.delegates.get()
    assert (delegate.person, delegate.relation, delegate.is_in_force) == (None, "", False)
    assert begun.attendance_records.filter(status=AttendanceStatus.PRESENT).count() == 1
    assert (learner.erased_by, learner.erasure_reason) == (cast.street_officer, "本人要求")


def test_no_page_says_the_name_of_an_erased_learner_any_more(as_, erased, cast, begun):
    learner, number = erased
    client = as_("street_officer")
    urls = [f"/classes/{cast.class_group.pk}/", f"/classes/sessions/{begun.pk}/"]
    for url in [*urls, f"/classes/learners/{learner.number}/"]:
        response = client.get(url)
        assert response.status_code == 200
        assert ERASED_NAME in words(response)
        for gone in ("陈阿婆", number, "女儿", "陈小妹"):
            assert gone not in response.content.decode()
    assert client.get(f"/classes/learners/{number}/").status_code == 404


def test_the_old_card_of_an_erased_learner_puts_nobody_into_a_class(as_, erased, cast):
    learner, number = erased
    url = f"/classes/{cast.class_group.pk}/enrol/number/"
    for old_or_new in (number, learner.number):
        sent = {"number-number": old_or_new, "number-door": "in_person"}
        assert "这里没有这个学员号" in words(as_("city_officer").post(url, sent))


def test_who_waited_moves_up_when_a_learner_is_erased(cast, learner):
    cast.class_group.capacity = 1
    cast.class_group.save()
    for each in cast.learners[:2]:
        enrol(each, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    erase_learner(learner, reason="本人要求", erased_by=cast.street_officer)
    assert cast.learners[1].enrolments.get().state == "enrolled"


def test_the_page_before_says_what_goes_and_what_stays_and_writes_nothing(as_, begun, learner):
    url = f"/classes/learners/{learner.number}/erase/"
    page = words(as_("street_officer").get(url))
    for said in ("还没有注销", "旧卡作废", "班里的位子和排队：1个", "0次出勤"):
        assert said in page
    assert as_("street_officer").post(url, {"reason": " "}).status_code == 422
    learner.refresh_from_db()
    assert learner.erased_at is None


def test_nobody_is_erased_twice_or_changed_afterwards(erased, cast, terms):
    learner, _number = erased
    with pytest.raises(PersonRefused, match="已经注销"):
        erase_learner(learner, reason="又一次", erased_by=cast.street_officer)
    with pytest.raises(PersonRefused, match="已经注销"):
        appoint_delegate(**{**terms, "learner": learner})


@pytest.mark.parametrize(
    "left", [{"name": "陈阿婆"}, {"birth_year": 1950}, {"telephone": "1"}, {"erasure_reason": ""}]
)
def test_the_database_lets_nothing_personal_stay_with_an_erased_learner(erased, left):
    learner, _number = erased
    with pytest.raises(IntegrityError), transaction.atomic():
        Learner.objects.filter(pk=learner.pk).update(**left)


def test_a_delegate_ends_on_the_day_after_its_last(terms):
    delegate = appoint_delegate(**{**terms, "until_date": in_days(1)})
    assert delegate.last_day == timezone.localdate()
    assert delegate.is_in_force
    Delegate.objects.update(from_date=date(2020, 1, 1), until_date=in_days(0))
    delegate.refresh_from_db()
    assert not delegate.is_in_force
