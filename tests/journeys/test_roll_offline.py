"""A teacher takes the roll in a village without network, on a phone that is switched off and on."""

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Drawer
from tests.journeys.roll_proxy import make_school, play

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOST_TAPS = 6
MOST_BYTES_A_CLASS = 4096


@pytest.fixture
def site(empty_site):
    empty_site.go_on()
    return empty_site


@pytest.fixture
def school(site):
    return make_school(site, classes=3, days=(0, 13))


@pytest.fixture
def phones(playwright, browser, site, school, tmp_path):
    """Makes phones, of the first teacher or the second, with the rosters held."""
    drawer = Drawer(playwright, browser, site, school, tmp_path)
    yield drawer.take
    drawer.put_away()


def test_three_classes_without_network_across_two_restarts_are_sent_exactly_once(
    phones, site, school
):
    today = [session for session in school["sessions"] if session["days"] == 0]
    teacher = phones(is_switched_off=True)
    assert {frozenset(one) for held in teacher.keeps()["sessions"] for one in held["learners"]} == {
        frozenset({"number", "name", "status"})
    }

    teacher.lose_network()
    site.kill("web")
    away = [[0, 7, 12, 29], [1, 2, 3, 4], [5, 15, 25, 28]]
    teacher.page.reload()
    teacher.open_class(today[0])
    assert teacher.take(today[0], away[0]) <= MOST_TAPS
    teacher.line().to_have_text("35 条待上传")  # 30, 4 changed, and the end of the roll
    teacher.switch_off()

    teacher.switch_on()
    teacher.open()
    teacher.line().to_have_text("35 条待上传")
    teacher.open_class(today[1])
    assert teacher.take(today[1], away[1]) <= MOST_TAPS
    teacher.line().to_have_text("70 条待上传")
    teacher.battery_falls_out()

    teacher.switch_on()
    teacher.open()
    teacher.open_class(today[2])
    assert teacher.take(today[2], away[2]) <= MOST_TAPS
    teacher.line().to_have_text("105 条待上传")
    teacher.back()
    expect(teacher.page.locator("[data-connection]")).to_contain_text("现在没有网")
    expect(teacher.page.locator("[data-group=today]")).to_contain_text("点完了，待上传")

    site.go_on()
    teacher.find_network()
    teacher.line().to_have_text("都已上传")
    expect(teacher.page.locator("[data-sent]")).to_contain_text("上次上传：今天")
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 102
    assert site.value("SELECT count(DISTINCT sequence) FROM attendance_attendanceevent") == 102
    assert site.value("SELECT count(*) FROM attendance_device") == 1
    assert site.value("SELECT count(*) FROM classes_classsession WHERE state = 'closed'") == 3
    absent = site.rows(
        "SELECT session_id, number FROM attendance_attendancerecord"
        " JOIN people_learner ON people_learner.id = learner_id WHERE status = 'absent'"
    )
    assert set(absent) == {
        (session["id"], session["learners"][place])
        for session, places in zip(today, away, strict=True)
        for place in places
    }
    kept = teacher.keeps()
    assert (kept["events"], kept["closes"], kept["refusals"]) == ([], [], [])


def test_a_class_of_thirty_goes_up_in_less_than_four_kilobytes(phones, site, school):
    teacher = phones()
    teacher.open_class(school["sessions"][0])
    teacher.take(school["sessions"][0], [0, 1, 2, 3])
    teacher.line().to_have_text("都已上传")
    events = [event for body in teacher.sent for event in json.loads(body)["events"]]
    assert len(events) == 34
    assert sum(len(body.encode()) for body in teacher.sent) <= MOST_BYTES_A_CLASS


def test_signing_out_hands_over_first_and_then_wipes_the_phone(phones, site, school):
    teacher = phones()
    teacher.open_class(school["sessions"][0])
    teacher.lose_network()
    teacher.tap("[data-all-present]")
    teacher.line().to_have_text("30 条待上传")
    teacher.back()
    teacher.tap("[data-leave]")
    expect(teacher.page.locator("[data-trouble]")).to_contain_text("还有 30 条没有上传")
    assert len(teacher.keeps()["sessions"]) == 6

    teacher.find_network()
    teacher.tap("[data-leave]")
    expect(teacher.page.locator("[data-left]")).to_be_visible()
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 30
    kept = teacher.keeps()
    assert [kept[name] for name in ("sessions", "events", "closes", "refusals")] == [[], [], [], []]
    assert "何" not in json.dumps(kept, ensure_ascii=False)
    assert teacher.page.request.get(site.url + "/roll/api/me").status == 401


