"""How pages look: rendered by the server, kept by a cookie and by a profile."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lms.accounts.choices import Language, ReadAloud, SpeechSpeed, TextSize, Theme, Version
from lms.accounts.display import Display
from lms.accounts.models import DisplaySettings

pytestmark = pytest.mark.django_db

PASSWORD = "梧桐 树下 三点 半"
LOGIN = "/accounts/login/"
DISPLAY = "/display/"


@pytest.fixture
def teacher(django_user_model):
    return django_user_model.objects.create_user("wang", password=PASSWORD)


def look(client, path=LOGIN) -> dict[str, str]:
    """What the page's <html> says of how it looks."""
    [tag] = re.findall(r"<html[^>]*>", client.get(path).content.decode())
    return dict(re.findall(r'(?:data-)?([\w]+)="([^"]*)"', tag))


def test_it_is_the_elder_version_in_large_light_letters_until_something_is_chosen(client):
    assert look(client) == {
        "lang": "zh-hans",
        "display": "elder:large:light:off:1:zh-hans",
        "version": "elder",
        "size": "large",
        "theme": "light",
        "aloud": "off",
        "speed": "1",
    }
    assert "display" not in client.cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "largest"),
        ("theme", "dark"),
        ("aloud", "on"),
        ("speed", "0.8"),
        ("version", "standard"),
    ],
)
@pytest.mark.parametrize("page", [LOGIN, "/help/", "/nothing-here/"])
def test_a_choice_holds_on_every_page_of_that_screen_and_changes_nothing_else(
    client, name, value, page
):
    before = look(client)
    client.post(DISPLAY, {name: value})
    changed = {**before, name: value, "display": client.cookies["display"].value}
    assert look(client, page) == changed


def test_english_changes_the_words_and_the_language_of_the_page(client):
    client.post(DISPLAY, {"language": "en"})
    assert look(client)["lang"] == "en"
    assert look(Client())["lang"] == "zh-hans"


def test_who_chooses_a_size_in_the_standard_version_is_back_in_the_elder_one(client):
    client.post(DISPLAY, {"version": "standard"})
    assert 'aria-pressed="true" data-name="size' not in client.get(DISPLAY).content.decode()
    client.post(DISPLAY, {"size": "larger"})
    assert (look(client)["version"], look(client)["size"]) == ("elder", "larger")


def test_a_choice_that_there_is_not_is_passed_over(client):
    client.post(DISPLAY, {"size": "enormous", "colour": "pink"})
    assert look(client)["size"] == "large"


@pytest.mark.parametrize("cookie", ["", "x", "elder", "elder:huge:light", ":::::::::", "é" * 40])
def test_a_cookie_that_says_nothing_known_is_as_none(client, cookie):
    client.cookies["display"] = cookie
    assert look(client)["display"] == str(Display())


def test_what_a_cookie_says_is_read_back_whole():
    display = Display(
        Version.STANDARD,
        TextSize.LARGER,
        Theme.DARK,
        ReadAloud.ON,
        SpeechSpeed.FAST,
        Language.ENGLISH,
    )
    assert Display.read(str(display)) == display


# --- Where one goes afterwards ------------------------------------------------------------------


def test_one_comes_back_to_where_one_was(client):
    page = client.get(LOGIN + "?next=/a/?p=2")
    [way] = re.findall(r'href="(/display/\?next=[^"]*)"', page.content.decode())
    answer = client.post(way, {"size": "larger"})
    page = client.get(answer.url).content.decode()
    assert f'href="{LOGIN}?next=/a/?p=2" data-back' in page


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "a"]
)
def test_back_leads_to_no_other_site(client, elsewhere):
    assert 'href="/" data-back' in client.get(DISPLAY, {"next": elsewhere}).content.decode()


def test_help_and_settings_asked_in_turn_do_not_make_the_way_back_longer(client):
    address = "/help/?next=/a/"
    for _ in range(6):
        page = client.get(address).content.decode()
        ways = re.findall(r'href="((?:/display/|/help/)\?next=[^"]*)"', page)
        address = ways[0] if address.startswith("/help/") else ways[1]
    assert len(address) < 60


# --- With an account ----------------------------------------------------------------------------


def sign_in(client):
    client.post(LOGIN, {"login": "wang", "password": PASSWORD})


def test_a_choice_comes_along_to_the_next_screen_on_which_one_signs_in(client, teacher):
    sign_in(client)
    client.post(DISPLAY, {"theme": "dark", "size": "largest"})
    other = Client()
    assert look(other)["theme"] == "light"
    sign_in(other)
    assert (look(other)["theme"], look(other)["size"]) == ("dark", "largest")


def test_who_never_chose_finds_the_screen_as_it_was(client, teacher):
    client.post(DISPLAY, {"size": "larger"})
    sign_in(client)
    assert look(client)["size"] == "larger"
    assert not DisplaySettings.objects.exists()


def test_a_page_costs_no_query_for_how_it_looks(client, django_assert_num_queries):
    client.post(DISPLAY, {"theme": "dark"})
    with django_assert_num_queries(0):
        assert look(client, DISPLAY)["theme"] == "dark"


@pytest.mark.parametrize(
    ("field", "constraint"),
    [
        ("size", "a_persons_text_has_a_known_size"),
        ("theme", "a_persons_colours_and_language_are_known_ones"),
        ("speed", "a_persons_reading_aloud_is_a_known_one"),
    ],
)
def test_the_database_refuses_what_nobody_can_choose(teacher, field, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DisplaySettings.objects.create(user=teacher, **{field: "odd"})


def test_pages_for_staff_keep_their_own_measures(client, teacher):
    client.force_login(teacher)
    client.post(DISPLAY, {"size": "largest", "theme": "dark"})
    assert look(client, "/classes/") == {"lang": "zh-hans"}


def test_a_page_that_has_no_theme_asks_for_no_dark_boxes_to_tick(settings):
    """Else a browser draws them dark for whoever chose the dark theme elsewhere."""
    bases = [
        page
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        if "{% block display %}{% endblock %}" in page.read_text()
    ]
    assert bases
    assert all("{% block color_scheme %}light{% endblock %}" in page.read_text() for page in bases)
