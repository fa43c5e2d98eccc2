"""On every screen of the area, and on none of its neighbours'."""

from datetime import timedelta

import pytest
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.page_cache import forget_pages
from lms.alerts import services
from lms.alerts.live import forget, live_now
from lms.alerts.models import Alert, EmergencyNotice
from lms.people.models import Learner
from lms.tv.models import Playlist, Television, TelevisionPerson
from media.models import Narration
from tests.alerts.conftest import EMERGENCY, NEIGHBOUR, OTHER_STREET, TITLE
from tests.staff_pages import VILLAGE, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

HOME, LESSON, DRILL = "/", "/science/qr-inside/", "/anti-fraud/drill/"
NOW, LOBBY = reverse("alerts:now"), reverse("alerts:lobby")


@pytest.fixture
def pages_are_kept(settings):
    settings.KEEPS_PAGES = True
    forget_pages()


# --- Where --------------------------------------------------------------------------------------


def test_a_village_sees_its_alert_on_every_page_and_its_neighbour_on_none(write, screen_in):
    write.alert(VILLAGE)
    for address in (HOME, LESSON, DRILL, "/help/", "/search/", "/my/"):
        assert TITLE in words(screen_in(VILLAGE).get(address))
        for elsewhere in (NEIGHBOUR, OTHER_STREET, ""):
            assert TITLE not in words(screen_in(elsewhere).get(address))


def test_an_alert_of_a_street_is_for_all_its_villages(write, screen_in):
    write.alert("440103001")
    for code, is_shown in ((VILLAGE, True), (NEIGHBOUR, True), (OTHER_STREET, False)):
        assert (TITLE in words(screen_in(code).get(HOME))) == is_shown


def test_who_has_not_said_where_they_live_sees_what_is_for_the_city(write, screen_in):
    write.alert("4401")
    assert TITLE in words(screen_in("").get(HOME))


def test_home_and_a_drills_end_say_all_three_things_and_other_pages_a_line(write, screen_in):
    write.alert()
    done = f"{DRILL}?round=1&n=8&said=" + "-".join(["1.0.0"] * 7)
    for address, all_of_it in ((HOME, True), (done, True), (DRILL, False), (LESSON, False)):
        page = words(screen_in(VILLAGE).get(address))
        assert ("先挂电话，不下载。" in page) == all_of_it


def test_a_television_knows_the_village_of_its_household(write, client, cast):
    write.alert()
    television = Television.objects.create(name="客厅")
    Learner.objects.filter(pk=cast.learners[0].pk).update(user=cast.stranger)
    TelevisionPerson.objects.create(television=television, user=cast.stranger, picture="sun")
    signed = get_cookie_signer(salt="television").sign(str(television.key))
    client.cookies["television"] = signed
    assert TITLE in words(client.get(HOME))


def test_a_learner_who_signs_in_sees_that_of_their_own_village(write, client, cast):
    write.alert()
    Learner.objects.filter(pk=cast.learners[0].pk).update(user=cast.stranger)
    client.force_login(cast.stranger)
    client.cookies["village"] = OTHER_STREET
    assert TITLE in words(client.get(HOME))


# --- When ---------------------------------------------------------------------------------------


def test_it_is_there_from_its_beginning_to_its_end(write, screen_in):
    now = timezone.now()
    write.alert(title="明天才开始", starts_at=now + timedelta(days=1))
    alert = write.alert()
    page = words(screen_in(VILLAGE).get(HOME))
    assert TITLE in page
    assert "明天才开始" not in page
    Alert.objects.filter(pk=alert.pk).update(ends_at=now)
    forget()
    assert TITLE not in words(screen_in(VILLAGE).get(HOME))


def test_an_emergency_ends_by_itself_even_where_nothing_is_read_anew(write, screen_in):
    soon = timezone.now() + timedelta(hours=1)
    write.emergency(ends_at=soon)
    assert EMERGENCY in words(screen_in(VILLAGE).get(HOME))
    [notice] = live_now().emergencies
    notice.ends_at = timezone.now()
    assert EMERGENCY not in words(screen_in(VILLAGE).get(HOME))


def test_what_waits_or_was_withdrawn_is_on_no_screen(write, screen_in, cast):
    write.alert(public=False)
    write.emergency(public=False)
    gone = write.alert(title="撤下的")
    services.withdraw(gone, by=cast.city_officer, note="写错了")
    page = words(screen_in(VILLAGE).get(HOME))
    assert TITLE not in page
    assert EMERGENCY not in page
    assert "撤下的" not in page


