"""A row: what is kept of its changes, and two people at one row at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lms.ledger.models import ChangeIsFinal, Measure, MeasureChange, MeasureStays
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import (
    RowChanged,
    close_measure,
    edit_measure,
    reopen_measure,
    take_away_measure,
)
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


def changes_of(measure):
    rows = measure.changes.exclude(field="").order_by("pk")
    return list(rows.values_list("field", "was", "now", "by__username"))


def test_each_field_that_changes_says_from_what_to_what_and_who(measure, cast):
    fields = {"progress": "办了一半", "percent": 50, "task": measure.task}
    edited = edit_measure(measure, fields=fields, version=1, by=cast.teacher)
    assert edited.changed == ["percent", "progress"]
    assert changes_of(measure) == [
        ("percent", "", "50%", "teacher"),
        ("progress", "", "办了一半", "teacher"),
    ]


def test_saving_what_stands_already_changes_nothing(measure, cast):
    edited = edit_measure(measure, fields={"task": measure.task}, version=1, by=cast.teacher)
    assert edited.changed == []
    measure.refresh_from_db()
    assert measure.version == 1


def test_the_history_is_final(measure):
    change = measure.changes.get()
    change.now = "别的"
    for attempt in (
        change.save,
        change.delete,
        MeasureChange.objects.all().delete,
        lambda: MeasureChange.objects.update(now="别的"),
    ):
        with pytest.raises(ChangeIsFinal):
            attempt()
    with pytest.raises(MeasureStays):
        measure.delete()
    assert measure.changes.get().act == "made"


def test_who_saves_second_is_told_and_nothing_is_written(measure, cast):
    edit_measure(measure, fields={"progress": "办了一半"}, version=1, by=cast.teacher)
    with pytest.raises(RowChanged) as clash:
        edit_measure(measure, fields={"progress": "没有办"}, version=1, by=cast.street_officer)
    assert list(clash.value.theirs) == ["progress"]
    measure.refresh_from_db()
    assert measure.progress == "办了一半"


def test_different_fields_of_one_row_are_both_kept(measure, cast):
    edit_measure(measure, fields={"progress": "办了一半"}, version=1, by=cast.teacher)
    whole = {"progress": "", "problem": "老师不够", "task": measure.task}
    edited = edit_measure(measure, fields=whole, version=1, by=cast.street_officer)
    assert edited.others == [cast.teacher]
    measure.refresh_from_db()
    assert (measure.progress, measure.problem) == ("办了一半", "老师不够")


def test_the_page_shows_both_and_saves_the_second_time(as_, measure, cast):
    client = as_("street_officer")
    url = reverse("ledger:edit", args=[measure.pk])
    edit_measure(
        measure,
        fields={"task": "四个课堂都开", "problem": "老师不够"},
        version=1,
        by=cast.city_officer,
    )
    sent = {"version": "1", "task": "四个进课堂，每月四次", "number": "31", "problem": ""}
    sent |= {"clause": measure.clause, "lead": "沙面街道", "person_name": "何秋月"}
    sent |= {"person": cast.teacher.pk, "due_on": measure.due_on.isoformat()}
    response = client.post(url, sent)
    page = words(response)
    assert response.status_code == 409
    assert "city刚改成：四个课堂都开" in page
    form = response.context["form"]
    assert form["task"].value() == "四个进课堂，每月四次"
    assert form["problem"].value() == "老师不够"
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url, again).status_code == 302
    measure.refresh_from_db()
    assert (measure.task, measure.problem) == ("四个进课堂，每月四次", "老师不够")
    assert ("task", "四个进课堂", "四个课堂都开", "city") in changes_of(measure)


def test_the_progress_form_tells_the_second_too(as_, measure, cast):
    edit_measure(measure, fields={"percent": 40}, version=1, by=cast.street_officer)
    url = reverse("ledger:progress", args=[measure.pk])
    response = as_("teacher").post(url, {"version": "1", "percent": "60", "progress": "办了"})
    assert response.status_code == 409
    assert "street刚改成：40%" in words(response)
    assert response.context["progress_form"]["percent"].value() == "60"


def test_closing_says_who_and_when_and_opening_again_says_why(measure, cast):
    close_measure(measure, by=cast.street_officer)
    measure.refresh_from_db()
    assert measure.is_closed
    assert measure.closed_by == cast.street_officer
    with pytest.raises(LedgerRefused):
        close_measure(measure, by=cast.street_officer)
    with pytest.raises(LedgerRefused):
        reopen_measure(measure, why="  ", by=cast.street_officer)
    reopen_measure(measure, why="复查没有做到", by=cast.city_officer)
    measure.refresh_from_db()
    assert not measure.is_closed
    assert measure.closed_by is None
    assert measure.changes.filter(act="reopened", now="复查没有做到").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.update(closed_at=timezone.now())


def test_what_was_taken_away_is_nowhere_and_its_history_stays(as_, measure, cast):
    take_away_measure(measure, why="重复", by=cast.street_officer)
    client = as_("street_officer")
    assert client.get(reverse("ledger:row", args=[measure.pk])).status_code == 404
    assert "四个进课堂" not in words(client.get(reverse("ledger:list")))
    assert measure.changes.filter(act="taken_away", now="重复").exists()
    with pytest.raises(LedgerRefused):
        close_measure(measure, by=cast.street_officer)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-3, "过期3天"), (0, "今天到期"), (7, "还有7天"), (8, "正在办"), (None, "正在办")],
)
def test_the_list_says_how_long_there_is(as_, measure, days, said):
    due = None if days is None else timezone.localdate() + timedelta(days=days)
    Measure.objects.update(due_on=due)
    client = as_("street_officer")
    assert said in words(client.get(reverse("ledger:list")))
    timetable = words(client.get(reverse("ledger:timetable")))
    assert (said in timetable) is (days is not None)


def test_the_chart_reads_its_bars_from_the_table(as_, measure):
    due = timezone.localdate()
    Measure.objects.update(starts_on=due - timedelta(days=9), due_on=due)
    page = as_("street_officer").get(reverse("ledger:timetable")).content.decode()
    bar = f'data-starts="{due - timedelta(days=9)}" data-due="{due}" data-standing="soon"'
    assert bar in page
    assert f'data-timetable="timetable" data-today="{due}"' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=课堂", True), ("q=别的", False), ("standing=overdue", False),
        ("standing=running", True), ("unit=440103001", True), ("unit=440103001001", False),
        ("pressed=open", False), ("p=999", True),
    ],
)  # fmt: skip
def test_the_list_is_searched(as_, measure, asked, found):
    page = words(as_("street_officer").get(f"{reverse('ledger:list')}?{asked}"))
    assert ("四个进课堂" in page) is found
    assert ("没有找到这样的条目" in page) is not found
