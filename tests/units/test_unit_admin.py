"""Units in the admin: who may do what, the list, the search and the page of a unit."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from lms.classes.queries import usage_of
from lms.units.forms import TelephoneForm
from lms.units.models import Unit
from lms.units.queries import SEARCH_LIMIT
from lms.units.services import tree as service
from tests.units.unit_pages import fill, text_of, with_permissions

pytestmark = pytest.mark.django_db

ON = "2026-05-01"
ACTIONS = ("rename", "move", "merge", "split", "close")


@pytest.fixture
def stranger(django_user_model):
    return django_user_model.objects.create_user("wang")


@pytest.fixture
def editor(django_user_model):
    """Wagtail's own group of editors has no business with units."""
    user = django_user_model.objects.create_user("lin")
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


@pytest.fixture
def reader(django_user_model):
    user = django_user_model.objects.create_user("du")
    return with_permissions(user, "access_admin", "view_unit")


@pytest.fixture
def superuser(django_user_model):
    return django_user_model.objects.create_superuser("root")


ROLES = ("nobody", "stranger", "editor", "reader", "registrar", "superuser")
#: By URL, what each of ROLES gets.
POLICY = {
    "/admin/units/": (302, 302, 302, 200, 200, 200),
    "/admin/units/results/": (302, 302, 302, 200, 200, 200),
    "/admin/units/inspect/{pk}/": (302, 302, 302, 200, 200, 200),
    "/admin/units/edit/{pk}/": (302, 302, 302, 302, 200, 200),
    "/admin/units/history/{pk}/": (302, 302, 302, 302, 200, 200),
    **{f"/admin/units/{slug}/{{pk}}/": (302, 302, 302, 302, 200, 200) for slug in ACTIONS},
    "/admin/units/new/": (302, 302, 302, 302, 302, 302),
    "/admin/units/delete/{pk}/": (302, 302, 302, 302, 302, 302),
    "/admin/units/usage/{pk}/": (302, 302, 404, 404, 404, 404),
    "/admin/units/copy/{pk}/": (302, 302, 404, 404, 404, 404),
}


# Role by role, since to make the tree costs more than to ask.


@pytest.mark.parametrize("person", ROLES)
def test_who_may_open_which_page(client, request, units, person):
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    pk = units["440103001001"].pk
    came = {url: client.get(url.format(pk=pk)).status_code for url in POLICY}
    assert came == {url: statuses[ROLES.index(person)] for url, statuses in POLICY.items()}


@pytest.mark.parametrize("person", ["nobody", "stranger", "editor", "reader"])
def test_who_may_not_change_units_cannot_post_a_change(client, request, units, person):
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    unit = units["440103001002"]
    fields = {"name": "新名", "parent": "440103002", "into": "440103001001"}
    fields |= {"parts": "440103001009,新社区", "on": ON, "confirm": "1"}
    for action in ACTIONS:
        answer = client.post(f"/admin/units/{action}/{unit.pk}/", fields)
        assert answer.status_code == 302, action
        after = Unit.objects.get(pk=unit.pk)
        assert (after.name, after.path, after.is_open) == (unit.name, unit.path, True), action
        assert Unit.objects.count() == len(units), action


def test_who_may_only_look_sees_no_button_that_would_refuse(client, reader, units):
    client.force_login(reader)
    page = client.get(f"/admin/units/inspect/{units['440103001'].pk}/").content.decode()
    assert "沙面街道" in page
    for action in (*ACTIONS, "edit", "history"):
        assert f"/admin/units/{action}/" not in page


def test_the_list_begins_at_the_top_and_goes_down_by_the_parent(admin, units):
    assert "广州市" in text_of(admin.get("/admin/units/"))
    page = admin.get(f"/admin/units/?parent={units['440103'].pk}")
    text = text_of(page)
    assert "全部单位 › 广州市 › 荔湾区" in text
    assert "沙面街道" in text
    assert "岭南街道" in text
    assert "越秀区" not in text
    assert "翠洲社区" not in text
    assert f"?parent={units['440103001'].pk}" in page.content.decode()


def test_the_list_counts_open_units_right_below(admin, units):
    service.close_unit(units["440103001001"], on=date(2026, 4, 1))
    rows = admin.get(f"/admin/units/?parent={units['440103'].pk}").context["object_list"]
    assert {unit.code: unit.children_count for unit in rows} == {"440103001": 1, "440103002": 1}


def test_the_list_says_what_is_closed(admin, units):
    service.close_unit(units["440103001001"], on=date(2026, 4, 1))
    assert "已撤销" in text_of(admin.get(f"/admin/units/?parent={units['440103001'].pk}"))


