"""What stands around every learner page: the way back, settings, help, where one stopped."""

import re

import pytest
from django.test import Client

from courses.models import LessonPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

MOST_CHOICES = 7
TOOLS = 3  # find, display, help (decision 016)
LESSON = "/smart-tech/scan-to-pay/"
PAGES = ["/", "/smart-tech/", LESSON, "/display/", "/help/", "/help/call/", "/help/village/",
         "/help/sent/", "/accounts/login/", "/nothing-here/"]  # fmt: skip


def html(client, path) -> str:
    return client.get(path).content.decode()


def test_settings_and_help_stand_on_every_page_with_the_way_back_to_it(client):
    for path in PAGES:
        page = html(client, path)
        assert page.count('data-name="display"') == 1, path
        # on the page of the call, the way back leads there
        assert page.count('data-name="help"') == (path != "/help/call/"), path
        assert page.index('data-name="display"') < page.index("<main"), path
        if path not in ("/display/", "/help/"):
            assert f"/display/?next={path.replace('/', '%2F')}" in page


def test_back_is_one_step_up_from_everywhere_but_home(client):
    above = {
        path: re.findall(r'<a [^>]*href="([^"]*)"[^>]* data-back', html(client, path))
        for path in PAGES
    }
    assert above == {
        **{path: ["/"] for path in PAGES},
        "/": [],
        LESSON: ["/smart-tech/?p=2"],
        "/help/call/": ["/help/?next=%2F"],
    }


def test_home_has_at_most_seven_choices_beside_the_tools_even_for_who_has_begun(client):
    client.get(LESSON)
    tools, choices = html(client, "/").split("<main")
    assert "接着学" in choices
    assert len(re.findall(r"<(?:a|button)\b", choices)) <= MOST_CHOICES
    assert len(re.findall(r"<(?:a|button)\b", tools)) == TOOLS


def test_home_leads_on_to_the_lesson_that_was_opened_last(client):
    client.get("/science/qr-inside/")
    client.get(LESSON)
    assert f'href="{LESSON}" data-digit="5"' in html(client, "/")
    assert "接着学" not in html(Client(), "/")


def test_a_lesson_that_has_gone_is_not_led_on_to(client):
    client.get(LESSON)
    LessonPage.objects.get(slug="scan-to-pay").unpublish()
    assert "接着学" not in html(client, "/")


def test_a_forged_cookie_leads_nowhere(client):
    client.cookies["last_lesson"] = str(LessonPage.objects.get(slug="scan-to-pay").pk)
    assert "接着学" not in html(client, "/")


def test_the_cookie_is_set_anew_only_when_the_lesson_changes(client):
    assert "last_lesson" in client.get(LESSON).cookies
    assert "last_lesson" not in client.get(LESSON).cookies
