"""Who may open which page of alerts: every address × every role."""

from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse

from lms.alerts import services, urls, urls_staff
from lms.alerts.choices import FraudKind, FraudWay
from tests.access_table import DONE, NONE, OK, SIGN_IN, what_came
from tests.access_table import ROLES as CAST
from tests.access_table import WRONG as ERR
from tests.access_table import row as row_of
from tests.alerts.test_writing import emergency_form, form
from tests.staff_pages import VILLAGE, session_of

pytestmark = pytest.mark.django_db

#: The cast's, and the police liaison.
PLACE = CAST.index("street_officer")
ROLES = (*CAST[:PLACE], "liaison", *CAST[PLACE:])
row = partial(row_of, roles=ROLES)


def as_done(outcomes, then=DONE):
    return {who: then if outcome == OK else outcome for who, outcome in outcomes.items()}


#: Whoever writes for any unit.
WRITERS = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK, OK)
#: Whoever writes for the village.
OWN = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, NONE, OK, OK)
OFFICERS = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
OWN_OFFICERS = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, OK, NONE, OK, OK)
#: Above the street, whose officer made it public alone.
ABOVE = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, DONE, DONE)
ANSWERERS = row(SIGN_IN, NONE, OK, OK, NONE, OK, OK, OK, OK, OK, OK)
KEEPERS = row(SIGN_IN, NONE, NONE, NONE, NONE, DONE, NONE, DONE, NONE, DONE, DONE)
#: Of another street, whose own units are others.
ELSEWHERE_ERR = {"other_street_officer": ERR}
NOTE = {"note": "写错了"}
TOLD = {"unit": VILLAGE, "kind": "link", "way": "sms"}

ACCESS = [
    ("mine", "get", {}, WRITERS),
    ("write", "get", {}, WRITERS),
    ("write", "post", "alert", {**as_done(WRITERS), **ELSEWHERE_ERR}),
    ("one", "get", {}, OWN),
    ("change", "get", {}, OWN),
    ("change", "post", "alert", as_done(OWN)),
    ("confirm", "post", {}, as_done(OWN)),
    ("send_back", "post", NOTE, as_done(OWN)),
    ("withdraw", "post", NOTE, as_done(OWN)),
    ("write_emergency", "get", {}, OFFICERS),
    ("write_emergency", "post", "emergency", {**as_done(OFFICERS), **ELSEWHERE_ERR}),
    ("emergency", "get", {}, OWN_OFFICERS),
    ("confirm_emergency", "post", {}, as_done(OWN_OFFICERS)),
    ("end_emergency", "post", NOTE, as_done(OWN_OFFICERS)),
    ("see_emergency", "post", {}, ABOVE),
    ("met", "get", {}, WRITERS),
    ("note_met", "get", {}, ANSWERERS),
    ("note_met", "post", TOLD, {**as_done(ANSWERERS), **ELSEWHERE_ERR, "other_teacher": ERR}),
    ("met_to_drill", "get", {}, OWN),
    ("met_to_drill", "post", {"words": "短信"}, as_done(OWN)),
    ("met_aside", "post", {}, as_done(OWN)),
    ("read_out", "post", {}, KEEPERS),
]

PUBLIC = {
    "here", "alert", "poster", "feed", "feed_of_unit", "known", "lobby", "met", "thanks", "now",
}  # fmt: skip

FORMS = {"alert": form, "emergency": emergency_form}


def test_the_tables_hold_every_address():
    assert {name for name, *_ in ACCESS} == {each.name for each in urls_staff.urlpatterns}
    assert {each.name for each in urls.urlpatterns} == PUBLIC


@pytest.fixture
def address(write, cast, units, running):
    waiting, live = write.alert(public=False), write.alert()
    notice = write.emergency(alone_reason="来不及")
    told = services.tell_met(unit=units[VILLAGE], kind=FraudKind.LINK, way=FraudWay.SMS)
    session = session_of(cast.class_group, minutes=-1)

    def address(name):
        keys = {
            **dict.fromkeys(("one", "change", "confirm", "send_back"), (waiting.pk,)),
            "withdraw": [live.pk],
            **dict.fromkeys(
                ("emergency", "confirm_emergency", "end_emergency", "see_emergency"), (notice.pk,)
            ),
            **dict.fromkeys(("met_to_drill", "met_aside"), (told.pk,)),
            "read_out": [live.pk, session.pk],
        }
        return reverse(f"alert_desk:{name}", args=keys.get(name, []))

    return address


def test_who_may_open_what(as_, address):
    """Each role finds everything as it was before the last one came. One test for all addresses,
    since to make the cast costs more than to ask."""
    came = {}
    for who in ROLES:
        client = as_(who)
        for name, method, sent, _outcomes in ACCESS:
            filled_in = FORMS[sent]() if isinstance(sent, str) else sent
            with transaction.atomic():
                response = getattr(client, method)(address(name), filled_in)
                transaction.set_rollback(True)
            came[name, method, who] = what_came(response)
    assert came == {
        (name, method, who): outcome
        for name, method, _sent, outcomes in ACCESS
        for who, outcome in outcomes.items()
    }


def test_a_page_that_writes_does_not_answer_to_a_link(as_, address):
    client = as_("superuser")
    both = {name for name, method, *_ in ACCESS if method == "get"}
    for name, method, *_rest in ACCESS:
        if method == "post" and name not in both:
            assert client.get(address(name)).status_code == 405


def test_the_liaison_sees_no_learner_no_class_and_no_figure(as_, cast):
    client = as_("liaison")
    for closed in ("reports:mine", "staff:list", "work:queue", "helpline:list"):
        assert client.get(reverse(closed)).status_code == 404
    learner = reverse("people:learner", args=[cast.learners[0].number])
    assert client.get(learner).status_code == 404
    assert client.get(reverse("classes:class", args=[cast.class_group.pk])).status_code == 404
