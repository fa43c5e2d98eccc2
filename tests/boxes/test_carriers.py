"""Both ways between box and city: the stick, and the line as the city's views answer it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.page import mark_on_page
from lms.boxes import line, stick
from lms.boxes.line import LineCut, speak_with_city
from lms.boxes.models import BornBatch, Home, TakenBatch, VillageBox
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.journal import waiting_batches
from lms.boxes.services.registering import make_box, revoke_box, say_hello, this_box
from lms.outgoing import Answer, NotReached
from tests.staff_pages import VILLAGE, marks

pytestmark = pytest.mark.django_db


def mark_one(village, place=0, status=AttendanceStatus.PRESENT):
    mark_on_page(
        village.session,
        statuses={village.learners[place].number: status},
        recorded_by=village.teacher,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "电影").mkdir()  # whatever else is on it
    return tmp_path


# --- The stick ---------------------------------------------------------------------------------


def test_a_box_without_a_line_registers_by_the_stick(cast, units, on_box, folder, capsys):
    _box, code = make_box(name="山里的盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        say_hello(code=code, city_address="")
        call_command("box_out", str(folder))
    call_command("box_in", str(folder))
    assert VillageBox.objects.get().is_at_work
    with on_box():
        call_command("box_in", str(folder))
        assert this_box().name == "山里的盒子"
        assert this_box().edition == 1
    assert "登记好了" in capsys.readouterr().out


def test_the_stick_goes_there_and_its_answer_back(village, box, on_box, folder):
    with on_box():
        mark_one(village)
        stick.write_for_city(folder)
        assert len(list(folder.rglob("上-*.json"))) == 1
    read = stick.read_from_boxes(folder)
    assert not read.refused
    assert TakenBatch.objects.get().carrier == "stick"
    with on_box():
        read = stick.read_from_city(folder)
        assert not read.refused
        assert not waiting_batches().exists()
        assert list(folder.rglob("上-*.json")) == []  # room for the next


def test_a_stick_that_was_pulled_out_half_way_harms_nothing(village, box, on_box, folder):
    with on_box():
        mark_one(village)
        stick.write_for_city(folder)
        mark_one(village, 1)
        stick.write_for_city(folder)
        first, _second = sorted(folder.rglob("上-*.json"))
    whole = first.read_bytes()
    first.write_bytes(whole[: len(whole) // 2])
    read = stick.read_from_boxes(folder)
    assert [words.partition("：")[0][-11:] for words in read.refused] == [first.name[-11:]]
    assert TakenBatch.objects.get().number == 2
    with on_box():
        stick.read_from_city(folder)
        assert [batch.number for batch in waiting_batches()] == [1]
        stick.write_for_city(folder)
    assert not stick.read_from_boxes(folder).refused
    assert TakenBatch.objects.count() == 2


def test_links_on_a_stick_lead_nowhere(village, box, on_box, folder):
    with on_box():
        mark_one(village)
        stick.write_for_city(folder)
        [letter] = folder.rglob("上-*.json")
    elsewhere = folder / "elsewhere.json"
    letter.rename(elsewhere)
    letter.symlink_to(elsewhere)
    stick.read_from_boxes(folder)
    assert not TakenBatch.objects.exists()


def test_nothing_about_anybody_lies_open_on_the_stick(village, box, on_box, folder):
    with on_box():
        mark_one(village)
        stick.write_for_city(folder)
    stick.read_from_boxes(folder)
    written = b"".join(path.read_bytes() for path in folder.rglob("*.json"))
    for learner in village.learners:
        assert learner.name.encode() not in written
        assert json.dumps(learner.name).encode() not in written
        assert learner.number.encode() not in written
    assert village.teacher.username.encode() not in written


def test_without_a_stick_the_command_says_so(box, on_box, tmp_path):
    with on_box(), pytest.raises(CommandError, match="U盘插好了吗"):
        call_command("box_out", str(tmp_path / "nowhere"))


# --- The line ----------------------------------------------------------------------------------


@pytest.fixture
def line_to(client, settings, monkeypatch):
    """The network between the two, which can be cut: the city's own views answer."""
    state = {"cut_after": None, "posts": 0}

    def post(address, body, *, content_type, most_bytes):
        state["posts"] += 1
        if state["cut_after"] is not None and state["posts"] > state["cut_after"]:
            raise NotReached("cut")
        mine = settings.BOXES_KEY, settings.BOX
        settings.BOXES_KEY, settings.BOX = state["city"], False
        try:
            path = address.removeprefix("https://city.test")
            answer = client.post(path, body, content_type=content_type)
            return Answer(answer.status_code, answer.content)
        finally:
            settings.BOXES_KEY, settings.BOX = mine

    state["city"] = settings.BOXES_KEY
    monkeypatch.setattr(line, "post", post)
    return state


def connect():
    Home.objects.update(city_address="https://city.test")


def test_what_was_born_goes_up_and_what_was_decided_comes_down(village, box, on_box, line_to):
    with on_box():
        connect()
        mark_one(village)
        assert speak_with_city(pack_edition=7).batches == 1
        assert not waiting_batches().exists()
        assert this_box().trouble == ""
    box.refresh_from_db()
    assert (box.pack_edition, box.waits_there, box.last_heard_by) == (7, 0, "line")
    assert marks(village.session) == {"陈阿婆": "present"}


def test_a_cut_costs_only_what_was_under_way(village, box, on_box, line_to, monkeypatch):
    monkeypatch.setattr("lms.boxes.services.journal.LINES_A_BATCH", 1)
    with on_box():
        connect()
        for place in range(3):
            mark_one(village, place)
        line_to["cut_after"] = 2
        with pytest.raises(LineCut):
            speak_with_city()
        assert [batch.number for batch in waiting_batches()] == [3]
        assert "会自己再试" in this_box().trouble
        line_to["cut_after"] = None
        assert speak_with_city().batches == 1
        assert this_box().trouble == ""
    assert TakenBatch.objects.count() == 3


def test_a_box_registers_by_the_line(cast, units, on_box, line_to):
    box, code = make_box(name="盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        say_hello(code=code, city_address="https://city.test/")
        assert speak_with_city().has_news
        assert this_box().uid == box.uid


def test_a_revoked_box_hears_that_it_is_and_keeps_what_it_has(village, box, cast, on_box, line_to):
    revoke_box(box, revoked_by=cast.city_officer)
    with on_box():
        connect()
        mark_one(village)
        with pytest.raises(BoxRefused, match="停用"):
            speak_with_city()
        assert this_box().is_refused
        assert BornBatch.objects.get().text


@pytest.mark.parametrize("name", ["hello", "letters", "snapshot"])
@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", bytes(range(192, 256)), b"[" * 5000],
    ids=["nothing", "list", "object", "noise", "deep"],
)
def test_rubbish_is_answered_in_words(client, db, name, body):
    answer = client.post(reverse(f"boxes:{name}"), body, content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["words"]