def test_what_the_server_refuses_is_shown_in_words_until_it_is_dismissed(phones, site, school):
    teacher = phones()
    teacher.open_class(school["sessions"][0])
    teacher.lose_network()
    teacher.tap("[data-all-present]")
    teacher.tap("[data-done]")
    teacher.line().to_have_text("31 条待上传")
    site.manage(
        "shell",
        "-c",
        "from lms.classes.models import ClassGroup as G\n"
        "for group in G.objects.all(): group.teachers.remove(group.teachers.first())",
    )
    teacher.find_network()
    refusals = teacher.page.locator(".refusal")
    expect(refusals).to_have_count(1)  # one class, one reason
    expect(refusals.locator(".refusal__words")).to_have_text(
        "手机一班 · 没有这次课，或者这不是您的班。"
    )
    expect(refusals.locator(".refusal__what")).to_have_text(re.compile("^([^、]+ 到、){30}点完了$"))
    expect(teacher.page.locator("[data-session]")).to_have_count(0)  # the role has ended
    teacher.page.reload()
    expect(refusals).to_have_count(1)
    refusals.locator("button").tap()
    expect(refusals).to_have_count(0)
    teacher.page.reload()
    teacher.line().to_have_text("都已上传")
    expect(refusals).to_have_count(0)
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 0


def test_two_phones_that_differ_see_that_they_do(phones, site, school):
    held = school["sessions"][0]
    one, other = phones(0), phones(1)
    for teacher, taps in ((one, ["到"]), (other, ["到", "没到"])):
        teacher.open_class(held)
        row = teacher.page.locator(f"[data-learner='{held['learners'][0]}']")
        for status in taps:
            row.locator(".learner__mark").tap()
            expect(row.locator(".learner__status")).to_have_text(status)
        teacher.line().to_have_text("都已上传")
    one.page.reload()
    first = f"[data-learner='{held['learners'][0]}']"
    for teacher in (one, other):
        expect(teacher.page.locator(".learner__said:visible")).to_have_text(
            "何teacher点的是“到”。何colleague点的是“没到”。"
        )
    one.tap(f"{first} .learner__decide [data-status=absent]")
    expect(one.page.locator(".learner__said:visible")).to_have_count(0)
    one.line().to_have_text("都已上传")
    for teacher in (one, other):
        teacher.page.reload()
        expect(teacher.page.locator(f"{first} .learner__status")).to_have_text("没到")
        expect(teacher.page.locator(".learner__said:visible")).to_have_count(0)


def test_a_change_after_the_end_asks_why(phones, site, school):
    held = school["sessions"][0]
    teacher = phones()
    teacher.open_class(held)
    teacher.take(held, [0])
    teacher.line().to_have_text("都已上传")
    row = teacher.page.locator(f"[data-learner='{held['learners'][0]}']")
    row.locator(".learner__mark").tap()
    row.locator("[data-status=late]").tap()
    expect(row.locator(".learner__ask")).to_contain_text("先写明原因")
    row.locator("input").fill("九点半才到")
    row.locator("[data-status=late]").tap()
    expect(row.locator(".learner__status")).to_have_text("迟到")
    teacher.line().to_have_text("都已上传")
    assert site.rows(
        "SELECT status, reason FROM attendance_attendanceevent WHERE reason <> ''"
    ) == [("late", "九点半才到")]


