"""Who is on the list and who is not: walk-ins, cards before the camera, heads."""

import json
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from stdnum import damm

from tests.journeys.cards import film_cards
from tests.journeys.phone import Drawer
from tests.journeys.roll_proxy import make_school
from tests.journeys.television import until

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(600)]


@pytest.fixture
def site(empty_site):
    empty_site.go_on()
    return empty_site


@pytest.fixture
def school(site):
    return make_school(site, classes=1, learners=3)


@pytest.fixture
def phones(playwright, browser, site, school, tmp_path):
    drawer = Drawer(playwright, browser, site, school, tmp_path)
    yield drawer.take
    drawer.put_away()


@pytest.fixture
def held(school):
    return school["sessions"][0]


@pytest.fixture
def teacher(phones, held):
    """With the class open."""
    teacher = phones()
    teacher.open_class(held)
    return teacher


def a_number(start="13572468"):
    return start + str(damm.calc_check_digit(start))


def register(site, name, code="440103001001"):
    """Somebody of the village who is in no class; tells the number."""
    return site.manage(
        "shell",
        "-c",
        "from lms.units.models import Unit\n"
        "from lms.people.services.learners import register_learner\n"
        f"unit = Unit.objects.get(code='{code}')\n"
        f"print(register_learner(name='{name}', unit=unit, birth_year=1948).number)",
    ).split()[-1]


def take_in(teacher, **boxes):
    teacher.tap("[data-walk-in-open]")
    for box, words in boxes.items():
        teacher.page.locator(f"[data-walk-in] [name={box}]").fill(words)
    teacher.tap("[data-walk-in] [type=submit]")


def rows(teacher):
    return [
        tuple(row.locator(part).inner_text() for part in (".learner__name", ".learner__status"))
        for row in teacher.page.locator(".learner").all()
    ]


def people(site, name):
    return site.value(f"SELECT count(*) FROM people_learner WHERE name = '{name}'")


def test_a_walk_in_without_network_keeps_its_later_marks_across_a_restart(phones, site, held):
    teacher = phones(is_switched_off=True)
    teacher.open_class(held)
    teacher.lose_network()
    take_in(teacher, name="王 阿婆")
    expect(teacher.page.locator("[data-walk-in]")).not_to_be_visible()
    assert rows(teacher)[-1] == ("王阿婆", "到")
    teacher.switch_off()
    teacher.switch_on()
    teacher.open()
    teacher.page.locator(f"[data-session='{held['id']}']").tap()
    newcomer = teacher.page.locator(".learner").last
    expect(newcomer.locator(".learner__new")).to_be_visible()
    newcomer.locator(".learner__mark").tap()
    expect(newcomer.locator(".learner__status")).to_have_text("没到")
    teacher.tap("[data-all-present]")
    teacher.tap("[data-done]")
    teacher.line().to_have_text("6 条待上传")  # walk-in, its mark, three others, the end

    teacher.find_network()
    teacher.line().to_have_text("都已上传")
    expect(teacher.page.locator(".learner__new:visible")).to_have_count(0)
    assert people(site, "王阿婆") == 1
    assert site.rows(
        "SELECT name, status, state, door FROM attendance_attendancerecord m"
        " JOIN people_learner l ON l.id = m.learner_id"
        " JOIN classes_enrolment e ON e.learner_id = l.id WHERE name = '王阿婆'"
    ) == [("王阿婆", "absent", "enrolled", "walk_in")]
    assert site.value("SELECT state FROM classes_classsession") == "closed"
    number = site.value("SELECT number FROM people_learner WHERE name = '王阿婆'")
    expect(teacher.page.locator(f"[data-learner='{number}']")).to_have_count(1)


