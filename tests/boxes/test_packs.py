"""Packs of lessons on a box: whose it trusts, by line, and back to the edition before."""

import pytest

from lms.boxes import packs
from lms.boxes.packs import fetch_newest, pack_edition
from lms.boxes.refusals import BoxRefused
from lms.packs.exchange.taken import Taken
from lms.packs.models import Taking, TrustedKey
from lms.packs.refusals import PackError
from lms.packs.signing import id_of, make_key
from tests.boxes.conftest import register
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def taking():
    return Taking.objects.create(
        city="广州市",
        scope="all",
        edition=7,
        name="全部课程",
        key_id="0" * 16,
        digest="0" * 64,
        folder="x",
        told={"new": 3, "changed": 0, "untouched": 39},
    )


def test_who_registers_it_is_whose_packs_it_takes(cast, units, on_box, settings, tmp_path):
    settings.PACK_SIGNING_KEY = str(tmp_path / "pack-keys.pem")
    key = make_key()
    register(cast, units, on_box)
    trusted = TrustedKey.objects.get()
    assert (trusted.key_id, trusted.city) == (id_of(key.public_key()), "广州市")


def test_its_page_says_which_pack_it_has_and_what_was_new(client, on_box, taking):
    with on_box():
        page = words(client.get("/box/"))
    assert "全部课程，第7版，广州市" in page
    assert "新的3页，没有变的39页" in page
    assert pack_edition() == 7


def test_the_newest_is_fetched_and_taken_once(monkeypatch, taking):
    editions = [taking.edition]
    fetched = []

    def fetch_pack(url, *, into, bytes_per_second):
        fetched.append(url)
        return type("Manifest", (), {"edition": editions[-1]})

    monkeypatch.setattr(packs, "fetch_pack", fetch_pack)
    monkeypatch.setattr(packs, "take_pack", lambda folder, by: Taken(new=1))
    assert fetch_newest("https://city.test", pace="7:00-22:00=50") is None
    editions.append(8)
    assert fetch_newest("https://city.test", pace="") == Taken(new=1)
    assert fetched == ["https://city.test"] * 2


def test_a_line_that_is_cut_is_said_in_words(monkeypatch):
    def fetch_pack(url, **how):
        raise PackError("网络断了。")

    monkeypatch.setattr(packs, "fetch_pack", fetch_pack)
    with pytest.raises(BoxRefused, match="网络断了"):
        fetch_newest("https://city.test", pace="")