def test_nobody_is_absent_because_nobody_tapped(phones, site, school):
    held = school["sessions"][0]
    teacher = phones()
    teacher.open_class(held)
    teacher.tap(f"[data-learner='{held['learners'][0]}'] .learner__mark")
    teacher.tap("[data-done]")
    expect(teacher.page.locator("[data-rest-words]")).to_contain_text("还有 29 人没有点")
    expect(teacher.page.locator(".learner[data-status=unmarked]")).to_have_count(29)
    teacher.tap("[data-rest-absent]")
    expect(teacher.page.locator("[data-is-closed]")).to_be_visible()
    teacher.line().to_have_text("都已上传")
    assert site.rows(
        "SELECT status, count(*) FROM attendance_attendancerecord GROUP BY status ORDER BY status"
    ) == [("absent", 29), ("present", 1)]


def test_a_session_that_has_lapsed_asks_for_a_sign_in_and_loses_nothing(phones, site, school):
    teacher = phones()
    teacher.open_class(school["sessions"][0])
    teacher.context.clear_cookies()
    teacher.tap("[data-all-present]")
    expect(teacher.page.locator("[data-sign-in]")).to_be_visible()
    teacher.line().to_have_text("30 条待上传")
    address = teacher.page.locator("[data-sign-in] a").get_attribute("href")
    assert re.search(r"\?next=(/|%2F)roll(/|%2F)$", address)
    [host] = {urlsplit(site.url).hostname}
    teacher.context.add_cookies(
        [{"name": "sessionid", "value": teacher.cookie, "domain": host, "path": "/"}]
    )
    teacher.open()
    teacher.line().to_have_text("都已上传")
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 30


def test_a_full_phone_says_so_and_pretends_nothing(phones, site, school):
    held = school["sessions"][0]
    teacher = phones(is_switched_off=True)
    teacher.lose_network()
    teacher.switch_off()
    teacher.switch_on()
    devtools = teacher.context.new_cdp_session(teacher.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 1})
    teacher.open()
    teacher.open_class(held)
    teacher.tap("[data-all-present]")
    expect(teacher.page.locator("[data-trouble]")).to_contain_text("手机存储满了")
    expect(teacher.page.locator(".learner[data-status=unmarked]")).to_have_count(30)
    teacher.line().to_have_text("都已上传")
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.url})
    teacher.tap("[data-all-present]")
    expect(teacher.page.locator(".learner[data-status=present]")).to_have_count(30)
    teacher.line().to_have_text("30 条待上传")


def test_rosters_leave_the_phone_after_two_weeks_and_unsent_marks_do_not(phones, site, school):
    teacher = phones()
    teacher.open_class(school["sessions"][0])
    teacher.lose_network()
    teacher.tap("[data-all-present]")
    teacher.line().to_have_text("30 条待上传")
    teacher.page.clock.install(time=time.time() + 15 * 86400)
    teacher.open()
    expect(teacher.page.locator("[data-session]")).to_have_count(0)
    kept = teacher.keeps()
    assert (len(kept["sessions"]), len(kept["events"])) == (0, 30)


def test_a_class_that_nobody_planned_is_added_in_two_taps_without_network(phones, site, school):
    teacher = phones(is_switched_off=True)
    teacher.lose_network()
    teacher.page.reload()
    teacher.taps = 0
    teacher.tap("[data-meet-open]")
    expect(teacher.page.locator(".meet__aside")).to_have_count(3)  # each meets today already
    teacher.tap("[data-meet-classes] button:has-text('手机二班')")
    assert teacher.taps == 2
    expect(teacher.page.locator("[data-title]")).to_have_text("手机二班")
    expect(teacher.page.locator(".learner")).to_have_count(30)
    teacher.tap("[data-all-present]")
    teacher.tap("[data-done]")
    expect(teacher.page.locator("[data-is-closed]")).to_be_visible()
    teacher.line().to_have_text("32 条待上传")  # the session, thirty marks, the end
    teacher.switch_off()

    teacher.switch_on()
    teacher.open()
    teacher.line().to_have_text("32 条待上传")
    today = teacher.page.locator("[data-group=today] [data-session]")
    expect(today).to_have_count(4)
    teacher.find_network()
    teacher.line().to_have_text("都已上传")
    expect(today).to_have_count(4)
    assert site.rows(
        "SELECT state, count(*) FROM classes_classsession"
        " WHERE added_by_id IS NOT NULL GROUP BY state"
    ) == [("closed", 1)]
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 30
    kept = teacher.keeps()
    assert (kept["events"], kept["closes"], kept["refusals"]) == ([], [], [])
    teacher.tap("[data-group=today] [data-over=true]")  # by the key that the server gave
    expect(teacher.page.locator(".learner[data-status=present]")).to_have_count(30)


