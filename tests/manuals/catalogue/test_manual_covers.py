"""The cover of a manual: its first picture, from the day on which it is live."""

import re

import pytest
from django.urls import reverse
from PIL import Image

from media.covers.services import draw_waiting_covers
from media.models import Cover

pytestmark = pytest.mark.django_db


def test_a_manual_has_a_cover_while_it_is_live(make_manual, publish, client):
    manual = publish(make_manual())
    page = reverse("manuals:of_kind", args=[manual.product.kind])
    assert '<span class="cover__drawn">' in client.get(page).content.decode()  # until it stands
    assert draw_waiting_covers() == 1
    cover = Cover.objects.get(name=f"manual-{manual.pk}")
    with Image.open(cover.jpeg.path) as picture:
        assert picture.size == (640, 360)
    assert f'srcset="{cover.webp.url}"' in client.get(page).content.decode()
    manual.unpublish()
    assert not Cover.objects.exists()


def test_a_manual_in_a_chat_shows_its_name_and_its_cover(make_manual, publish, client, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://yinling.example"
    manual = publish(make_manual())
    page = client.get(manual.get_short_url()).content.decode()
    assert re.search('"og:image" content="https://yinling.example/[^"]*share[^"]*[.]png"', page)
    draw_waiting_covers()
    cover = Cover.objects.get(name=f"manual-{manual.pk}")
    page = client.get(manual.get_short_url()).content.decode()
    told = dict(re.findall(r'<meta property="(og:[a-z_]+)" content="([^"]*)">', page))
    assert told["og:title"] == manual.published_version.title
    assert told["og:url"] == f"https://yinling.example{manual.get_short_url()}"
    assert told["og:image"] == f"https://yinling.example{cover.jpeg.url}"
