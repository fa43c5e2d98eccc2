"""A stick in this machine: found, looked at, agreed to, taken in; and whose packs are trusted."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from lms.packs import leases
from lms.packs.choices import JobState
from lms.packs.exchange.taken import Outcome, Taken, TakenPage
from lms.packs.making.services import make_pack
from lms.packs.models import PackTaking, Taking, TrustedKey
from lms.packs.signing import OWN, id_of, in_words, make_key, own_keys, trusted_keys
from lms.packs.taking import urls, views
from lms.packs.taking.asking import take_waiting
from lms.packs.taking.sticks import sticks_here
from tests.access_table import DONE, NONE, OK, SIGN_IN, WRONG, instead, row, what_came
from tests.packs.conftest import a_choice
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

ADMINISTRATORS = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, OK)
#: On a village box, where there are no administrators: whoever calls learners back.
WORKING_THERE = row(SIGN_IN, NONE, OK, OK, NONE, OK, OK, OK, OK, OK)

ACCESS = [
    ("sticks", "get", ADMINISTRATORS, WORKING_THERE),
    ("stick", "get", ADMINISTRATORS, WORKING_THERE),
    ("pack_taking", "get", ADMINISTRATORS, WORKING_THERE),
    ("back", "get", instead(ADMINISTRATORS, OK, DONE), instead(WORKING_THERE, OK, DONE)),
    ("keys", "get", ADMINISTRATORS, ADMINISTRATORS),
    ("keys", "post", instead(ADMINISTRATORS, OK, WRONG), instead(ADMINISTRATORS, OK, WRONG)),
    ("end_key", "get", ADMINISTRATORS, ADMINISTRATORS),
    ("own_key", "post", instead(ADMINISTRATORS, OK, DONE), instead(ADMINISTRATORS, OK, DONE)),
]


@pytest.fixture
def drives(own_disk, settings):
    """Where this machine has its sticks."""
    folder = own_disk / "media"
    folder.mkdir()
    settings.PACK_FOLDERS = [str(folder)]
    return folder


@pytest.fixture
def city_key(pack, settings, tmp_path):
    """From here on we are another machine than the one that made the pack, and trust nobody."""
    key = own_keys()[0].public_key()
    settings.VAR_DIR = tmp_path / "other"
    return key


@pytest.fixture
def plugged(drives, stick, city_key):
    """The stick is in the machine, where a desktop mounts it."""
    folder = drives / "root" / "KINGSTON"
    folder.parent.mkdir()
    stick.rename(folder)
    return folder


@pytest.fixture
def trusted(plugged, settings, city_key, monkeypatch):
    """Its maker is; what is in its lessons is told in a few words."""
    settings.PACK_TRUSTED_KEYS = [f"广州市={in_words(city_key)}"]
    told = Taken.of([TakenPage("1", "课", "扫码付钱", Outcome.CHANGED)])
    monkeypatch.setattr(views, "look_into_pack", lambda folder, looked: told)
    return plugged


def address_of(folder: Path) -> str:
    return reverse("packs:stick", args=[next(s.key for s in sticks_here() if s.folder == folder)])


def agree(browser, address):
    """Presses the button of the page; returns where it leads."""
    page = browser.get(address)
    return browser.post(address, {"digest": page.context["digest"]}).get("Location", "")


def test_the_table_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls.urlpatterns}


@pytest.mark.parametrize("is_box", [False, True], ids=["city", "box"])
def test_each_role_opens_what_is_its_own(as_, trusted, settings, is_box, tmp_path):
    settings.BOX = is_box
    job = PackTaking.objects.create(folder=str(trusted), digest="0" * 64, name="课程盘")
    settings.PACK_SIGNING_KEY = str(tmp_path / "own.pem")
    [known] = trusted_keys()
    arguments: dict[str, list[Any]] = {
        "stick": [next(each.key for each in sticks_here())],
        "pack_taking": [job.pk],
        "end_key": [known],
    }
    for name, method, in_city, on_box in ACCESS:
        url = reverse(f"packs:{name}", args=arguments.get(name))
        for who, outcome in (on_box if is_box else in_city).items():
            assert what_came(getattr(as_(who), method)(url)) == outcome, (name, method, who)


def test_sticks_are_found_where_desktops_mount_them(drives, plugged):
    deeper = drives / "EXFAT" / "拷来的" / "课程盘"
    shutil.copytree(plugged, deeper)
    half = drives / "HALF"
    half.mkdir()
    (half / "没有做完.json").write_text("{}")
    (drives / "photos").mkdir()
    (drives / "link").symlink_to(plugged)
    found = [(each.folder.name, each.is_half) for each in sticks_here()]
    assert found == [("课程盘", False), ("HALF", True), ("KINGSTON", False)]


def test_the_page_names_each_stick_or_says_how_to_plug_one_in(as_, drives, trusted):
    (drives / "HALF").mkdir()
    (drives / "HALF" / "没有做完.json").write_text("{}")
    browser = as_("superuser")
    page = words(browser.get(reverse("packs:sticks")))
    assert "课程盘：试试 广州市" in page
    assert "没有做完就拔下来了" in page
    shutil.rmtree(drives)
    assert "还没有找到U盘" in words(browser.get(reverse("packs:sticks")))


def test_what_is_shown_before_it_is_taken_in(as_, trusted, settings):
    settings.BOX = True
    page = words(as_("teacher").get(address_of(trusted)))
    assert "这个盘是广州市做的，签名对得上" in page
    assert "有改动 课：扫码付钱" in page
    assert "课程/01 智能技术/01" in page
    assert "收进来，马上用" in page


def test_a_box_takes_it_in_in_the_background(as_, trusted, settings, other_rooms):
    settings.BOX = True
    browser = as_("teacher")
    waits = agree(browser, address_of(trusted))
    assert agree(browser, address_of(trusted)) == waits, "asked twice, taken in once"
    assert "请先不要拔U盘" in words(browser.get(waits))
    assert take_waiting() == 1
    page = words(browser.get(waits))
    assert "收好了，可以拔U盘了。新的1页" in page
    [(_folder, publish, _by)] = other_rooms.read
    assert publish, "live at once"
    assert "收过的" in words(browser.get(reverse("packs:sticks")))


def test_what_was_not_shown_is_not_taken(as_, trusted, lessons, settings, tmp_path):
    browser = as_("superuser")
    waits = agree(browser, address_of(trusted))
    other, settings.VAR_DIR = settings.VAR_DIR, tmp_path / "var"
    lessons[0].goal = "另一句"
    lessons[0].save()
    make_pack(trusted, a_choice(lessons))
    settings.VAR_DIR = other
    take_waiting()
    assert "不是同一个" in words(browser.get(waits))
    assert not Taking.objects.exists()
    answer = browser.post(address_of(trusted), {"digest": "0" * 64}, follow=True)
    assert "不是同一个" in words(answer)


def test_a_stick_that_is_pulled_out_says_so_and_is_taken_up_again(as_, trusted, tmp_path):
    browser = as_("superuser")
    address = address_of(trusted)
    waits = agree(browser, address)
    away = trusted.rename(tmp_path / "away")
    take_waiting()
    assert PackTaking.objects.get().state == JobState.FAILED
    assert "这里的课还是原来的" in words(browser.get(waits))
    assert "已经拔下来了" in words(browser.get(address, follow=True))
    away.rename(trusted)
    agree(browser, address)
    take_waiting()
    assert Taking.objects.count() == 1


def test_a_worker_that_died_is_followed_by_another(as_, trusted):
    agree(as_("superuser"), address_of(trusted))
    assert leases.claim(PackTaking) is not None
    assert take_waiting() == 0
    PackTaking.objects.update(lease_until="2026-01-01T00:00:00Z")
    assert take_waiting() == 1
    assert Taking.objects.count() == 1


def test_back_to_the_edition_before(as_, trusted, lessons, settings, tmp_path):
    browser = as_("superuser")
    assert "回不去" in words(browser.get(reverse("packs:back"), follow=True))
    agree(browser, address_of(trusted))
    take_waiting()
    first = Taking.objects.get()
    other, settings.VAR_DIR = settings.VAR_DIR, tmp_path / "var"
    lessons[0].goal = "另一句"
    lessons[0].save()
    make_pack(trusted, a_choice(lessons))
    settings.VAR_DIR = other
    agree(browser, address_of(trusted))
    take_waiting()
    assert f"回到 {first.name}，第{first.edition}版" in words(browser.get(reverse("packs:back")))
    waits = browser.post(reverse("packs:back"))["Location"]
    take_waiting()
    assert "回到上一版了" in words(browser.get(waits))
    latest = Taking.objects.first()
    assert (latest.edition, latest.went_back) == (first.edition, True)


def test_a_strangers_pack_is_the_administrators_to_take_as_drafts(
    as_, plugged, settings, other_rooms
):
    settings.BOX = True
    address = address_of(plugged)
    digest = as_("superuser").get(address).context["digest"]
    assert "不能收" in words(as_("teacher").get(address))
    assert as_("teacher").post(address, {"digest": digest}).status_code == 404
    waits = agree(as_("superuser"), address)
    take_waiting()
    assert [publish for _folder, publish, _by in other_rooms.read] == [False]
    assert "都是草稿" in words(as_("superuser").get(waits))


def test_an_older_edition_is_refused_before_anybody_agrees(as_, trusted):
    browser = as_("superuser")
    Taking.objects.create(
        city="广州市", scope="all", edition=10**14, name="新", key_id="0" * 16, digest="0" * 64
    )
    page = words(browser.get(address_of(trusted), follow=True))
    assert "这个课程盘是旧的" in page


def test_the_own_key_is_shown_to_be_given_away(as_):
    browser = as_("superuser")
    keys = reverse("packs:keys")
    assert "还没有。第一次做课程盘" in words(browser.get(keys))
    browser.post(reverse("packs:own_key"))
    [key] = own_keys()
    page = browser.get(keys)
    assert in_words(key.public_key()) in words(page)
    assert id_of(key.public_key()) in words(page)
    assert b"data:image/svg" in page.content
    browser.post(reverse("packs:own_key"))
    assert len(own_keys()) == 1, "another one only by the command"


def test_a_key_is_trusted_once_its_number_was_told_by_telephone(as_, settings, tmp_path):
    settings.PACK_SIGNING_KEY = str(tmp_path / "theirs.pem")
    theirs = make_key().public_key()
    settings.PACK_SIGNING_KEY = ""
    browser, keys = as_("superuser"), reverse("packs:keys")
    sent = {"city": "佛山市", "key": in_words(theirs), "key_id": "zzzz"}
    wrong = browser.post(keys, sent)
    assert wrong.status_code == 422
    assert "编号和公钥对不上" in words(wrong)
    assert in_words(theirs) in wrong.content.decode(), "nothing that was typed is lost"
    assert "不是公钥" in words(browser.post(keys, {**sent, "key": "早上好"}))
    assert not TrustedKey.objects.exists()
    right = browser.post(keys, {**sent, "key_id": id_of(theirs)[:4].upper()}, follow=True)
    assert "以后收佛山市做的课程盘" in words(right)
    end = reverse("packs:end_key", args=[id_of(theirs)])
    assert "不再相信佛山市？" in words(browser.get(end))
    after = words(browser.post(end, follow=True))
    assert f"不再相信的：佛山市 {id_of(theirs)}" in after
    assert id_of(theirs) not in trusted_keys()


def test_the_own_key_is_not_ended_here(as_):
    key = make_key().public_key()
    assert trusted_keys()[id_of(key)].city == OWN
    assert as_("superuser").get(reverse("packs:end_key", args=[id_of(key)])).status_code == 404
