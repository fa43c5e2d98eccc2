"""The benchmark with few events: two processes, two databases, a line that is cut."""

import subprocess
import sys

import pytest


@pytest.mark.thorough(
    "two databases, four processes; test_any_order.py and test_carriers.py stand in"
)
def test_nothing_is_lost_or_doubled_between_two_machines(checkout):
    done = subprocess.run(
        [sys.executable, "benchmarks/boxes.py", "--events", "900"],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert "0 lost, 0 doubled; 0 held, 0 wait" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
