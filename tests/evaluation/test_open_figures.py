"""Open figures: a year's file, made once, in which nobody is recognised."""

import csv
import hashlib
import io
from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms.classes.services.sessions import record_help
from lms.evaluation.figures import COLUMNS, HIDDEN, MEASURES, counted, hide, units_told
from lms.evaluation.models import FaceTally, OpenFigures
from lms.evaluation.services.open_figures import FiguresRefused, publish_figures
from lms.statistics.models import DailyRollup
from lms.units.models import Unit
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

YEAR = 2026
DISTRICT, STREET, OTHER_STREET, VILLAGE = "440103", "440103001", "440103002", "440103001001"


@pytest.fixture(autouse=True)
def next_year(monkeypatch):
    day_of = timezone.localdate

    def localdate(moment=None, zone=None):
        return day_of(moment, zone) if moment else date(YEAR + 1, 1, 5)

    monkeypatch.setattr(timezone, "localdate", localdate)


def rows_of(content):
    text = bytes(content).decode("utf-8-sig")
    return {row["区划代码"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def published(cast, march):
    return publish_figures(year=YEAR, made_by=cast.city_officer)


def test_it_tells_of_every_unit_down_to_the_street(published):
    rows = rows_of(published.content)
    assert list(rows) == ["4401", DISTRICT, STREET, OTHER_STREET, "440104"]
    assert rows[STREET]["上级代码"] == DISTRICT
    assert rows["4401"]["上级代码"] == ""
    street = rows[STREET]
    assert [street[head] for head in ("村居", "上过课的村居", "班级", "已上课次")] == ["2"] * 4
    assert rows["440104"]["学员人数"] == "0"


def test_small_numbers_of_people_are_hidden_and_large_ones_told(published):
    rows = rows_of(published.content)
    assert rows[STREET]["学员人数"] == HIDDEN
    assert rows[STREET]["到课人次"] == HIDDEN
    assert rows[STREET]["讲座人次"] == "1040"
    numbers = [
        cell
        for row in rows.values()
        for each in MEASURES
        if each.of_people
        for cell in [row[str(each.heading)]]
    ]
    assert not {"1", "2", "3", "4"} & set(numbers)


def test_it_is_counted_as_the_reports_count(cast, march, units):
    record_help(march.held, person=cast.volunteer, minutes=150, recorded_by=cast.teacher)
    FaceTally.objects.create(
        unit=units[VILLAGE], month=date(YEAR, 3, 1), question="overall", face=5,
        answered_on="paper", times=7,
    )  # fmt: skip
    found = counted(units_told(), YEAR)
    city, street = units["4401"].pk, units[STREET].pk
    told = {key: (numbers[city], numbers[street]) for key, numbers in found.items()}
    assert told["learners"] == (2, 2)  # one came in both streets
    assert told["attendances"] == (3, 2)
    assert told["sessions"] == (3, 2)
    assert told["classes"] == (3, 2)
    assert told["volunteers"] == (1, 1)
    assert told["hours"] == (3, 3)  # two and a half, rounded
    assert told["face_5"] == (7, 7)
    assert told["villages"] == (3, 2)
    assert told["covered"] == (3, 2)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3), st.lists(st.integers(0, 9)))
def test_what_tells_of_the_same_few_is_hidden_with_them(learners, more):
    units = [
        Unit(pk=number, path=path)
        for number, path in enumerate(("0001", "00010001", "00010002", "00010003"))
    ]
    came = [*more, 0, 0, 0][:3]
    numbers = {each.key: {unit.pk: 0 for unit in units} for each in MEASURES}
    numbers["learners"] = dict(enumerate([sum(learners), *learners]))
    marks = [one + other for one, other in zip(learners, came, strict=True)]
    numbers["attendances"] = dict(enumerate([sum(marks), *marks]))
    told = hide(units, numbers)
    for unit in units:
        if told["learners"][unit.pk] == HIDDEN:
            assert told["attendances"][unit.pk] == HIDDEN
        assert told["learners"][unit.pk] not in {1, 2, 3, 4}
    hidden = [number for number in told["learners"].values() if number == HIDDEN]
    assert len(hidden) != 1


# --- The file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("good", "told"), [(49, HIDDEN), (50, "100"), (51, "100"), (57, "90")])
def test_each_question_is_told_by_tenths_where_a_tenth_is_five_answers(cast, units, good, told):
    """Of 57 good ones there are seven besides that are not."""
    here = {"unit": units[VILLAGE], "month": date(YEAR, 3, 1), "answered_on": "screen"}
    other = 7 if good == 57 else 0
    FaceTally.objects.create(**here, question="clear", face=5, times=good - 9)
    FaceTally.objects.create(**here, question="clear", face=4, times=9)
    if other:
        FaceTally.objects.create(**here, question="clear", face=1, times=other)
    rows = rows_of(publish_figures(year=YEAR, made_by=cast.city_officer).content)
    assert [rows[code]["课听得懂吗？"] for code in (STREET, "4401")] == [told, told]
    assert rows[STREET]["老师有耐心吗？"] == HIDDEN


def test_the_page_tells_the_hash_of_the_very_bytes(published, client):
    page = words(client.get("/open-data/"))
    content = b"".join(client.get(f"/open-data/{YEAR}-1-figures.csv"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert hashlib.sha256(content).hexdigest() in page
    assert "CC BY 4.0" in page


def test_the_dictionary_explains_every_column(published, client):
    content = b"".join(client.get(f"/open-data/{YEAR}-1-dictionary.csv"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["英文名"] for row in rows] == [column.key for column in COLUMNS]
    assert all(row["意思"] for row in rows)


def test_a_file_stays_as_it_was_whatever_changes(published, client):
    before = b"".join(client.get(f"/open-data/{YEAR}-1-figures.csv"))
    DailyRollup.objects.update(headcount=2000)
    assert b"".join(client.get(f"/open-data/{YEAR}-1-figures.csv")) == before


def test_another_edition_says_why_and_differs(published, cast):
    with pytest.raises(FiguresRefused, match="为什么"):
        publish_figures(year=YEAR, made_by=cast.city_officer)
    with pytest.raises(FiguresRefused, match="一模一样"):
        publish_figures(year=YEAR, made_by=cast.city_officer, reason="改正")
    DailyRollup.objects.update(headcount=2000)
    again = publish_figures(year=YEAR, made_by=cast.city_officer, reason="讲座人数报错")
    assert (again.edition, OpenFigures.objects.count()) == (2, 2)


def test_a_year_that_is_not_over_is_not_told(cast, units):
    with pytest.raises(FiguresRefused, match="还没有过完"):
        publish_figures(year=YEAR + 1, made_by=cast.city_officer)


def test_however_many_units_it_takes_as_many_queries(march, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        found = counted(units_told(), YEAR)
    assert set(found) == {each.key for each in MEASURES}


def test_the_city_makes_a_year_public_on_its_page(as_, march):
    browser = as_("city_officer")
    answer = browser.post("/evaluation/figures/", {"year": str(YEAR), "reason": ""})
    assert answer["Location"] == "/evaluation/figures/"
    assert f"{YEAR}年（第1版）" in words(browser.get("/open-data/"))
    again = browser.post("/evaluation/figures/", {"year": str(YEAR), "reason": ""})
    assert again.status_code == 422
