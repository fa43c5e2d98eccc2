"""Sends events through a network that fails, and counts what is lost or doubled.

python benchmarks/roll.py [EVENTS]      100,000 where nothing is said; SQLite, or DATABASE_URL
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

from tests.journeys.conftest import Site
from tests.journeys.roll_proxy import APART, make_school, play

EVENTS_A_PHONE = 1000


def main(events: int) -> None:
    phones = max(2, events // EVENTS_A_PHONE)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "roll_benchmark")
        site.manage("migrate", "-v0")
        try:
            hours = EVENTS_A_PHONE * APART / 3600 + 1  # its first marks are of then
            school = make_school(site, classes=phones // 2, hours_ago=hours)
            site.start("web")
            site.wait_until(lambda: site.get("/healthz") == b"ok", "the site answers")
            result = play(site, school, pairs=phones // 2, events_each=EVENTS_A_PHONE, seed=1)
        finally:
            site.stop()
    print(f"events sent         {result.events:>9,}  by {phones} phones, two to a class")
    print(f"requests            {result.requests:>9,}  with {dict(result.faults)}")
    print(f"acknowledged        {result.events - result.unacknowledged:>9,}")
    print(f"stored              {result.stored:>9,}")
    print(f"lost                {result.lost:>9,}")
    print(f"doubled             {result.doubled:>9,}")
    print(f"walk-ins            {result.walk_ins:>9,}")
    print(f"of them lost        {result.people_lost:>9,}")
    print(f"of them doubled     {result.people_doubled:>9,}")
    print(f"marks not the last  {result.wrong_marks:>9,}")
    print(f"events a second     {result.events / result.seconds:>9,.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
