"""Several people in one organisation: invited by a link that ends, with roles, removed again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.manuals.choices import MemberRole, OrganisationState
from lms.manuals.editor.services.people import (
    MOST_INVITATIONS,
    PeopleRefused,
    change_role,
    invite,
    join,
    open_invitation,
    remove_member,
    withdraw_invitation,
)
from lms.manuals.models import Invitation, Membership, Organisation
from tests.units.unit_pages import text_of


@pytest.fixture
def invited(cast):
    """The token of an invitation of 康乐's."""
    _invitation, token = invite(
        cast.organisation, name="陆晓", role=MemberRole.EDITOR, by=cast.maker
    )
    return token


def address_of(token):
    return reverse("manufacturers:join", args=[token])


def test_whoever_has_the_link_makes_an_account_and_writes(as_, cast, invited):
    client = as_("anonymous")
    page = client.get(address_of(invited)).content.decode()
    assert "康乐医疗器械有限公司" in page
    new = {
        "name": "陆晓", "username": "luxiao",
        "password": "kang-le-2026", "password_again": "kang-le-2026",
    }  # fmt: skip
    assert client.post(address_of(invited), new).url == reverse("workbench:home")
    member = Membership.objects.get(user__username="luxiao")
    assert (member.organisation, member.role) == (cast.organisation, MemberRole.EDITOR)
    assert client.get(reverse("workbench:home")).status_code == 200
    assert as_("stranger").get(address_of(invited)).status_code == 404  # it was good once


def test_whoever_is_signed_in_joins_with_that_account(as_, cast, invited):
    client = as_("stranger")
    assert client.get(address_of(invited)).status_code == 200
    assert client.post(address_of(invited)).url == reverse("workbench:home")
    assert Membership.objects.get(user=cast.stranger).organisation == cast.organisation


def test_nobody_works_for_two(as_, cast, invited):
    answer = as_("rival").post(address_of(invited), follow=True)
    assert "已经在一家厂商" in text_of(answer)
    assert Membership.objects.get(user=cast.rival).organisation == cast.rivals
    assert open_invitation(invited) is not None


def test_a_link_ends_after_seven_days_and_with_its_organisation(as_, cast, invited):
    invitation = Invitation.objects.get()
    days = invitation.ends_at - timezone.now()
    assert timedelta(days=6, hours=23) < days <= timedelta(days=7)
    Organisation.objects.filter(pk=cast.organisation.pk).update(state=OrganisationState.SUSPENDED)
    assert open_invitation(invited) is None
    Organisation.objects.filter(pk=cast.organisation.pk).update(state=OrganisationState.ACTIVE)
    assert open_invitation(invited) is not None
    Invitation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    answer = as_("stranger").post(address_of(invited))
    assert answer.status_code == 404
    assert "过期了" in text_of(answer)
    with pytest.raises(PeopleRefused):
        join(invited, user=cast.stranger)


def test_only_the_digest_of_a_link_is_kept(cast, invited):
    assert invited not in str(Invitation.objects.values())


@pytest.mark.parametrize("act", ["invite", "withdraw", "remove", "role"])
def test_only_an_owner_invites_removes_and_gives_roles(cast, invited, act):
    member = cast.organisation.members.get(user=cast.maker)
    acts = {
        "invite": lambda: invite(
            cast.organisation, name="她", role=MemberRole.EDITOR, by=cast.colleague
        ),
        "withdraw": lambda: withdraw_invitation(Invitation.objects.get(), by=cast.colleague),
        "remove": lambda: remove_member(member, by=cast.colleague),
        "role": lambda: change_role(member, role=MemberRole.EDITOR, by=cast.rival),
    }
    with pytest.raises(PeopleRefused, match="负责人"):
        acts[act]()


def test_the_last_owner_stays(cast):
    last = cast.organisation.members.get(user=cast.maker)
    other = cast.organisation.members.get(user=cast.colleague)
    for act in (
        lambda: remove_member(last, by=cast.maker),
        lambda: change_role(last, role=MemberRole.EDITOR, by=cast.maker),
    ):
        with pytest.raises(PeopleRefused, match="总要有一位"):
            act()
    change_role(other, role=MemberRole.OWNER, by=cast.maker)
    remove_member(last, by=cast.maker)
    assert list(cast.organisation.members.all()) == [other]


def test_whoever_was_removed_is_out_at_the_next_request(as_, cast):
    client = as_("colleague")
    assert client.get(reverse("workbench:home")).status_code == 200
    remove_member(cast.organisation.members.get(user=cast.colleague), by=cast.maker)
    assert client.get(reverse("workbench:home")).status_code == 404


def test_the_page_shows_the_link_once_and_does_the_rest(as_, cast):
    client, people = as_("maker"), reverse("workbench:people")
    page = text_of(client.post(people, {"do": "invite", "name": "陆晓", "role": "editor"}))
    assert "/manufacturers/join/" in page
    page = text_of(client.get(people))
    assert "/manufacturers/join/" not in page
    assert "陆晓" in page
    assert client.post(people, {"do": "invite", "name": "", "role": "editor"}).status_code == 422
    client.post(people, {"do": f"withdraw:{Invitation.objects.get().pk}"})
    assert not Invitation.objects.exists()
    colleague = cast.organisation.members.get(user=cast.colleague)
    client.post(people, {"do": f"owner:{colleague.pk}"})
    colleague.refresh_from_db()
    assert colleague.role == MemberRole.OWNER
    client.post(people, {"do": f"remove:{colleague.pk}"})
    assert "总要有一位" in text_of(
        client.post(people, {"do": f"remove:{cast.maker.manufacturer.pk}"}, follow=True)
    )
    assert "要由负责人来办" not in text_of(client.get(people))


def test_another_organisations_people_are_not_there(as_, cast, invited):
    client, people = as_("rival"), reverse("workbench:people")
    member, invitation = cast.maker.manufacturer, Invitation.objects.get()
    for do in (f"remove:{member.pk}", f"editor:{member.pk}", f"withdraw:{invitation.pk}", "fly:1"):
        assert client.post(people, {"do": do}).status_code == 404
    assert "陆晓" not in text_of(client.get(people))


def test_there_is_an_end_to_inviting(cast):
    for _number in range(MOST_INVITATIONS):
        invite(cast.organisation, name="她", role=MemberRole.EDITOR, by=cast.maker)
    with pytest.raises(PeopleRefused, match="太多"):
        invite(cast.organisation, name="她", role=MemberRole.EDITOR, by=cast.maker)
    Invitation.objects.update(ends_at=timezone.now())
    invite(cast.organisation, name="她", role=MemberRole.EDITOR, by=cast.maker)
    assert Invitation.objects.count() == 1