@pytest.mark.parametrize("milliseconds", [500, 3000])  # less than taps wait for one another; more
def test_a_tap_while_the_classes_are_fetched_anew_is_sent_too(teacher, site, milliseconds):
    fetched = []

    def keep_waiting(route):
        fetched.append(route)

    teacher.page.clock.install()
    teacher.context.route("**/roll/api/held", keep_waiting)
    with teacher.page.expect_request("**/roll/api/held"):
        teacher.page.reload()
    teacher.tap("[data-all-present]")
    teacher.line().to_have_text("3 条待上传")
    teacher.page.clock.run_for(milliseconds)
    for route in fetched:
        route.continue_()
    teacher.context.unroute("**/roll/api/held")
    teacher.line().to_have_text("都已上传")
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 3


def test_the_server_asks_about_a_same_name_and_the_end_waits_for_the_answer(teacher, site, held):
    number = register(site, "王阿婆")
    take_in(teacher, name="王阿婆")
    teacher.tap("[data-all-present]")
    teacher.tap("[data-done]")
    question = teacher.page.locator("[data-questions] section")
    expect(question).to_contain_text("手机一班登记的王阿婆：村里已经有同名的学员")
    teacher.line().to_have_text("2 条待上传")  # the walk-in, and the end of the roll
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 3
    teacher.page.reload()
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    question.get_by_role("button", name=f"就是这位：{spaced}，1948年生").tap()
    teacher.line().to_have_text("都已上传")
    expect(question).to_have_count(0)
    assert people(site, "王阿婆") == 1
    assert site.value("SELECT state FROM classes_classsession") == "closed"


def test_another_person_of_the_same_name_gets_a_number_of_her_own(teacher, site, held):
    register(site, "王阿婆")
    take_in(teacher, name="王阿婆")
    teacher.page.locator("[data-questions]").get_by_role("button", name="是另一位").tap()
    teacher.line().to_have_text("都已上传")
    assert people(site, "王阿婆") == 2


def test_a_name_of_the_list_is_asked_about_without_network(teacher, site, held):
    teacher.lose_network()
    [name, _status] = rows(teacher)[0]
    take_in(teacher, name=name)
    same = teacher.page.locator("[data-walk-in-same]")
    expect(same).to_contain_text(f"名单上已经有{name}。是同一位吗？")
    same.get_by_role("button").first.tap()
    teacher.line().to_have_text("1 条待上传")
    assert rows(teacher)[0] == (name, "到")
    take_in(teacher, number="123456780")
    expect(teacher.page.locator("[data-walk-in-trouble]")).to_contain_text("有一位打错了")


def test_a_refused_card_is_told_with_the_marks_that_followed(teacher, site):
    teacher.lose_network()
    take_in(teacher, number=a_number())
    teacher.page.locator(".learner").last.locator(".learner__mark").tap()
    teacher.find_network()
    refusal = teacher.page.locator(".refusal")
    expect(refusal.locator(".refusal__words")).to_contain_text("没有这个学员号")
    expect(refusal.locator(".refusal__what")).to_have_text(f"{a_number()} 到、{a_number()} 没到")
    teacher.line().to_have_text("都已上传")
    expect(teacher.page.locator(".learner")).to_have_count(3)


RECORD = """() => {
  const result = document.querySelector("[data-scan-result]");
  window.told = [];
  const note = () => {
    const words = [...result.querySelectorAll("p")].map((one) => one.textContent);
    if (!result.hidden) window.told.push([result.dataset.kind, ...words].join(" "));
  };
  new MutationObserver(note).observe(result, { attributes: true, childList: true, subtree: true });
}"""

#: The browser's own reader, of a browser that has one: the vendored one behind the same interface.
NATIVE = """async () => {
  const { BarcodeDetector } = await import("/static/vendor/qr-0.7.0/decode.js");
  window.BarcodeDetector = class extends BarcodeDetector {
    detect(video) {
      window.asked = true;
      return super.detect(video);
    }
  };
}"""


