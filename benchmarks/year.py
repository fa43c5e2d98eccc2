"""A year of a city on paper: what its classes cost, by what was measured of each part, and where a
machine is no longer enough.

    python benchmarks/year.py [--classes 3000] [--days 250] [--cores 4] [--phone-ms 55]

Arithmetic and nothing else; what it multiplies was measured (benchmarks/README.md), or is said to
be assumed. Prints Markdown.
"""

import argparse
from collections.abc import Iterator

LEARNERS = 30  # of a class
SHARE_AT_NINE, MINUTES_AT_NINE = 0.5, 10  # assumed: half of a day's classes sit down within these
LESSONS_OPENED = 3  # assumed: by each learner on a class's day
KEPT_PAGE_MS, OWN_PART_MS = 0.85, 3.0  # CPU: pages.py; the goal of returns.py
#: Of rollup.py at 10,000,000 marks on PostgreSQL.
STORED_MS, COUNTED_S, RECOUNT_S, MARKS_THEN = 78.4, 19.6, 183.0, 10_000_000
#: By the columns: a record with its three indexes, an event with its body and two. Not measured.
RECORD_BYTES, EVENT_BYTES = 160, 320
MOST_BUSY = 0.7  # of a core; beyond it those who come wait
RECOUNT_MOST_S = 3600  # of a night
READABLE_GB = 100  # assumed: what a night's pg_dump takes in half an hour at 60 MB/s


def lines(classes: int, days: int, cores: int, phone_ms: float) -> Iterator[tuple[str, str, str]]:
    """What, how much, and when it must be split."""
    marks_a_day = classes * LEARNERS
    marks = marks_a_day * days
    yield "marks", f"{marks_a_day:,} a day, {marks / 1e6:.1f} million a year", "—"

    phones = classes * SHARE_AT_NINE
    busy = phones * phone_ms / 1000 / (MINUTES_AT_NINE * 60)
    most = MOST_BUSY * cores / busy * classes
    yield (
        "nine o'clock, web",
        f"{phones:,.0f} phones in {MINUTES_AT_NINE} minutes × {phone_ms:g} ms = {busy:.2f} cores",
        f"a second web machine of {cores} cores from {most:,.0f} classes a day",
    )
    storing = phones * STORED_MS / 1000 / (MINUTES_AT_NINE * 60)
    yield (
        "nine o'clock, storing",
        f"{phones:,.0f} × {STORED_MS:g} ms (wall, one after the other) = {storing:.2f} at a time",
        "the database on a machine of its own with the second web machine",
    )
    pages = marks_a_day * LESSONS_OPENED
    cpu = pages * (KEPT_PAGE_MS + OWN_PART_MS) / 1000
    yield (
        "lessons looked at",
        f"{pages:,} a day × {KEPT_PAGE_MS + OWN_PART_MS:.2f} ms = {cpu:,.0f} CPU s a day",
        f"never by classes alone: {cpu / 86_400:.3f} cores",
    )
    yield (
        "distinct learners",
        f"{COUNTED_S:g} s after a class in each of 2,851 villages",
        "beside the web from the first day (worker `figures`)",
    )
    recount = RECOUNT_S * marks / MARKS_THEN
    years = RECOUNT_MOST_S / recount
    yield (
        "the night's recount",
        f"{recount / 60:.0f} minutes for a year's marks",
        f"an hour after {years:.0f} years: then closed years are counted no more",
    )
    size = marks * (RECORD_BYTES + EVENT_BYTES) / 1e9
    yield (
        "disk of the database",
        f"{size:.0f} GB a year (by the columns, not measured)",
        f"{READABLE_GB} GB after {READABLE_GB / size:.0f} years: then pgBackRest instead of a dump",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--classes", type=int, default=3000, help="a day")
    parser.add_argument("--days", type=int, default=250, help="a year")
    parser.add_argument("--cores", type=int, default=4, help="of a web machine")
    parser.add_argument("--phone-ms", type=float, default=55, help="CPU, by morning.py")
    options = parser.parse_args()
    print("| part | a city | where it is split |\n|---|---|---|")
    for line in lines(options.classes, options.days, options.cores, options.phone_ms):
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
