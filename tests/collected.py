"""What every site would make alike, made once for all sites and processes of a test run: static
files as a site serves them, and the counts of words."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests import workers

CHECKOUT = Path(__file__).parents[1]


def share_collected(folder: Path) -> None:
    """Put links where a site that writes into `folder` looks for them."""
    (folder / "static").symlink_to(collected())
    share_counts(folder)


def share_counts(folder: Path) -> None:
    """Those of jieba's words take three seconds, and are the same until its version or their form
    is another, which their file's name says."""
    from subtitles.chinese.counts import counts_file, written_counts

    name = counts_file().name
    kept, link = workers.SHARED / name, folder / name
    workers.SHARED.mkdir(parents=True, exist_ok=True)
    with (workers.SHARED / "words.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            half_made = kept.with_name(f"{name}.half")
            half_made.write_bytes(written_counts())
            half_made.rename(kept)
    if not link.exists():
        link.unlink(missing_ok=True)  # it leads to where the folder was before
        link.symlink_to(kept)


def collected() -> Path:
    """The folder that the static files are in."""
    home = workers.SHARED / "collected"
    home.mkdir(parents=True, exist_ok=True)
    done = home / "run"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes wait for it too
        if not done.exists() or done.read_text() != workers.RUN:
            subprocess.run(
                [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
                check=True,
                cwd=CHECKOUT,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
                    "VAR_DIR": str(home),
                },
            )
            done.write_text(workers.RUN)
    return home / "static"


if __name__ == "__main__":
    print(collected().parent)
