"""What a box opens at power-on."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_page_has_a_way_on_without_script(client):
    page = client.get("/tv/start/").content.decode()
    assert 'href="/"' in page
    assert "再试一次" in page
    assert 'data-asks="/healthz"' in page