@pytest.mark.parametrize("native", [
    False,
    pytest.param(True, marks=pytest.mark.thorough("no browser here has a reader; it is pretended")),
])  # fmt: skip
def test_cards_are_scanned_one_after_the_other_without_network(
    phones, site, school, held, tmp_path, native
):
    neighbour = register(site, "何叔")
    first, second, third = held["learners"]
    film = film_cards([first, "", second, "https://example.com/", neighbour, ""], tmp_path / "film")
    teacher = phones(camera=film)
    teacher.open_class(held)
    teacher.tap(f"[data-learner='{third}'] .learner__mark")
    expect(teacher.page.locator(f"[data-learner='{third}'] .learner__status")).to_have_text("到")
    teacher.line().to_have_text("都已上传")
    names = {number: teacher.page.locator(f"[data-learner='{number}'] .learner__name").inner_text()
             for number in (first, second)}  # fmt: skip
    assert not teacher.page.evaluate("'BarcodeDetector' in window")
    if native:
        teacher.page.evaluate(NATIVE)
    teacher.page.evaluate(RECORD)
    teacher.lose_network()
    teacher.tap("[data-scan-open]")
    expect(teacher.page.locator("[data-scan-words]")).to_have_text("不在这个班。登记到这个班吗？")
    spaced = f"{neighbour[:3]} {neighbour[3:6]} {neighbour[6:]}"
    expect(teacher.page.locator("[data-scan-name]")).to_have_text(spaced)
    teacher.tap("[data-scan-admit]")
    lines = {f"already {name} 点过了：到" for name in names.values()}
    lines.add("bad  这不是学员卡，或者号码不对。")
    until(lambda: lines <= set(teacher.page.evaluate("told")))
    assert teacher.page.evaluate("Boolean(window.asked)") == native
    teacher.tap("[data-scan-close]")
    teacher.line().to_have_text("3 条待上传")  # two marks and the walk-in, however often shown
    teacher.find_network()
    teacher.line().to_have_text("都已上传")
    assert site.rows(
        "SELECT status, count(*) FROM attendance_attendancerecord GROUP BY status"
    ) == [("present", 4)]
    expect(teacher.page.locator(f"[data-learner='{neighbour}'] .learner__name")).to_have_text(
        "何叔"
    )


def test_without_a_camera_it_says_so_and_the_number_is_typed(teacher, site, held):
    teacher.tap("[data-scan-open]")
    expect(teacher.page.locator("[data-scan-trouble]")).to_contain_text("请在下面写号码")
    number = teacher.page.locator("[data-scan-number]")
    number.fill("12345")
    number.press("Enter")
    expect(teacher.page.locator("[data-scan-words]")).to_have_text("这不是学员卡，或者号码不对。")
    number.fill(held["learners"][0])
    number.press("Enter")
    expect(teacher.page.locator("[data-scan-words]")).to_have_text("到")
    expect(number).to_have_value("")
    teacher.tap("[data-scan-close]")
    teacher.line().to_have_text("都已上传")
    assert site.rows("SELECT status FROM attendance_attendancerecord") == [("present",)]


def test_a_refused_camera_says_where_to_allow_it(phones, held, tmp_path):
    teacher = phones(camera=film_cards([""], tmp_path / "film"), camera_allowed=False)
    teacher.open_class(held)
    teacher.tap("[data-scan-open]")
    expect(teacher.page.locator("[data-scan-trouble]")).to_contain_text("没有得到摄像头的许可")


def test_heads_are_counted_beside_the_names_and_outlive_a_restart(teacher, site, held):
    teacher.lose_network()
    box = teacher.page.locator("[data-headcount-input]")
    box.fill("41")
    box.press("Tab")
    expect(box).not_to_be_focused()
    teacher.tap("[data-all-present]")
    teacher.line().to_have_text("3 条待上传")
    teacher.page.reload()
    expect(box).to_have_value("41")
    teacher.tap("[data-done]")
    teacher.line().to_have_text("4 条待上传")
    teacher.find_network()
    teacher.line().to_have_text("都已上传")
    assert site.rows("SELECT state, headcount FROM classes_classsession") == [("closed", 41)]


