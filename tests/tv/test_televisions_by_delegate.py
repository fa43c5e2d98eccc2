"""Family lets a learner's television in while its authority lasts, and can throw it out."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.people.choices import DelegateScope
from lms.people.services.learners import revoke_delegate
from lms.tv.models import Pairing, TelevisionPerson
from tests.tv.pairing import CONFIRM, FINISH, WHO, begin, let_in, user_on

pytestmark = pytest.mark.django_db


def test_family_may_confirm_for_an_elder_who_agreed(television, phone, delegate):
    let_in(phone, begin(television), delegate=delegate.pk)
    pairing = Pairing.objects.get()
    television.post(FINISH)
    delegate.learner.refresh_from_db()
    assert user_on(television) == delegate.learner.user
    assert pairing.delegate == delegate


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": DelegateScope.ENROL},
        {"revoked_at": timezone.now()},
        {"from_date": date(2020, 1, 1), "until_date": date(2020, 2, 1)},
    ],
    ids=["only to enrol", "taken back", "over"],
)
def test_a_delegate_that_does_not_cover_it_is_not_there(television, phone, delegate, changes):
    type(delegate).objects.filter(pk=delegate.pk).update(**changes)
    offer = begin(television)
    assert not phone.get(CONFIRM, {"code": offer.code}).context["delegates"]
    assert let_in(phone, offer, delegate=delegate.pk).status_code == 404
    assert Pairing.objects.get().confirmed_for is None


def outlive(delegate):
    yesterday = timezone.localdate() - timedelta(days=1)
    days = {"from_date": yesterday - timedelta(days=30), "until_date": timezone.localdate()}
    type(delegate).objects.filter(pk=delegate.pk).update(**days)


@pytest.fixture
def by_delegate(television, phone, delegate):
    """The daughter let the television in for her father."""
    let_in(phone, begin(television), delegate=delegate.pk)
    television.post(FINISH)
    delegate.learner.refresh_from_db()
    return TelevisionPerson.objects.get()


@pytest.mark.parametrize("stop", [revoke_delegate, outlive], ids=["taken back", "over"])
def test_an_authority_takes_the_television_along_when_it_ends(
    television, delegate, by_delegate, stop
):
    other = Client()
    other.cookies["television"] = television.cookies["television"].value
    assert user_on(television) == delegate.learner.user
    assert "黄伯" in other.get(WHO).content.decode()
    stop(delegate)
    assert not user_on(television).is_authenticated
    assert "黄伯" not in other.get(WHO).content.decode()
    assert other.post(reverse("tv:watch_as", args=[by_delegate.pk])).status_code == 404


@pytest.mark.parametrize("stop", [revoke_delegate, outlive], ids=["taken back", "over"])
def test_an_authority_that_ended_since_it_confirmed_lets_nothing_in(
    television, phone, delegate, stop
):
    let_in(phone, begin(television), delegate=delegate.pk)
    stop(delegate)
    assert television.post(FINISH).status_code == 409
    assert not user_on(television).is_authenticated
    assert not TelevisionPerson.objects.exists()


def test_whoever_let_it_in_for_a_learner_sees_it_and_throws_it_out(
    television, phone, by_delegate, django_user_model
):
    stranger = Client()
    stranger.force_login(django_user_model.objects.create_user("stranger"))
    revoke = reverse("tv:revoke", args=[by_delegate.pk])
    assert "家里的电视" not in stranger.get(reverse("tv:mine")).content.decode()
    assert stranger.post(revoke).status_code == 404
    page = phone.get(reverse("tv:mine")).content.decode()
    assert "黄伯（我替他办）" in page
    assert reverse("tv:rename", args=[by_delegate.pk]) not in page
    assert phone.get(reverse("tv:rename", args=[by_delegate.pk])).status_code == 404
    answer = phone.post(revoke, follow=True).content.decode()
    assert "已经退出，不再记着黄伯。" in answer
    assert not user_on(television).is_authenticated


def test_who_confirms_for_oneself_stays_when_the_authority_ends(television, delegate, by_delegate):
    own_phone = Client()
    own_phone.force_login(delegate.learner.user)
    let_in(own_phone, begin(television))
    television.post(FINISH)
    revoke_delegate(delegate)
    assert user_on(television) == delegate.learner.user


def test_an_authority_that_ends_leaves_who_let_oneself_in(
    television, phone, delegate, django_user_model
):
    delegate.learner.user = django_user_model.objects.create_user("huangbo")
    delegate.learner.save()
    own_phone = Client()
    own_phone.force_login(delegate.learner.user)
    for confirming, more in ((own_phone, {}), (phone, {"delegate": delegate.pk})):
        let_in(confirming, begin(television), **more)
        television.post(FINISH)
    revoke_delegate(delegate)
    assert user_on(television) == delegate.learner.user
