"""docs/glossary.md pairs the classes of our rooms with their words on the screen."""

import re
from pathlib import Path

import pytest
from django.apps import apps

#: Labels of apps.
ROOMS = (
    "units",
    "people",
    "classes",
    "attendance",
    "statistics",
    "rosters",
    "helpline",
    "media",
    "courses",
    "progress",
    "subtitles",
    "search",
    "tv",
    "accounts",
    "reports",
    "manuals",
    "notices",
    "privacy",
    "returns",
    "evaluation",
    "ledger",
    "packs",
    "offline",
    "boxes",
)


@pytest.fixture(scope="module")
def rooms(checkout):
    """By each class that the glossary names, the room that it gives it."""
    lines = re.findall(
        r"^\| (`[^|]+`) \|[^|]*\| (\w+) \|",
        (checkout / "docs/glossary.md").read_text(),
        re.MULTILINE,
    )
    return {name: room for names, room in lines for name in re.findall(r"`(\w+)`", names)}


def test_every_model_has_its_word_and_its_room(rooms):
    models = {
        model.__name__: label
        for label in ROOMS
        for model in apps.get_app_config(label).get_models()
    }
    assert {name: rooms.get(name) for name in models} == models


def test_no_word_has_outlived_its_class(rooms):
    for name, room in rooms.items():
        folder = Path(apps.get_app_config(room).path)
        sources = (path.read_text() for path in folder.rglob("*.py"))
        assert any(re.search(rf"^class {name}\b", source, re.MULTILINE) for source in sources), name