# --- Pages that are kept whole ------------------------------------------------------------------


@pytest.mark.parametrize("address", [LESSON, "/science/"])
def test_a_page_that_is_kept_shows_what_has_become_public_since(
    pages_are_kept, write, screen_in, address
):
    def without_token(client):
        return words(client.get(address))

    before = without_token(screen_in(VILLAGE))
    alert = write.alert()
    with CaptureQueriesContext(connection) as asked:
        assert TITLE in without_token(screen_in(VILLAGE))
    assert len(asked) <= 3  # two for what is live, one for where the screen stands
    with CaptureQueriesContext(connection) as asked:
        assert TITLE in without_token(screen_in(VILLAGE))
    assert len(asked) == 0
    assert TITLE not in without_token(screen_in(NEIGHBOUR))
    services.withdraw(alert, by=alert.confirmed_by, note="过了")
    assert without_token(screen_in(VILLAGE)) == before


def test_home_of_a_stranger_is_kept_and_shows_the_citys(pages_are_kept, write):
    Client().get(HOME)
    write.alert("4401")
    with CaptureQueriesContext(connection) as asked:
        assert TITLE in words(Client().get(HOME))
    assert len(asked) <= 2


def test_without_an_alert_a_page_costs_no_query_more(pages_are_kept, screen_in):
    screen_in(VILLAGE).get(LESSON)
    with CaptureQueriesContext(connection) as asked:
        screen_in(VILLAGE).get(LESSON)
    assert len(asked) == 0


def test_no_page_is_answered_with_a_place_that_was_not_filled(write, screen_in):
    for _round in range(2):
        for address in (HOME, LESSON, "/accounts/login/", "/no-such-page/"):
            assert b"<!--alerts" not in screen_in(VILLAGE).get(address).content
        write.alert()


def test_pages_of_staff_have_no_bar(as_, write):
    write.alert("4401")
    assert "data-alerts" not in as_("city_officer").get(reverse("staff:list")).content.decode()


# --- Without a reload ---------------------------------------------------------------------------


def test_a_screen_that_asks_is_told_what_is_new_and_nothing_when_it_has_it(write, screen_in):
    client = screen_in(VILLAGE)
    assert client.get(NOW, {"shape": "line", "have": ""}).json() == {}
    write.alert()
    said = client.get(NOW, {"shape": "line", "have": ""}).json()
    assert TITLE in said["html"]
    stamp = said["html"].split('data-stamp="')[1].split('"')[0]
    assert client.get(NOW, {"shape": "line", "have": stamp}).json() == {}
    assert screen_in(NEIGHBOUR).get(NOW, {"shape": "line", "have": ""}).json() == {}
    assert screen_in(NEIGHBOUR).get(NOW, {"have": stamp}).json() == {"html": ""}  # it moved


def test_what_a_page_has_is_what_it_is_told_it_has(write, screen_in):
    write.alert()
    client = screen_in(VILLAGE)
    page = client.get(LESSON).content.decode()
    stamp = page.split('data-stamp="')[1].split('"')[0]
    assert client.get(NOW, {"shape": "line", "have": stamp}).json() == {}


def test_asking_takes_no_query_after_the_first(write, screen_in):
    write.alert()
    client = screen_in(VILLAGE)
    client.get(NOW)
    with CaptureQueriesContext(connection) as asked:
        client.get(NOW)
    assert len(asked) == 0


# --- Emergencies --------------------------------------------------------------------------------


def test_an_emergency_takes_the_screen_until_somebody_says_that_they_know(write, screen_in):
    notice = write.emergency()
    client = screen_in(VILLAGE)
    page = client.get(LESSON)
    html = page.content.decode()
    assert 'role="alertdialog"' in html
    for said in (EMERGENCY, "翠洲小学体育馆", "020-1111", "知道了"):
        assert said in words(page)
    answer = client.post(
        reverse("alerts:known"),
        {"emergency": notice.pk},
        headers={"Referer": f"http://testserver{LESSON}"},
    )
    assert answer.url == f"http://testserver{LESSON}"
    page = client.get(LESSON)
    assert 'role="alertdialog"' not in page.content.decode()
    assert f"紧急通知 {EMERGENCY}" in words(page)  # in a line, until its end


def test_a_new_emergency_takes_the_screen_again(write, screen_in):
    client = screen_in(VILLAGE)
    client.post(reverse("alerts:known"), {"emergency": write.emergency().pk})
    write.emergency(title="河水上涨")
    html = client.get(HOME).content.decode()
    assert html.count('role="alertdialog"') == 1
    assert "河水上涨" in html


