"""Officers find who stands in the register twice, look at both, and make them one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.class_codes import digits_of, window_of
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol
from lms.people.models import LearnerMerge
from lms.people.names import sound_of
from lms.people.queries import doubles_of, mergeable_learners, with_doubles
from lms.people.services.learners import register_learner
from lms.people.services.merging import merge_learners, tell_apart
from lms.rosters.learners.matching import match_rows
from lms.rosters.learners.reading import RosterRow
from tests.staff_pages import VILLAGE, session_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast, units):
    """陈阿婆, born 1950, and 陈阿坡, who walked in."""
    return cast.learners[0], register_learner(name="陈阿坡", unit=units[VILLAGE])


def address(name, *learners):
    return reverse(f"attendance:{name}", args=[learner.number for learner in learners])


def pairs(user):
    found = with_doubles(mergeable_learners(user)).order_by("pk")
    return [(pair.one.name, pair.other.name) for pair in doubles_of(found)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("陈春梅", "程春妹"), ("张伟", "章玮"), ("林宁", "林玲"), ("黄伯", "黄 伯")],
)
def test_names_that_are_heard_alike_are_found(one, other):
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(("one", "other"), [("陈春梅", "陈春"), ("黄伯", "王伯"), ("李婶", "李嫂")])
def test_others_are_not(one, other):
    assert sound_of(one) != sound_of(other)


def test_doubles_are_of_one_unit_with_years_that_do_not_contradict(cast, pair, units):
    register_learner(name="陈阿婆", unit=units[VILLAGE], birth_year=1951)
    register_learner(name="黄伯", unit=units["440103001002"], birth_year=1950)
    assert pairs(cast.street_officer) == [("陈阿婆", "陈阿坡"), ("陈阿坡", "陈阿婆")]
    for user in (cast.teacher, cast.volunteer):
        assert pairs(user) == []


def test_who_was_told_apart_or_merged_is_not_offered_again(cast, pair, units):
    tell_apart(*reversed(pair), recorded_by=cast.street_officer)
    assert pairs(cast.street_officer) == []
    third = register_learner(name="李婶", unit=units[VILLAGE])
    assert pairs(cast.street_officer) == [("李婶", "李婶")]
    merge_learners(
        kept=cast.learners[2], gone=third, reason="登记两次", merged_by=cast.street_officer
    )
    assert pairs(cast.street_officer) == []


def test_an_officer_finds_merges_and_takes_it_back(cast, pair, as_):
    kept, gone = pair
    for learner in pair:
        enrol(learner, cast.class_group, door=Door.WALK_IN, recorded_by=cast.teacher)
    Enrolment.objects.update(joined_at=timezone.now() - timedelta(days=9))
    session = session_of(cast.class_group, hours=-2)
    statuses = {kept.number: AttendanceStatus.ABSENT, gone.number: AttendanceStatus.PRESENT}
    mark_on_page(session, statuses=statuses, recorded_by=cast.teacher)
    officer = as_("street_officer")
    assert address("doubles") in officer.get(address("directory")).content.decode()
    listed = officer.get(address("doubles"))
    assert "姓名读音差不多，有一位没写出生年份" in words(listed)
    assert address("merge", kept, gone) in listed.content.decode()
    page = words(officer.get(address("merge", kept, gone)))
    assert "到1次，请假0次，没到0次" in page
    assert "有1次课两边点得不一样" in page
    assert "里的两个位子合成一个" in page
    sent = {"kept": kept.number, "name": gone.number, "birth_year": kept.number}
    refused = officer.post(address("merge", kept, gone), sent)
    assert refused.status_code == 422
    done = officer.post(address("merge", kept, gone), {**sent, "reason": "问过"}, follow=True)
    assert "合并好了" in words(done)
    kept.refresh_from_db()
    assert (kept.name, kept.birth_year) == ("陈阿坡", 1950)
    for number in (kept.number, gone.number):
        page = words(officer.get(reverse("people:learner", args=[number])))
        assert "登记了两次的 陈阿坡" in page or "登记了两次的陈阿坡" in page
    assert kept.number in officer.get(f"{address('directory')}?q={gone.number}").content.decode()
    [row] = LearnerMerge.objects.all()
    undone = officer.post(
        reverse("attendance:merge_done", args=[row.pk]), {"reason": "是两个人"}, follow=True
    )
    assert "又是两位学员" in words(undone)
    listed = words(officer.get(address("merges")))
    assert "撤销" in listed
    assert "问过" in listed
    again = officer.post(reverse("attendance:merge_done", args=[row.pk]), {"reason": "再来"})
    assert again.status_code == 422
    assert "已经撤销" in words(again)


def test_any_two_can_be_found_by_name_and_number(cast, pair, as_):
    url, other = address("choose_other", pair[0]), cast.learners[1]
    for query in ("黄", "hb", other.number):
        page = as_("street_officer").get(url, {"q": query}).content.decode()
        assert address("merge", pair[0], other) in page
    assert "没有找到" in words(as_("street_officer").get(url, {"q": "王"}))


def test_two_units_are_merged_only_by_who_is_over_both(cast, units, as_):
    far = register_learner(name="陈阿婆", unit=units["440103002001"])
    url = address("merge", cast.learners[0], far)
    assert as_("street_officer").get(url).status_code == 404
    city = as_("city_officer")
    assert "村居用哪一个" in words(city.get(url))
    sent = {
        "kept": far.number,
        "unit_id": cast.learners[0].number,
        "birth_year": cast.learners[0].number,
        "reason": "搬了家",
    }
    city.post(url, sent)
    far.refresh_from_db()
    assert (far.unit.code, far.birth_year) == (VILLAGE, 1950)
    undo = reverse("attendance:merge_done", args=[LearnerMerge.objects.get().pk])
    for who in ("street_officer", "other_street_officer", "teacher"):
        assert as_(who).get(undo).status_code == 404
    as_("city_officer").post(undo, {"reason": "是两个人"})
    far.refresh_from_db()
    assert (far.unit.code, far.birth_year) == ("440103002001", None)


def test_an_old_number_in_a_spreadsheet_is_the_one_who_stands_for_both(cast, pair):
    kept, gone = pair
    merge_learners(kept=kept, gone=gone, reason="登记两次", merged_by=cast.street_officer)
    for name in ("陈阿婆", "陈阿坡"):
        row = RosterRow(line=2, name=name, number=gone.number)
        match_rows([row], unit=kept.unit, class_group=cast.class_group, user=cast.teacher)
        assert (row.problems, row.candidates) == ([], [kept.pk])


def test_the_old_number_lets_in_at_the_class_screen(cast, pair, client):
    kept, gone = pair
    merge_learners(kept=kept, gone=gone, reason="登记两次", merged_by=cast.street_officer)
    enrol(kept, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    session = session_of(cast.class_group, hours=0)
    code = digits_of(session, window_of(timezone.now()))
    asked = client.post("/here/", {"code": code, "number": gone.number})
    assert "陈*婆" in words(asked)
