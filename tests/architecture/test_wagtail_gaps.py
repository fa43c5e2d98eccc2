"""Editors read Chinese throughout: we have what Wagtail's Chinese catalogues lack."""

import gettext
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

FOLDER = Path("lms/locale/zh_Hans/LC_MESSAGES")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(params=["django", "djangojs"])
def domain(request):
    return request.param


@pytest.fixture
def source(checkout, domain):
    return checkout / FOLDER / f"{domain}.po"


def compiled(path: Path) -> dict:
    with path.open("rb") as file:
        return vars(gettext.GNUTranslations(file))["_catalog"]


def listed(checkout: Path, *arguments: str) -> list[str]:
    command = [sys.executable, str(checkout / "bin/wagtail-gaps"), *arguments]
    skeleton = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [entry.msgid for entry in polib.pofile(skeleton)]


def differing(entry: polib.POEntry) -> list[str]:
    """The translations of an entry whose placeholders or tags are not its msgid's."""
    said = entry.msgid_plural or entry.msgid  # Chinese has one form, for whatever number
    return [
        translation
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]
        for pattern in (PLACEHOLDER, TAG)
        if translation and sorted(pattern.findall(translation)) != sorted(pattern.findall(said))
    ]


def test_placeholders_and_tags_are_those_of_the_english(source):
    assert [found for entry in polib.pofile(str(source)) for found in differing(entry)] == []


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("%(count)s pages", "%(number)s 个页面"),
        ("%(count)d pages", "%(count)s 个页面"),
        ("Locked by {user}", "已锁定"),
        ("<b>Locked</b>", "<b>已锁定"),
    ],
)
def test_a_placeholder_or_tag_that_differs_is_found(msgid, msgstr):
    assert differing(polib.POEntry(msgid=msgid, msgstr=msgstr)) == [msgstr]


def test_every_entry_has_its_chinese(source):
    assert [entry.msgid for entry in polib.pofile(str(source)) if not entry.translated()] == []


def test_the_compiled_catalogue_is_that_of_the_source(source, tmp_path):
    fresh = tmp_path / "fresh.mo"
    subprocess.run(["msgfmt", "--check", "--output-file", fresh, source], check=True)
    assert compiled(fresh) == compiled(source.with_suffix(".mo"))


def test_nothing_of_wagtail_is_left_in_english(checkout, domain):
    assert listed(checkout, domain) == [], "run bin/wagtail-gaps and translate what it lists"


def test_wagtail_still_says_all_that_we_translate(checkout, domain):
    assert listed(checkout, domain, "--stale") == [], "take these out of the catalogue"
