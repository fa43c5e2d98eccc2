"""One closing line over the reports of several pytest runs, as bin/test prints it."""

import sys
from pathlib import Path
from xml.etree import ElementTree


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


if __name__ == "__main__":
    print(closing_line(Path(sys.argv[1])))
