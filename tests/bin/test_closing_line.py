"""The last lines of bin/test tell of every run of it."""

from tests.closing_line import again_passed, closing_line, figures, slowest


def test_it_adds_up_all_runs_and_counts_errors_as_failures(tmp_path):
    for name, counts in [("sqlite", (10, 1, 1, 0)), ("postgres", (5, 0, 0, 2))]:
        tests, failures, errors, skipped = counts
        (tmp_path / f"{name}.xml").write_text(
            f'<testsuites><testsuite tests="{tests}" failures="{failures}" errors="{errors}"'
            f' skipped="{skipped}"/></testsuites>'
        )
    assert closing_line(tmp_path) == "11 passed, 2 failed, 2 skipped"


def test_a_run_without_skips_says_only_what_passed_and_failed(tmp_path):
    (tmp_path / "one.xml").write_text('<testsuite tests="3" failures="0" errors="0" skipped="0"/>')
    assert closing_line(tmp_path) == "3 passed, 0 failed"


def test_the_slowest_of_all_runs_come_first(tmp_path):
    for run in ("sqlite", "postgres"):
        tests = "".join(f'<testcase name="{run}{i}" time="{i}.5"/>' for i in range(12))
        (tmp_path / f"{run}.xml").write_text(f"<testsuite>{tests}</testsuite>")
    heading, *lines = slowest(tmp_path)
    assert heading == "The 10 slowest:"
    assert lines[:2] == ["  11.5 s  postgres11 (postgres)", "  11.5 s  sqlite11 (sqlite)"]
    assert len(lines) == 10


def test_figures_are_those_of_the_long_walks(tmp_path):
    walk = (
        '<properties><property name="thorough" value="long"/></properties>'
        "<system-out>--- Captured Out ---\n20000 events\n</system-out>"
    )
    (tmp_path / "sqlite.xml").write_text(
        f'<testsuite><testcase name="a_walk">{walk}</testcase>'
        '<testcase name="a_test"><system-out>words</system-out></testcase></testsuite>'
    )
    assert list(figures(tmp_path)) == ["a_walk (sqlite):", "    20000 events"]


def test_what_passed_the_second_time_only_is_named(tmp_path):
    again = '<properties><property name="again" value="failed before"/></properties>'
    (tmp_path / "sqlite.xml").write_text(
        "<testsuites><testsuite>"
        f'<testcase classname="tests.journeys" name="passed_then">{again}</testcase>'
        f'<testcase classname="tests.journeys" name="failed_then">{again}<failure/></testcase>'
        '<testcase classname="tests.journeys" name="passed_at_once"/>'
        "</testsuite></testsuites>"
    )
    assert list(again_passed(tmp_path)) == [
        "PASSED THE SECOND TIME ONLY: tests.journeys::passed_then (sqlite)"
    ]
