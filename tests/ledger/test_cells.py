"""What is read out of one cell."""

from datetime import date

import pytest

from lms.ledger.sheets.cells import last_day_of, progress_from, says_done


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2021年底前", date(2021, 12, 31)),
        ("2022年6月", date(2022, 6, 30)),
        ("2022年2月底前完成", date(2022, 2, 28)),
        ("2022-03-05", date(2022, 3, 5)),
        ("2022.3", date(2022, 3, 31)),
        ("2022/3/5前", date(2022, 3, 5)),
        ("2021年3月至2022年10月", date(2022, 10, 31)),
        ("2027", date(2027, 12, 31)),
        ("长期坚持", None),
        ("", None),
        ("2022年13月", None),
        ("每季度", None),
    ],
)
def test_the_last_day_that_words_mean(words, day):
    assert last_day_of(words) == day


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0.8, (80, "")), (1, (100, "")), (60, (60, "")), ("80%", (80, "")),
        ("80％，推进中", (80, "推进中")), ("推进中", (None, "推进中")), (None, (None, "")),
        ("120%", (None, "120%")),
    ],
)  # fmt: skip
def test_progress_is_a_share_and_words(value, read):
    assert progress_from(value, most=100) == read


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("是", True), ("已办结", True), ("2026-11-30 何秋月", True), ("√", True), ("完成", True),
        ("否", False), ("未办结", False), ("", False), ("没有完成", False), ("正在办", False),
        ("—", False), ("何秋月", False),
    ],
)  # fmt: skip
def test_what_says_that_a_row_is_done(words, done):
    assert says_done(words) is done