def test_a_phone_whose_date_is_wrong_says_so_before_it_shows_today(phones, site, school):
    """Thirteen days ahead, on a day on which it has other sessions."""
    teacher = phones()
    today = {session["id"] for session in school["sessions"] if session["days"] == 0}
    teacher.page.clock.install(time=time.time() + 13 * 86400)
    teacher.page.add_init_script(
        """new MutationObserver(() => {
          const warned = !document.querySelector("[data-clock]")?.hidden;
          if (document.querySelector("[data-group=today]") && !warned) window.tooEarly = true;
        }).observe(document, { childList: true, subtree: true, attributes: true });"""
    )
    teacher.page.reload()
    expect(teacher.page.locator("[data-clock]")).to_contain_text("这台手机的日期或时间不对")
    shown = teacher.page.locator("[data-group=today] [data-session]")
    expect(shown).to_have_count(3)
    assert {int(one.get_attribute("data-session")) for one in shown.all()} == today
    assert not teacher.page.evaluate("window.tooEarly")
    teacher.lose_network()  # it is remembered
    teacher.page.reload()
    expect(teacher.page.locator("[data-clock]")).to_be_visible()
    expect(shown).to_have_count(3)


def test_a_session_that_has_not_begun_offers_nothing_to_tap(phones, school):
    ahead = next(session for session in school["sessions"] if session["days"] == 13)
    teacher = phones()
    teacher.open_class(ahead)
    expect(teacher.page.locator("[data-early]")).to_contain_text("还没到时间")
    expect(teacher.page.locator("[data-dock-buttons]")).to_be_hidden()
    expect(teacher.page.locator(".learner__mark:enabled")).to_have_count(0)
    teacher.line().to_have_text("都已上传")


def test_what_a_phone_took_before_its_class_began_is_refused_in_words(phones, site, school):
    """The officer put the class off while the phone had no network."""
    held = school["sessions"][0]
    teacher = phones()
    teacher.open_class(held)
    teacher.lose_network()
    teacher.take(held, [0])
    site.manage(
        "shell",
        "-c",
        "from datetime import timedelta\n"
        "from lms.classes.models import ClassSession as S\n"
        f"s = S.objects.get(pk={held['id']}); s.starts_at += timedelta(days=2)\n"
        "s.ends_at += timedelta(days=2); s.save()",
    )
    teacher.find_network()
    words = teacher.page.locator(".refusal__words")
    expect(words.first).to_contain_text("还没有开始")
    expect(teacher.page.locator(".refusal__what", has_text="点完了")).to_have_count(1)
    teacher.line().to_have_text("都已上传")
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 0


def test_after_a_restart_without_network_the_roll_says_so(phones, school):
    teacher = phones()
    teacher.open_class(school["sessions"][0])
    teacher.lose_network()
    teacher.page.reload()
    expect(teacher.page.locator("[data-sent]")).to_contain_text("没有网")


@pytest.mark.city
@pytest.mark.parametrize(
    ("pairs", "events_each"),
    [
        (10, 200),
        pytest.param(10, 1000, marks=pytest.mark.thorough("4,000 events meet every fault too")),
    ],
)
def test_events_through_a_failing_network_are_neither_lost_nor_doubled(site, pairs, events_each):
    school = make_school(site, classes=pairs, hours_ago=7)  # its first marks are of then
    result = play(site, school, pairs=pairs, events_each=events_each, seed=20261121)
    print(result)
    assert result.events == 2 * pairs * events_each
    assert (result.lost, result.doubled, result.unacknowledged) == (0, 0, 0)
    assert result.stored == result.events
    assert set(result.outcomes) == {"stored", "known", "wait", "same_name"}
    assert result.walk_ins == result.events / 50
    assert (result.people_lost, result.people_doubled) == (0, 0)
    assert result.wrong_marks == 0
    assert len(result.faults) == 8  # each kind has happened, and "none"