@pytest.mark.parametrize("parent", ["x", "999999", "9" * 40, "-1"])
def test_a_parent_that_is_none_is_not_found(admin, parent):
    assert admin.get("/admin/units/", {"parent": parent}).status_code == 404


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("沙面", ["440103001002", "440103001"]),
        ("面社区", ["440103001002"]),
        ("440103001", ["440103001", "440103001001", "440103001002"]),
        ("440103001002", ["440103001002"]),
        ("没有的", []),
    ],
)
def test_a_search_goes_through_the_whole_tree(admin, units, words, codes):
    for url in ("/admin/units/", "/admin/units/results/"):
        response = admin.get(url, {"q": words, "parent": units["440104"].pk})
        assert [unit.code for unit in response.context["object_list"]] == codes


def test_a_search_says_where_each_unit_stands(admin, units):
    assert "广州市 › 荔湾区 › 沙面街道" in text_of(admin.get("/admin/units/?q=翠洲"))


def test_a_name_that_is_just_so_stands_before_those_that_hold_it(admin, units):
    Unit.objects.filter(code="440103002001").update(name="社区")
    response = admin.get("/admin/units/?q=社区")
    assert response.context["object_list"][0].code == "440103002001"


@pytest.mark.parametrize("query", ["?parent={street}", "?q=社区", "?parent={district}"])
@pytest.mark.parametrize("count", [0, 20, 200])
def test_the_list_asks_the_database_as_often_however_long_it_is(
    admin, units, django_assert_num_queries, query, count
):
    street, district = units["440103001"].pk, units["440103"].pk
    fill(units, count)
    url = "/admin/units/" + query.format(street=street, district=district)
    admin.get(url)  # what is cached for the process is, from here on
    # Wagtail's own: session, user, permissions, profile, site … Ours: how many, the rows, the open
    # units below each; the parent and those above it or, of a search, the trails.
    expected = 8 + (4 if "q=" in query else 5)
    with django_assert_num_queries(expected):
        assert admin.get(url).status_code == 200


def test_a_search_shows_no_more_than_its_limit(admin, units):
    fill(units, SEARCH_LIMIT + 50)
    assert admin.get("/admin/units/?q=新社区").context["paginator"].count == SEARCH_LIMIT


def test_a_units_page_tells_all_that_is_known(admin, units, running):
    street = units["440103001"]
    service.rename_unit(street, name="沙面街", on=date(2026, 2, 1))
    service.merge_units(
        [units["440103002"]], into=Unit.objects.get(pk=street.pk), on=date(2026, 3, 1)
    )
    text = text_of(admin.get(f"/admin/units/inspect/{street.pk}/"))
    assert "全部单位 › 广州市 › 荔湾区" in text
    assert "下级单位（3）" in text
    assert "沙面街道 荔湾区 起初 2026-01-31" in text
    assert "2026-03-01 接替了（全部或一部分）： 岭南街道" in text
    assert "没有结束的班级2个、学员3人" in text
    for label in ("改名", "移动", "合并", "拆分", "撤销"):
        assert label in text
    merged = text_of(admin.get(f"/admin/units/inspect/{units['440103002'].pk}/"))
    assert "由它接替（全部或一部分）： 沙面街" in merged


def test_a_closed_units_page_offers_no_change(admin, units):
    village = units["440103001001"]
    service.close_unit(village, on=date(2026, 3, 1))
    page = admin.get(f"/admin/units/inspect/{village.pk}/").content.decode()
    assert "2026-03-01" in page
    assert f"/admin/units/rename/{village.pk}/" not in page


def test_only_the_telephone_is_edited_by_hand(admin, units):
    village = units["440103001001"]
    fields = {"telephone": "020-8123", "name": "别的", "code": "440103001999", "closed_on": ON}
    response = admin.post(f"/admin/units/edit/{village.pk}/", fields)
    assert response.url == f"/admin/units/inspect/{village.pk}/"
    after = Unit.objects.get(pk=village.pk)
    assert after.telephone == "020-8123"
    assert (after.name, after.code, after.is_open) == ("翠洲社区", "440103001001", True)


def test_saving_the_telephone_leaves_a_move_that_happened_meanwhile(units):
    stale = Unit.objects.get(code="440103001001")
    service.move_unit(units["440103001001"], parent=units["440103002"], on=date(2026, 3, 1))
    TelephoneForm({"telephone": "1"}, instance=stale).save()
    assert Unit.objects.get(pk=stale.pk).get_parent().code == "440103002"


def test_it_counts_what_hangs_on_a_unit_and_below(units, running):
    touched = usage_of(units["440103001"])
    assert (touched.units, touched.role_assignments) == (2, 3)
    assert (touched.class_groups, touched.learners) == (1, 3)


def test_a_class_that_has_ended_is_not_counted(units, cast):
    type(cast.class_group).objects.update(starts_on=date(2020, 3, 1), ends_on=date(2020, 7, 1))
    assert usage_of(units["4401"]).class_groups == 0


def test_the_first_start_imports_and_the_second_leaves_all_alone(tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("4401,广州市\n")
    call_command("import_units", str(file), "--if-empty")
    file.write_text("4401,别的市\n")
    call_command("import_units", str(file), "--if-empty")
    assert Unit.objects.get().name == "广州市"