@pytest.mark.parametrize("referer", ["http://evil.example/", "//evil.example", ""])
def test_knowing_leads_to_no_other_site(client, referer):
    answer = client.post(reverse("alerts:known"), {"emergency": "1"}, headers={"Referer": referer})
    assert answer.url == "/"


def test_its_sound_is_on_the_page_once_it_is_made(write, screen_in):
    notice = write.emergency()
    assert "data-sound" not in screen_in(VILLAGE).get(HOME).content.decode()
    Narration.objects.filter(pk=notice.narration_id).update(
        audio="narrations/x.m4a",
        audio_digest=notice.narration.text_digest,
        duration_ms=1,
        made_at=timezone.now(),
    )
    forget()
    assert 'src="/media/narrations/x.m4a"' in screen_in(VILLAGE).get(HOME).content.decode()


# --- The list, and one alert --------------------------------------------------------------------


def test_the_list_has_those_of_the_village_and_one_is_read_by_whoever_has_its_address(
    write, screen_in
):
    alert = write.alert()
    write.emergency()
    page = words(screen_in(VILLAGE).get(reverse("alerts:here")))
    assert TITLE in page
    assert EMERGENCY in page
    assert TITLE not in words(screen_in(NEIGHBOUR).get(reverse("alerts:here")))
    assert "先挂电话" in words(screen_in("").get(reverse("alerts:alert", args=[alert.pk])))


def test_one_that_is_over_says_so_and_one_that_waits_is_not_found(write, client):
    alert = write.alert()
    now = timezone.now()
    Alert.objects.update(starts_at=now - timedelta(days=20), ends_at=now - timedelta(days=1))
    page = client.get(reverse("alerts:alert", args=[alert.pk]))
    assert page.status_code == 410
    assert "时间已经过了" in words(page)
    waits = write.alert(public=False)
    assert client.get(reverse("alerts:alert", args=[waits.pk])).status_code == 404


# --- Lobbies ------------------------------------------------------------------------------------


def test_a_lobbys_screen_is_told_what_holds_where_it_stands(write, client, units):
    write.alert()
    notice = write.emergency()
    said = client.get(LOBBY, {"unit": VILLAGE}).json()
    assert [each["title"] for each in said["alerts"]] == [TITLE]
    assert said["emergency"]["shelter"] == "翠洲小学体育馆"
    assert said["emergency"]["ends"] == int(notice.ends_at.timestamp() * 1000)
    assert said["emergency"]["aloud"][0] == "紧急通知。"
    for elsewhere in ({"unit": NEIGHBOUR}, {"unit": "x"}, {}):
        said = client.get(LOBBY, elsewhere).json()
        assert (said["alerts"], said["emergency"]) == ([], None)


def test_the_lobbys_page_asks_for_its_own_unit_and_shows_it_without_a_script(write, client, units):
    write.alert()
    Playlist.objects.create(title="大堂", slug="lobby", unit=units[VILLAGE])
    Playlist.objects.create(title="别处", slug="elsewhere")
    page = client.get("/screen/lobby/").content.decode()
    assert f'data-alerts="{LOBBY}?unit={VILLAGE}"' in page
    assert TITLE in page
    assert TITLE not in client.get("/screen/elsewhere/").content.decode()


def test_an_editor_sets_where_a_lobbys_screen_stands(admin_client, units):
    playlist = Playlist.objects.create(title="大堂", slug="lobby")
    address = reverse("wagtailsnippets_tv_playlist:edit", args=[playlist.pk])
    sent = {"title": "大堂", "slug": "lobby", "unit": VILLAGE, "films_order": "newest"}
    for name in ("items", "times"):
        sent |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    assert admin_client.post(address, sent).status_code == 302
    playlist.refresh_from_db()
    assert playlist.unit == units[VILLAGE]
    assert f'value="{VILLAGE}"' in admin_client.get(address).content.decode()


def test_nothing_is_said_of_who_is_not_asked(write, screen_in):
    """An emergency that is known on one screen is not known on another."""
    notice = write.emergency()
    client = screen_in(VILLAGE)
    client.post(reverse("alerts:known"), {"emergency": notice.pk})
    other = Client()
    other.cookies["village"] = VILLAGE
    assert 'role="alertdialog"' in other.get(HOME).content.decode()
    assert EmergencyNotice.objects.live().count() == 1
