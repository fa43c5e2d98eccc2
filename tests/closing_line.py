"""What bin/test prints at its end, over the reports of its several pytest runs.

python -m tests.closing_line counts|slowest|again|figures FOLDER
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

SLOWEST = 10


def closing_line(reports: Path) -> str:
    """What erred in its set-up or tear-down counts as failed."""
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for report in reports.glob("*.xml"):
        for suite in ElementTree.parse(report).iter("testsuite"):
            for name in counts:
                counts[name] += int(suite.get(name, 0))
    failed = counts["failures"] + counts["errors"]
    line = f"{counts['tests'] - failed - counts['skipped']} passed, {failed} failed"
    return f"{line}, {counts['skipped']} skipped" if counts["skipped"] else line


def slowest(reports: Path) -> Iterator[str]:
    """The tests that took longest with what they set up, and in which run."""
    timed = sorted(cases(reports), key=lambda case: float(case[1].get("time", 0)), reverse=True)
    yield f"The {SLOWEST} slowest:"
    for run, case in timed[:SLOWEST]:
        yield f"{float(case.get('time', 0)):6.1f} s  {case.get('name')} ({run})"


def again_passed(reports: Path) -> Iterator[str]:
    """What failed and passed when it was asked again, for whoever has to mend it."""
    for run, case in cases(reports):
        if case.find("properties/property[@name='again']") is not None and passed(case):
            name = f"{case.get('classname')}::{case.get('name')}"
            yield f"PASSED THE SECOND TIME ONLY: {name} ({run})"


def passed(case: ElementTree.Element) -> bool:
    return case.find("failure") is None and case.find("error") is None


def figures(reports: Path) -> Iterator[str]:
    """What the long walks have printed of what they measured."""
    for run, case in cases(reports):
        reason = case.find("properties/property[@name='thorough']")
        said = case.findtext("system-out")
        if reason is not None and said:
            yield f"{case.get('name')} ({run}):"
            for line in said.splitlines():
                if line and not line.startswith("---"):  # pytest's own headings
                    yield f"    {line}"


def cases(reports: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    for report in sorted(reports.glob("*.xml")):
        for case in ElementTree.parse(report).iter("testcase"):
            yield report.stem, case


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    lines = {
        "counts": lambda: [closing_line(folder)],
        "slowest": lambda: slowest(folder),
        "again": lambda: again_passed(folder),
        "figures": lambda: figures(folder),
    }[what]
    for line in lines():
        print(line)
