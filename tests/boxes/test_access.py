"""Who opens which page of this room; every address stands in a table."""

import pytest
from django.urls import reverse

from lms.boxes import urls
from lms.boxes.choices import HeldState
from lms.boxes.models import HeldLine, VillageBox
from lms.boxes.services.registering import make_box
from tests.boxes.conftest import register
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db

ROLES = (
    "anonymous", "stranger", "volunteer", "other_teacher", "auditor", "teacher",
    "street_officer", "other_street_officer", "city_officer", "superuser",
)  # fmt: skip
IN, OK, DONE, NONE, WRONG, SIGNED = "sign-in", 200, 302, 404, 422, 409


def row(*outcomes):
    return dict(zip(ROLES, outcomes, strict=True))


OFFICERS = row(IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
OFFICERS_WRONG = {who: WRONG if outcome == OK else outcome for who, outcome in OFFICERS.items()}
OF_BOX = row(IN, NONE, NONE, NONE, NONE, NONE, OK, NONE, OK, OK)
OF_BOX_DONE = {who: DONE if outcome == OK else outcome for who, outcome in OF_BOX.items()}
BY_SIGNATURE = row(*[SIGNED] * 10)

ACCESS = [
    ("list", "get", OFFICERS),
    ("new", "get", OFFICERS),
    ("new", "post", OFFICERS_WRONG),
    ("one", "get", OF_BOX),
    ("code", "post", OF_BOX),
    ("again", "post", OF_BOX_DONE),
    ("drop_line", "post", OF_BOX_DONE),
    ("revoke", "post", OF_BOX_DONE),
    ("hello", "post", BY_SIGNATURE),
    ("letters", "post", dict.fromkeys(ROLES, 409)),
    ("snapshot", "post", dict.fromkeys(ROLES, 409)),
]


@pytest.fixture
def box(cast, units):
    return make_box(name="翠洲的盒子", unit=units[VILLAGE], made_by=cast.city_officer)[0]


@pytest.fixture
def line(box):
    return HeldLine.objects.create(
        box=box, number=1, place=0, line={}, state=HeldState.REFUSED, why="不对"
    )


def test_the_table_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls.urlpatterns}


@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_what_is_its_own(as_, box, line, who):
    browser = as_(who)
    of_box = {"pk": box.pk}
    arguments = {
        **dict.fromkeys(("one", "code", "again", "revoke"), of_box),
        "drop_line": {**of_box, "line": line.pk},
    }
    for name, method, outcomes in ACCESS:
        answer = getattr(browser, method)(reverse(f"boxes:{name}", kwargs=arguments.get(name)))
        if outcomes[who] == IN:
            assert answer["Location"].startswith("/accounts/login/"), name
        else:
            assert answer.status_code == outcomes[who], (name, method)
            assert not answer.get("Location", "").startswith("/accounts/"), name


@pytest.mark.parametrize("name", ["code", "again", "revoke"])
def test_what_writes_is_not_done_by_opening_an_address(as_, box, name):
    assert as_("superuser").get(reverse(f"boxes:{name}", args=[box.pk])).status_code == 405


def test_an_officer_sees_the_boxes_of_the_own_units_only(as_, cast, units):
    make_box(name="翠洲的盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    make_box(name="和平的盒子", unit=units["440103002001"], made_by=cast.city_officer)
    page = words(as_("street_officer").get(reverse("boxes:list")))
    assert "翠洲的盒子" in page
    assert "和平的盒子" not in page


def test_the_code_is_shown_once_and_kept_nowhere(as_, units):
    browser = as_("street_officer")
    page = words(browser.post(reverse("boxes:new"), {"name": "新盒子", "unit": VILLAGE}))
    box = VillageBox.objects.get()
    assert box.code_which in page
    shown = "".join(part for part in page.split() if part.isdigit() and len(part) == 4)[:16]
    assert len(shown) == 16
    assert shown not in str(VillageBox.objects.values().get())
    assert shown[4:8] not in words(browser.get(reverse("boxes:one", args=[box.pk])))


def test_a_city_has_no_page_of_a_box(client):
    assert client.get("/box/").status_code == 404


def test_a_box_has_no_page_of_boxes(as_, on_box, units):
    browser = as_("superuser")
    with on_box():
        assert browser.get(reverse("boxes:list")).status_code == 404
        assert browser.get("/box/").status_code == 200


def test_whoever_stands_before_a_new_box_types_the_code(client, cast, units, on_box):
    _box, code = make_box(name="翠洲的盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        assert "还没有登记" in words(client.get("/box/"))
        assert client.post("/box/", {"code": code[:-1] + "x"}).status_code == 422
        assert client.post("/box/", {"code": code}).status_code == 302
        assert "等市里的回信" in words(client.get("/box/"))


def test_a_box_at_work_is_registered_anew_by_its_staff_only(
    client, cast, units, box, on_box, settings
):
    register(cast, units, on_box, name="在用的盒子")
    _box, code = make_box(name="另一台", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        assert client.post("/box/", {"code": code}).status_code == 200
        client.force_login(cast.teacher)
        assert client.post("/box/", {"code": code}).status_code == 302
