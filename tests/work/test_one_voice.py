"""The admin speaks Chinese on every page that can be reached, refusals of forms included."""

import json
import re
from itertools import islice
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from django.urls import resolve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

#: Letters that stand so on things and in files everywhere, and what our own people are called.
ALLOWED = {
    "PDF", "QR", "ISO", "CSV", "XLSX", "XML", "JSON", "URL", "ID", "SRT", "VTT", "ASS", "MP", "GB",
    "MB", "KB", "PNG", "JPG", "JPEG", "GIF", "WEBP", "SVG", "HEIC", "AVIF", "Wi-Fi", "API", "UTC",
    "Ctrl", "Shift", "Alt", "Enter", "Esc", "Tab", "Mac", "Windows", "IP", "MOV", "WAV", "TSV",
    "WebVTT", "JavaScript", "Whisper", "faster-whisper", "base", "English",
}  # fmt: skip
#: What Wagtail's catalogues have no words for: labels made of names of fields, on pages that only
#: administrators see; the button of a search, which a screen does not show; who published what a
#: program published.
OF_WAGTAIL = {"Page", "Content types", "Port", "Site name", "Root page", "Search", "None"} | {
    "按“Port”升序排列。"
}
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
#: What is told in attributes.
TOLD = ("aria-label", "alt", "title", "placeholder", "data-w-tooltip-content-value")
#: Not read by anybody: code, and data for scripts.
UNREAD = ("script", "style", "svg", "code", "kbd")
#: In English letters by right: addresses, file names, models of the database.
TYPED = re.compile(
    r"https?://\S+|[\w.-]*/[\w/.-]+|[\w.-]+@[\w.-]+|\b(?:courses|media)\.\w+"
    r"|（\d[\w.+:-]*）"  # a program's version
    r"|[\w-]+\.(?:mp4|m4a|jpg|png|pdf|csv)|\blobby\b|\blocalhost\b|manage\.py \w+"
)


def said_by(html):
    """Each text of the page that somebody sees or hears."""
    soup = BeautifulSoup(html, "html.parser")
    for script in soup.find_all("script", id="wagtail-sidebar-props"):
        yield from labels_in(json.loads(script.string or "{}"))
    for each in soup.select(", ".join((*UNREAD, "[data-side-panel-toggle-counter]"))):
        each.decompose()
    for tag in soup.find_all(True):
        yield from (tag[name] for name in TOLD if tag.get(name))
        if tag.name == "input" and tag.get("type") == "submit":
            yield tag.get("value", "")
    for text in soup.find_all(string=True):
        if not isinstance(text, PreformattedString):
            yield text


def labels_in(data):
    """Of the menu, which a script draws."""
    if isinstance(data, dict):
        yield from (value for name, value in data.items() if name == "label")
        data = list(data.values())
    if isinstance(data, list):
        for each in data:
            yield from labels_in(each)


def english_in(html):
    found = []
    for text in said_by(html):
        words = [word for word in WORD.findall(TYPED.sub(" ", text)) if word not in ALLOWED]
        told = " ".join(text.split())
        if words and told not in OF_WAGTAIL:
            found.append(told[:90])
    return found


def links_in(html):
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all("a", href=True):
        yield tag["href"]
    for script in soup.find_all("script", id="wagtail-sidebar-props"):
        yield from re.findall(r'"url": "(/admin/[^"]*)"', script.string or "{}")


def kind_of(url):
    """Pages with one view are one page; those of a list for each of its models."""
    match = resolve(urlsplit(url).path)
    kinds = [value for name, value in match.kwargs.items() if "pk" not in name and "id" not in name]
    return (match.view_name, *map(str, kinds))


def walk(client, begin="/admin/"):
    """Every kind of page of the admin once: its address and the answer."""
    to_see, seen = [begin], set()
    while to_see:
        url = to_see.pop(0)
        if not url.startswith("/admin/") or "logout" in url or "export=" in url:
            continue
        kind = kind_of(url)
        if kind in seen:
            continue
        seen.add(kind)
        response = client.get(url, follow=True)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        html = response.content.decode()
        yield url, html
        for link in links_in(html):
            address = urlsplit(link)
            if not address.netloc and address.path.startswith("/admin/"):
                to_see.append(address.path)


@pytest.fixture
def boss(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("当家的", password="x"))
    return client


@pytest.mark.parametrize("count", [
    8, pytest.param(None, marks=pytest.mark.thorough("the first eight are read every time")),
], ids=["some", "all"])  # fmt: skip
def test_every_page_of_the_admin_is_chinese(boss, count):
    pages = dict(islice(walk(boss), count))
    assert {url: found for url, html in pages.items() if (found := english_in(html))} == {}
    assert len(pages) == count or len(pages) > 80


@pytest.mark.parametrize(
    "address",
    ["images/add", "plain_words/new", "redirects/add", "collections/add", "sites/new"],
)
def test_a_form_refuses_in_chinese(boss, address):
    answer = boss.post(f"/admin/{address}/", {})
    assert answer.status_code == 200
    assert "这里要填。" in answer.content.decode()
    assert english_in(answer.content.decode()) == []


def test_a_page_that_is_not_there_is_told_in_chinese(boss):
    answer = boss.get("/admin/nothing/")
    assert answer.status_code == 404
    assert english_in(answer.content.decode()) == []


def test_english_is_found():
    html = '<p>您好</p><b>Publish</b><i title="Add page"></i><script>var a</script><p>PDF</p>'
    assert english_in(html) == ["Add page", "Publish"]
