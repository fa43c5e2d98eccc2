"""Journeys are asked in two processes, each with a running site of its own."""

from pathlib import Path

from tests.workers import CHECKOUT, JOURNEYS, journeys_of

SHARED_BY_A_PACKAGE = f'scope="{"package"}"'


def files() -> list[Path]:
    return sorted((CHECKOUT / JOURNEYS).glob("test_*.py"))


def test_journeys_on_one_site_go_together():
    gone = {each.name: journeys_of(f"{JOURNEYS}{each.name}") for each in files()}
    assert gone["test_roll_offline.py"] == gone["test_pairing.py"]
    assert gone["test_audit.py"] == gone["test_search.py"] != gone["test_pairing.py"]


def test_no_journey_has_both_sites_made():
    texts = {each.name: each.read_text() for each in files()}
    wrong = [name for name, text in texts.items() if "empty_site" in text and "live_site" in text]
    assert wrong == []


def test_what_a_package_shares_ends_with_it():
    """Without __init__.py it would last until the process ends: a browser left open refuses the
    database to every test after it."""
    sharing = {
        path.parent
        for path in (CHECKOUT / "tests").rglob("*.py")
        if "node_modules" not in path.parts and SHARED_BY_A_PACKAGE in path.read_text()
    }
    assert sharing
    assert [folder for folder in sharing if not (folder / "__init__.py").exists()] == []
