"""The search finds a manual by what stands on the thing or on its box, however it is typed."""

import pytest
from django.urls import reverse

from lms.search.entries import read_stale
from lms.search.finding import find
from lms.search.memory import memory
from lms.search.models import SearchEntry, SearchMark


@pytest.fixture(autouse=True)
def nothing_remembered():
    yield
    memory.forget()


@pytest.fixture
def live(make_manual, publish):
    """A function: a live manual of a model."""

    def live(model, title="大字手机怎么用"):
        manual = publish(make_manual(model=model, title=title))
        read_stale()
        return manual

    return live


def urls(query):
    return [each.url for each in find(query).found]


def test_a_model_is_found_however_it_is_typed(live):
    manual = live("QS-40")
    live("KL-1", title="另一台手机怎么用")
    for typed in (
        "qs40", "QS-40", "ＱＳ４０", "qs 40", "Qs－40", "QS–40", "康乐QS40", "康乐 qs-40", "qs4",
    ):  # fmt: skip
        assert urls(typed) == [manual.get_short_url()], typed


@pytest.mark.parametrize("written", ["QS40", "qs-40", "ＱＳ－４０", "QS 40"])
def test_a_model_is_found_however_its_maker_writes_it(live, written):
    manual = live(written)
    assert urls("QS-40") == [manual.get_short_url()]


def test_a_boxs_code_is_found_however_it_is_typed(live):
    manual = live("QS-40")
    code = manual.short_code
    for typed in (code, code.lower(), f"{code[:3]}-{code[3:]}", f"{code[:2]} {code[2:]}"):
        assert urls(typed)[0] == manual.get_short_url(), typed


@pytest.mark.parametrize("typed", ["qs40怎么接电话", "QS-40 接电话", "怎么接电话 qs40"])
def test_a_model_with_a_wish_finds_that_task_of_that_manual_first(live, typed):
    live("KL-1", title="另一台手机怎么用")
    manual = live("QS-40")
    whole = manual.get_short_url()
    assert urls(typed) == [reverse("manuals:step", args=[manual.short_code, 1, 1]), whole]


def test_letters_alone_find_what_they_spell_and_a_model_that_begins_so(live):
    manual = live("DHX-40", title="血压计怎么用")
    named = live("KL-1", title="大号手机怎么用")
    found = urls("dh")
    assert {manual.get_short_url(), named.get_short_url()} <= set(found)
    assert len(found) == len(set(found))


def test_what_is_not_live_is_not_found_by_its_code(make_manual, live, cast):
    waiting = make_manual(model="QS-41")
    manual = live("QS-40")
    assert urls("QS-41") == []
    assert urls(waiting.short_code) == []
    type(cast.organisation).objects.filter(pk=cast.organisation.pk).update(state="suspended")
    assert urls("QS-40") == urls(manual.short_code) == []


def test_another_model_is_heard_of_at_once(live):
    manual = live("QS-40")
    manual.product.model = "XT-7"
    manual.product.save()
    assert urls("xt7") == [manual.get_short_url()]
    assert urls("qs40") == []


def test_the_page_of_the_search_and_its_door_from_the_manuals(client, live):
    manual = live("QS-40")
    front = client.get(reverse("manuals:front")).content.decode()
    assert f'href="{reverse("tv:search")}"' in front
    page = client.get(reverse("tv:search"), {"q": "ＱＳ４０"}).content.decode()
    assert manual.get_short_url() in page
    assert "里面说到" not in page


def test_an_entry_of_before_is_still_understood(live):
    """Until it is read again it has no codes."""
    manual = live("QS-40")
    entry = SearchEntry.objects.get(kind="manual")
    for thing in entry.things:
        del thing["codes"]
    entry.token = "before"
    entry.save()
    SearchMark.objects.update(token="before")
    assert urls("大字手机") == [manual.get_short_url()]
