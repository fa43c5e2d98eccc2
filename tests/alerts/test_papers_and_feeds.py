"""An alert on a notice board, and in a feed reader."""

import re
from xml.etree import ElementTree

import pypdfium2
import pytest
from django.urls import reverse

from lms.alerts.models import Alert
from tests.alerts.conftest import NEIGHBOUR, TITLE
from tests.staff_pages import VILLAGE

pytestmark = pytest.mark.django_db


def test_the_poster_is_one_sheet_of_a4_with_all_three_things(write, client):
    alert = write.alert(title="冒充公安局民警说您的身份证被人拿去办卡了")
    for length in (50, 75, 200):  # the most of each print
        says, todo = "骗" * (length // 2), "挂" * (length - length // 2)
        Alert.objects.update(says=says, todo=todo)
        answer = client.get(reverse("alerts:poster", args=[alert.pk]))
        assert answer["Content-Type"] == "application/pdf"
        with pypdfium2.PdfDocument(answer.content) as paper:
            assert len(paper) == 1, length
            assert [round(each) for each in paper[0].get_size()] == [595, 842]
            text = re.sub(r"\s", "", paper[0].get_textpage().get_text_range())
        for said in (alert.title, "骗子怎么说", says, "您怎么办", todo, "96110、110", "翠洲社区"):
            assert said in text


def titles(answer):
    assert answer["Content-Type"].startswith("application/rss+xml")
    return [item.text for item in ElementTree.fromstring(answer.content).findall(".//item/title")]


def test_feeds_are_of_the_whole_city_and_of_one_unit(write, client):
    write.alert(VILLAGE)
    write.alert("4401", title="全市的")
    write.alert(VILLAGE, public=False, title="还没发布的")
    assert set(titles(client.get(reverse("alerts:feed")))) == {TITLE, "全市的"}
    of_unit = reverse("alerts:feed_of_unit", args=[VILLAGE])
    assert set(titles(client.get(of_unit))) == {TITLE, "全市的"}
    elsewhere = reverse("alerts:feed_of_unit", args=[NEIGHBOUR])
    assert titles(client.get(elsewhere)) == ["全市的"]
    assert client.get(reverse("alerts:feed_of_unit", args=["999"])).status_code == 404


def test_a_feed_names_nobody(write, client, cast):
    write.alert()
    feed = client.get(reverse("alerts:feed")).content.decode()
    for person in (cast.liaison, cast.city_officer):
        assert person.username not in feed
