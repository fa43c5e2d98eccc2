"""A site before anybody has written a lesson: no error, no row of nothing, a word to who comes."""

import re

import pytest

from courses.starter.loading import find_or_make_classroom, find_or_make_home
from courses.starter.shelves import load_shelves
from lms.tv.models import Playlist

pytestmark = pytest.mark.django_db

ROOM = {
    "slug": "science",
    "name": "科普知识进课堂",
    "short": "科普",
    "intro": "先明白道理。",
}
PAGES = [
    "/", "/more/", "/search/", "/search/?q=挂号&go=1", "/manuals/", "/manuals/things/",
    "/manuals/wishes/", "/my/", "/help/", "/help/call/", "/here/", "/display/", "/tv/",
]  # fmt: skip
FEEDS = ["/sitemap.xml", "/robots.txt", "/lessons.xml"]
EMPTY = re.compile(r"<(ul|ol|table|tbody|h[1-6])\b[^>]*>\s*</\1>")
NO_LESSON = "这里还没有课，过几天再来看看。"


@pytest.fixture
def home():
    return find_or_make_home("银龄学堂")


def words_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    assert not EMPTY.search(page), address
    return page


@pytest.mark.usefixtures("home")
def test_with_a_home_alone_every_page_answers_and_home_says_that_there_is_nothing(client):
    for address in PAGES:
        words_of(client, address)
    assert NO_LESSON in words_of(client, "/")
    assert "按方向键选" not in words_of(client, "/")  # there is nothing to choose
    assert [client.get(address).status_code for address in FEEDS] == [200] * len(FEEDS)


def test_with_classrooms_and_shelves_without_lessons_each_says_so(client, home):
    find_or_make_classroom(home, ROOM)
    load_shelves()
    for address in [*PAGES, "/courses/", "/teachers/", "/stories/"]:
        words_of(client, address)
    assert NO_LESSON in words_of(client, "/science/")
    assert NO_LESSON in words_of(client, "/courses/money/")
    assert "共0课" not in words_of(client, "/my/")
    assert "连着看" not in words_of(client, "/science/")
    told = client.get("/sitemap.xml").content.decode()
    assert "/science/" in told


def test_a_lobbys_screen_with_nothing_to_play_shows_its_name(client):
    Playlist.objects.create(title="服务中心大堂", slug="lobby")
    page = client.get("/screen/lobby/").content.decode()
    assert '<p class="rest__title">服务中心大堂</p>' in page
    assert "<ul" not in page
    assert client.get("/screen/lobby/playlist.json").json()["items"] == []
