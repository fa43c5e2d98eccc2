"""The last line of bin/test counts every run of it."""

from tests.closing_line import closing_line


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
