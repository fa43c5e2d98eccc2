"""Nothing rings from nine in the evening to eight in the morning."""

from datetime import UTC

import pytest

from lms.notices.quiet import is_quiet, next_loud
from lms.notices.texts import in_words, pieces, unfit
from tests.notices.conftest import wall


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("07:59:59", True),
        ("08:00", False),
        ("20:59:59", False),
        ("21:00", True),
        ("23:59:59", True),
        ("00:00", True),
    ],
)
def test_the_hours_are_those_of_the_clock_on_the_wall(at, quiet):
    assert is_quiet(wall(at).astimezone(UTC)) is quiet


@pytest.mark.parametrize(
    ("at", "then"),
    [
        (wall("21:00"), wall("08:00", "2026-12-04")),
        (wall("23:30"), wall("08:00", "2026-12-04")),
        (wall("00:10"), wall("08:00")),
        (wall("07:59"), wall("08:00")),
        (wall("12:34"), wall("12:34")),
        (wall("22:00", "2026-12-31"), wall("08:00", "2027-01-01")),
    ],
)
def test_what_is_quiet_waits_for_the_next_morning(at, then):
    assert next_loud(at.astimezone(UTC)) == then


def test_a_city_may_have_other_hours_or_none(settings):
    settings.QUIET_FROM_HOUR, settings.QUIET_UNTIL_HOUR = 12, 14
    assert (is_quiet(wall("13:00")), is_quiet(wall("23:00"))) == (True, False)
    assert next_loud(wall("13:00")) == wall("14:00")
    settings.QUIET_FROM_HOUR = settings.QUIET_UNTIL_HOUR = 8
    assert not is_quiet(wall("03:00"))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("09:00", "12月3日星期四上午9点"),
        ("09:30", "12月3日星期四上午9点半"),
        ("12:05", "12月3日星期四中午12点5分"),
        ("14:00", "12月3日星期四下午2点"),
        ("19:15", "12月3日星期四晚上7点15分"),
    ],
)
def test_a_moment_is_told_as_one_says_it(at, said):
    assert in_words(wall(at)) == said


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("请带充电线", ""),
        ("3楼活动室", ""),
        ("打19900000001", "number"),
        ("电话020-8888 8888", "number"),
        ("看www.example.cn", "address"),
        ("陈阿婆请先来", "name"),
        ("【急】", "sign"),
        ("很" * 21, "long"),
    ],
)
def test_nothing_personal_and_no_address_is_added(more, problem):
    assert unfit(more, names=["陈阿婆", "黄"]) == problem


def test_a_long_text_is_charged_as_several(settings):
    settings.SMS_SIGN_NAME = "翠洲学堂"
    assert [pieces("字" * count) for count in (64, 65, 128, 129)] == [1, 2, 2, 3]
