"""Static files as a site serves them: collected once in a test run, for all its sites."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests import workers

CHECKOUT = Path(__file__).parents[1]


def share_collected(folder: Path) -> None:
    """Put a link to them where a site that writes into `folder` looks for them."""
    (folder / "static").symlink_to(collected())


def collected() -> Path:
    """The folder that they are in."""
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