def test_a_lecture_counts_heads_and_nothing_else(phones, site, school, held):
    site.manage(
        "shell", "-c",
        "from lms.classes.models import ClassGroup as G; G.objects.update(kind='lecture')",
    )  # fmt: skip
    teacher = phones()
    teacher.page.locator("[data-session]").tap()
    expect(teacher.page.locator("[data-headcount]")).to_be_visible()
    expect(teacher.page.locator("[data-ways]")).not_to_be_visible()
    teacher.tap("[data-done]")
    expect(teacher.page.locator("[data-is-closed]")).not_to_be_visible()
    teacher.page.locator("[data-headcount-input]").fill("120")
    teacher.tap("[data-done]")
    expect(teacher.page.locator("[data-is-closed]")).to_be_visible()
    teacher.line().to_have_text("都已上传")
    assert site.rows("SELECT state, headcount FROM classes_classsession") == [("closed", 120)]


def test_after_signing_out_elsewhere_the_names_may_go_and_unsent_marks_stay(teacher, site, held):
    teacher.lose_network()
    teacher.tap("[data-all-present]")
    take_in(teacher, name="王阿婆")
    teacher.line().to_have_text("4 条待上传")
    teacher.context.clear_cookies()
    teacher.find_network()
    expect(teacher.page.locator("[data-sign-in]")).to_be_visible()
    teacher.tap("[data-forget]")
    expect(teacher.page.locator("[data-session]")).to_have_count(0)
    kept = teacher.keeps()
    assert (len(kept["sessions"]), len(kept["events"])) == (0, 4)
    assert "何志强" not in json.dumps(kept, ensure_ascii=False)
    teacher.sign_in()
    teacher.open()
    teacher.line().to_have_text("都已上传")
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 4
    expect(teacher.page.locator("[data-session]")).to_have_count(1)


@pytest.mark.parametrize(("learners", "cards", "sheets"), [(31, 4, 2), (30, 3, 2), (1, 1, 1)])
def test_cards_and_sheets_take_the_pages_that_are_told(browser, site, learners, cards, sheets):
    """As Chromium prints them, on A4."""
    school = make_school(site, classes=1, learners=learners)
    context = browser.new_context(locale="zh-CN")
    host = urlsplit(site.url).hostname
    context.add_cookies(
        [{"name": "sessionid", "value": school["cookies"][0], "domain": host, "path": "/"}]
    )
    page = context.new_page()
    [[group]] = site.rows("SELECT id FROM classes_classgroup")
    page.goto(f"{site.url}/classes/{group}/cards/")
    expect(page.locator(".staff-words")).to_contain_text(f"{learners}张卡，{cards}页A4纸")
    assert len(PdfReader(BytesIO(page.pdf(format="A4"))).pages) == cards
    printed = PdfReader(BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
    assert "手机一班" not in printed  # the way back stays off the paper
    page.goto(f"{site.url}/classes/sessions/{school['sessions'][0]['id']}/sheet/")
    assert len(PdfReader(BytesIO(page.pdf(format="A4"))).pages) == sheets
    context.close()


END_ROLES = """
from lms.people.models import RoleAssignment
from lms.people.services.roles import end_role
for role in RoleAssignment.objects.not_over():
    end_role(role, reason="辞职", by=None)
"""


def test_a_phone_lets_its_names_go_when_its_teacher_leaves_tonight(teacher, site):
    """The role is ended with its sessions: nobody is signed in on the phone any more."""
    assert teacher.keeps()["sessions"]
    site.manage("shell", "-v0", "-c", END_ROLES)
    teacher.open()
    expect(teacher.page.locator("[data-sign-in]")).to_be_visible()
    expect(teacher.page.locator("[data-session]")).to_have_count(0)
    assert teacher.keeps()["sessions"] == []
