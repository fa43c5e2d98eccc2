"""A city's pack comes to a box by a thin line that breaks: how long, how much of it twice.

    python benchmarks/slow_line.py [--migrated FILE] [--kib 1500] [--files 60] [--pace HOURS]

30 KB a second, one second late, broken after each 200 KB (tests/slow_line.py), since not every
kernel can be told to lose packets. The pack has one film and many small files. Then one of them
changes. Prints Markdown; the exit code is 1 where the box has not what the city has.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Beside this one, by the folder of the script.
from boxes import Machine, Web, free_port, migrate  # type: ignore[import-not-found]  # noqa: E402

from tests.slow_line import slow_line  # noqa: E402

RATE, LATE, BREAKS = 30_000, 1.0, 200_000

MAKE = """
import json, os, sys
from pathlib import Path
from lms.packs.choices import JobState
from lms.packs.making.laying_down import files_of
from lms.packs.making.services import new_edition, packs_folder
from lms.packs.manifest import MANIFEST, SIGNATURE, Manifest, as_bytes
from lms.packs.models import PackMaking
from lms.packs.signing import id_of, in_words, make_key, own_keys, sign

kib, many, word = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
keys = own_keys() or [make_key()]
folder = packs_folder() / "all-subtitled"
(folder / "网页").mkdir(parents=True, exist_ok=True)
film = folder / "film.mp4"
if not film.exists():
    film.write_bytes(os.urandom(kib * 1024))
for number in range(many):
    (folder / f"网页/{number}.html").write_text(f"{number} {word if not number else ''}" * 400)
for name in (MANIFEST, SIGNATURE):
    (folder / name).unlink(missing_ok=True)
public = keys[0].public_key()
manifest = new_edition(Manifest(name="bench", edition=0, made_at="", city="bench",
    key_id=id_of(public), files=files_of(folder), keys=(in_words(public),)))
content = as_bytes(manifest)
(folder / MANIFEST).write_bytes(content)
(folder / SIGNATURE).write_bytes(sign(content, keys))
PackMaking.objects.create(folder=folder.name, state=JobState.DONE, edition=manifest.edition)
print(json.dumps([in_words(public), manifest.size, len(content)]))
"""

FETCH = """
import json, sys
from pathlib import Path
from django.conf import settings
from lms.packs.line.fetching import fetch_pack
from lms.packs.line.paces import pace_of
from lms.packs.manifest import verify
settings.PACK_TRUSTED_KEYS = ["city=" + sys.argv[3]]
into = Path(sys.argv[2])
manifest = fetch_pack(sys.argv[1], into=into, bytes_per_second=pace_of(sys.argv[4]))
verify(into, manifest)
print(json.dumps(manifest.edition))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--migrated", type=Path, help="an empty migrated SQLite database")
    parser.add_argument("--kib", type=int, default=1_500, help="of the film")
    parser.add_argument("--files", type=int, default=60, help="small ones")
    parser.add_argument("--pace", default="", help="as BOX_PACK_PACE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        city = Machine("city", work / "city", is_box=False)
        box = Machine("box", work / "box", is_box=True)
        migrate(city, box, options.migrated)
        web = Web(city, "127.0.0.1", free_port(), box)
        print("| what | bytes in the pack | by the line | connections | broken | seconds | CPU s |")
        print("|---|---|---|---|---|---|---|")
        try:
            for word in ("first", "second"):
                key, size, listed = city.run(MAKE, str(options.kib), str(options.files), word)
                go(box, web.address, work / "into", key, word, size + listed, options.pace)
        finally:
            web.kill()


def go(box: Machine, to: str, into: Path, key: str, word: str, size: int, pace: str) -> None:
    began, cpu = time.monotonic(), cpu_seconds()
    with slow_line(to, bytes_per_second=RATE, late_seconds=LATE, breaks_after=BREAKS) as line:
        box.run(FETCH, line.url, str(into), key, pace)
    took, used = time.monotonic() - began, cpu_seconds() - cpu
    broken = sum(each >= BREAKS for each in line.came)
    print(
        f"| {word} | {size:,} | {sum(line.came):,} | {len(line.came)} | {broken} |"
        f" {took:.0f} | {used:.1f} |",
        flush=True,
    )


def cpu_seconds() -> float:
    """Of what has ended below this process."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
