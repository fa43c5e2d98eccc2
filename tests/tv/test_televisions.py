"""A phone lets a television in; nobody else's screen gets in with what was overheard."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.progress.models import LearnerRecord
from lms.classes.models import ClassGroup
from lms.people.models import Learner
from lms.people.services.learners import register_learner
from lms.tv.models import Pairing, Television, TelevisionPerson
from lms.units.models import Unit
from tests.courses.lessons import make_lessons
from tests.staff_pages import session_of
from tests.tv.pairing import CONFIRM, FINISH, WHO, begin, let_in, user_on

pytestmark = pytest.mark.django_db


def state(television):
    return television.get(reverse("tv:pair_state")).json()["state"]


def test_a_confirmed_television_is_signed_in_with_another_session_key(
    television, phone, grandmother
):
    offer = begin(television)
    assert state(television) == "waiting"
    before = television.session.session_key
    assert let_in(phone, offer).status_code == 200
    assert state(television) == "confirmed"
    television.post(FINISH)
    assert user_on(television) == grandmother
    assert television.session.session_key not in {None, before}
    assert "陈阿婆" in television.get(WHO).content.decode()


def test_what_was_learnt_on_the_household_s_screen_goes_along_with_nobody(
    television, phone, grandmother
):
    lesson = make_lessons(1)[0]
    television.get(lesson.url)
    television.get(lesson.url, {"answer": "0"})
    let_in(phone, begin(television))
    television.post(FINISH)
    assert user_on(television) == grandmother
    assert LearnerRecord.objects.get().user is None
    television.get(lesson.url)
    television.get(lesson.url, {"answer": "0"})
    assert grandmother.learner_record.lessons.count() == 1


def test_the_digits_from_the_square_lead_to_three_numbers_one_of_which_is_right(television, phone):
    offer = begin(television)
    page = phone.get(CONFIRM, {"code": offer.code})
    assert offer.match in page.context["offered"]
    assert len(set(page.context["offered"])) == 3
    assert page.context["offered"] == phone.get(CONFIRM, {"code": offer.code}).context["offered"]


def test_another_number_than_the_screens_ends_the_pairing(television, phone):
    offer = begin(television)
    assert let_in(phone, offer, match=99 if offer.match != 99 else 98).status_code == 409
    assert let_in(phone, offer).status_code == 422
    assert state(television) == "over"
    assert television.post(FINISH).status_code == 409
    assert not user_on(television).is_authenticated


def test_digits_that_were_overheard_are_of_no_use_on_another_screen(television, phone):
    offer = begin(television)
    let_in(phone, offer)
    thief = Client()
    assert thief.post(FINISH).status_code == 409
    begin(thief)
    assert thief.post(FINISH).status_code == 409
    assert not user_on(thief).is_authenticated
    assert state(television) == "confirmed"


def test_a_token_that_the_server_did_not_sign_is_nothing(television, phone):
    offer = begin(television)
    let_in(phone, offer)
    thief = Client()
    thief.cookies["pairing"] = offer.token
    assert thief.post(FINISH).status_code == 409


def test_a_pairing_is_used_once(television, phone):
    offer = begin(television)
    let_in(phone, offer)
    assert let_in(phone, offer).status_code == 422
    copy = Client()
    copy.cookies["pairing"] = television.cookies["pairing"].value
    assert television.post(FINISH).status_code == 302
    assert copy.post(FINISH).status_code == 409
    assert not user_on(copy).is_authenticated


def test_after_ten_minutes_it_is_over(television, phone):
    offer = begin(television)
    Pairing.objects.update(made_at=timezone.now() - timedelta(minutes=10))
    assert let_in(phone, offer).status_code == 422
    assert state(television) == "over"


def test_a_confirmed_one_is_over_after_ten_minutes_too(television, phone):
    let_in(phone, begin(television))
    Pairing.objects.update(made_at=timezone.now() - timedelta(minutes=10))
    assert television.post(FINISH).status_code == 409


def test_wrong_digits_are_limited_by_person_and_by_address(television, phone, django_user_model):
    offer = begin(television)
    wrong = [phone.post(CONFIRM, {"code": "000000"}).status_code for _ in range(6)]
    assert wrong == [422] * 5 + [429]
    assert let_in(phone, offer).status_code == 429  # the right ones are not looked at any more
    answers = []
    for number in range(4):
        client = Client()
        client.force_login(django_user_model.objects.create_user(f"stranger{number}"))
        answers += [client.post(CONFIRM, {"code": "000000"}).status_code for _ in range(5)]
    assert answers[-1] == 429  # each person had tries left, their address had not


def test_neither_digits_nor_token_are_stored(television):
    offer = begin(television)
    stored = " ".join(str(value) for value in Pairing.objects.values_list().get())
    assert offer.code not in stored
    assert offer.token not in stored


def test_an_account_that_works_here_cannot_go_on_a_television(television, django_user_model):
    office = Client()
    office.force_login(django_user_model.objects.create_superuser("office"))
    answer = let_in(office, begin(television))
    assert "工作用的名字不能记到电视上" in answer.content.decode()
    assert television.post(FINISH).status_code == 409


def test_a_phone_that_is_not_signed_in_is_asked_for_its_number_and_led_back(television):
    offer = begin(television)
    sent = Client().get(CONFIRM, {"code": offer.code})
    assert sent.url == f"/accounts/code/?next={CONFIRM}%3Fcode%3D{offer.code}"


def test_a_second_person_of_the_household_gets_another_picture(
    television, phone, grandmother, django_user_model
):
    let_in(phone, begin(television))
    television.post(FINISH)
    grandfather = django_user_model.objects.create_user("laohuang")
    his_phone = Client()
    his_phone.force_login(grandfather)
    let_in(his_phone, begin(television))
    television.post(FINISH)
    assert user_on(television) == grandfather
    [hers, his] = Television.objects.get().people.all()
    assert hers.picture != his.picture
    television.post(reverse("tv:watch_as", args=[hers.pk]))
    assert user_on(television) == grandmother


def test_a_picture_opens_nothing_from_another_screen(television, phone):
    let_in(phone, begin(television))
    television.post(FINISH)
    person = TelevisionPerson.objects.get()
    assert Client().post(reverse("tv:watch_as", args=[person.pk])).status_code == 404


def test_a_television_thrown_out_from_the_phone_is_out_at_its_next_request(
    television, phone, grandmother
):
    let_in(phone, begin(television))
    television.post(FINISH)
    person = TelevisionPerson.objects.get()
    stranger = Client()
    stranger.force_login(type(grandmother).objects.create_user("stranger"))
    assert stranger.post(reverse("tv:revoke", args=[person.pk])).status_code == 404
    assert user_on(television) == grandmother
    phone.post(reverse("tv:revoke", args=[person.pk]))
    assert not user_on(television).is_authenticated
    assert not Television.objects.exists()
    assert television.post(reverse("tv:watch_as", args=[person.pk])).status_code == 404


# --- The household's televisions ----------------------------------------------------------------


@pytest.fixture
def at_home(television, phone):
    """The grandmother watches on her own television."""
    let_in(phone, begin(television))
    television.post(FINISH)
    return TelevisionPerson.objects.get()


def test_a_television_is_renamed_from_the_phone_of_who_watches_on_it(phone, at_home):
    url = reverse("tv:rename", args=[at_home.pk])
    assert "请写一个名字" in phone.post(url, {"name": " "}).content.decode()
    phone.post(url, {"name": "客厅的电视"})
    assert "客厅的电视" in phone.get(reverse("tv:mine")).content.decode()


def test_a_stranger_neither_sees_nor_renames_it(at_home, django_user_model):
    stranger = Client()
    stranger.force_login(django_user_model.objects.create_user("stranger"))
    url = reverse("tv:rename", args=[at_home.pk])
    assert [stranger.get(url).status_code, stranger.post(url, {"name": "我的"}).status_code] == [
        404,
        404,
    ]
    assert "家里的电视" not in stranger.get(reverse("tv:mine")).content.decode()


def test_signing_out_everywhere_ends_a_television_and_its_picture_too(television, phone, at_home):
    phone.post(reverse("sign_out_everywhere"))
    assert not user_on(television).is_authenticated
    assert television.post(reverse("tv:watch_as", args=[at_home.pk])).status_code == 404
    assert "陈阿婆" not in television.get(WHO).content.decode()
    assert "家里的电视" not in phone.get(reverse("tv:mine")).content.decode()


def test_after_it_a_television_can_be_let_in_again(television, phone, at_home, grandmother):
    phone.post(reverse("sign_out_everywhere"))
    let_in(phone, begin(television))
    television.post(FINISH)
    assert user_on(television) == grandmother
    television.post("/accounts/logout/")
    person = TelevisionPerson.objects.get()
    television.post(reverse("tv:watch_as", args=[person.pk]))
    assert user_on(television) == grandmother


ON_PHONE = reverse("tv:on_phone")


@pytest.mark.parametrize(
    "url",
    [
        reverse("account"),
        reverse("account_name"),
        reverse("account_change_phone"),
        reverse("account_verify_phone"),
        reverse("account_change_password"),
        reverse("sign_out_everywhere"),
        reverse("mfa_activate_totp"),
        CONFIRM,
        reverse("tv:mine"),
    ],
)
def test_whoever_sits_before_a_television_changes_nobodys_account(television, phone, at_home, url):
    for answer in (television.get(url), television.post(url, {"digits": "19900000009"})):
        assert answer.url == ON_PHONE
    assert phone.get(url).headers.get("Location") != ON_PHONE


def test_a_visitor_before_it_neither_throws_it_out_nor_leaves_it_no_way_out(television, at_home):
    television.post(reverse("tv:revoke", args=[at_home.pk]))
    assert TelevisionPerson.objects.get() == at_home
    television.post("/accounts/logout/")
    assert not user_on(television).is_authenticated


def test_home_on_a_paired_television_shows_the_classes_where_its_people_live(
    television, phone, grandmother
):
    make_lessons(1)
    village = Unit.add_root(code="440103001001", name="翠洲社区", level="village")
    register_learner(name="陈阿婆", unit=village)
    Learner.objects.update(user=grandmother)
    group = ClassGroup.objects.create(
        unit=village,
        title="翠洲手机班",
        kind="village",
        starts_on="2026-09-01",
        ends_on="2027-01-31",
    )
    session_of(group, hours=3)
    let_in(phone, begin(television))
    television.post(FINISH)
    television.post(reverse("account_logout"))
    assert not user_on(television).is_authenticated
    assert "翠洲手机班" in television.get("/").content.decode()
    assert "翠洲手机班" not in Client().get("/").content.decode()
    elsewhere = Unit.add_root(code="440103001002", name="和平社区", level="village")
    Learner.objects.update(unit=elsewhere)
    assert "翠洲手机班" not in television.get("/").content.decode()
