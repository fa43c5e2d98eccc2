"""What nobody may slip in between a box and its city."""

import base64
import json
import os

import pytest

from lms.attendance.models import AttendanceEvent
from lms.boxes import codes
from lms.boxes.choices import Carrier, LetterKind
from lms.boxes.keys import keys_of, own_keys, read_public
from lms.boxes.letters import read_letter, write_letter
from lms.boxes.models import Home, VillageBox
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.applying import take_answer, take_snapshot
from lms.boxes.services.journal import ask_letter, letter_of, waiting_batches, write_batches
from lms.boxes.services.registering import (
    answer_hello,
    make_box,
    revoke_box,
    say_hello,
    take_welcome,
    this_box,
)
from lms.boxes.services.snapshots import answer_letter, snapshot_letter
from lms.boxes.services.speaking import take_ask
from lms.boxes.services.taking import take_batch
from lms.helpline.services import ask_for_help
from lms.units.models import Unit
from tests.staff_pages import VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(village, box, in_village):
    """One batch of the box, with a telephone in it."""
    with in_village():
        ask_for_help(unit=box.unit, number="13800000000", name="陈阿婆")
        write_batches()
        [batch] = waiting_batches()
        return letter_of(batch, this_box())


def changed(letter, **fields):
    return json.dumps({**json.loads(letter), **fields}).encode()


def test_nobody_reads_a_letter_on_the_way(letter):
    said = json.loads(letter)
    inside = base64.b64decode(said["body"])
    for secret in (b"13800000000", "陈阿婆".encode()):
        assert secret not in letter
        assert secret not in inside


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 2},
        {"kind": "ask"},
        {"sha256": "0" * 64},
        {"body": base64.b64encode(b"x" * 200).decode()},
        {"signature": base64.b64encode(b"x" * 64).decode()},
    ],
)
def test_a_letter_that_was_changed_on_the_way_is_not_taken(letter, fields):
    with pytest.raises(BoxRefused):
        take_batch(changed(letter, **fields), carrier=Carrier.STICK)


@pytest.mark.parametrize(
    "written", [b"", b"{", b"[]", b"null", b'{"format":1}', b'{"format":2}', b"\xff" * 9]
)
def test_what_is_no_letter_is_refused_in_words(box, written):
    with pytest.raises(BoxRefused, match="。"):
        take_batch(written, carrier=Carrier.LINE)


def test_a_batch_that_another_key_has_signed_is_forged(letter, box):
    head = json.loads(letter)
    forged = write_letter(
        LetterKind.BATCH,
        box=box.uid,
        number=head["number"],
        text=b'{"previous":"","written_at":"2026-11-30T10:00:00+08:00"}',
        by=keys_of(os.urandom(32)),
        to=own_keys().public,
    )
    with pytest.raises(BoxRefused, match="签名不对"):
        take_batch(forged, carrier=Carrier.LINE)


def test_a_box_cannot_sign_for_another(letter, box, cast, units):
    other = VillageBox.objects.create(
        name="别的",
        unit=units["440103002001"],
        made_by=cast.city_officer,
        state="at_work",
        public_keys=keys_of(os.urandom(32)).public.written(),
        registered_at=box.registered_at,
    )
    with pytest.raises(BoxRefused, match="签名不对"):
        take_batch(changed(letter, box=str(other.uid)), carrier=Carrier.STICK)


def test_nothing_of_a_revoked_box_is_taken(letter, box, cast):
    revoke_box(box, revoked_by=cast.city_officer)
    with pytest.raises(BoxRefused, match="停用"):
        take_batch(letter, carrier=Carrier.STICK)
    assert not AttendanceEvent.objects.exists()
    with pytest.raises(BoxRefused):
        revoke_box(box, revoked_by=cast.city_officer)


def test_a_bomb_is_not_unpacked(box, on_box, monkeypatch):
    with on_box():
        home = this_box()
        assert home.uid
        bomb = write_letter(
            LetterKind.BATCH,
            box=home.uid,
            number=1,
            text=b"0" * 2**21,
            by=own_keys(),
            to=read_public(home.city_keys),
        )
    monkeypatch.setattr("lms.boxes.letters.MOST_INSIDE", 2**20)
    with pytest.raises(BoxRefused):
        take_batch(bomb, carrier=Carrier.STICK)


# --- Down to the box ---------------------------------------------------------------------------


def test_a_snapshot_that_was_changed_is_not_applied(box, on_box):
    letter = snapshot_letter(box)
    with on_box(), pytest.raises(BoxRefused, match="签名不对"):
        take_snapshot(changed(letter, number=99))


def test_a_snapshot_that_a_box_has_written_is_not_the_citys(box, on_box):
    with on_box():
        home = this_box()
        assert home.uid
        own = write_letter(
            LetterKind.SNAPSHOT,
            box=home.uid,
            number=9,
            text=b"{}",
            by=own_keys(),
            to=own_keys().public,
        )
        with pytest.raises(BoxRefused, match="签名不对"):
            take_snapshot(own)


def test_an_older_snapshot_changes_nothing(village, box, on_box):
    older = snapshot_letter(box)
    Unit.objects.filter(pk=box.unit_id).update(telephone="020-1111")
    newer = snapshot_letter(box)
    with on_box():
        assert take_snapshot(newer)
        with pytest.raises(BoxRefused, match="是旧的"):
            take_snapshot(older)
        assert not take_snapshot(newer)
        assert Home.objects.get().edition == 2


def test_an_older_answer_takes_nothing_back(letter, box, on_box):
    before = answer_letter(box)
    take_batch(letter, carrier=Carrier.STICK)
    after = answer_letter(box)
    with on_box():
        take_answer(after)
        held = Home.objects.get().last_answer
        take_answer(before)
        assert Home.objects.get().last_answer == held


def test_an_ask_that_is_sent_again_tells_nothing_new(box, on_box):
    with on_box():
        home = this_box()
        first = ask_letter(home, pack_edition=3)
        second = ask_letter(home, pack_edition=4)
    take_ask(second, carrier=Carrier.LINE)
    heard = VillageBox.objects.get().last_heard_at
    take_ask(first, carrier=Carrier.LINE)
    box.refresh_from_db()
    assert (box.pack_edition, box.last_heard_at) in {(4, heard), (3, heard)}


# --- Coming to know each other -----------------------------------------------------------------


def test_a_code_works_once_and_the_same_hello_is_answered_again(cast, units, on_box):
    _box, code = make_box(name="盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        hello = say_hello(code=code, city_address="").hello
    welcome = answer_hello(hello)
    assert answer_hello(hello) == welcome  # the first answer was lost
    thief = {**hello, "keys": keys_of(os.urandom(32)).public.written()}
    thief["mac"] = codes.mac_of(codes.slow_key(code), thief)
    with pytest.raises(BoxRefused, match="没有这个号码"):
        answer_hello(thief)


def test_whoever_lacks_the_code_registers_no_box(cast, units, on_box):
    _box, code = make_box(name="盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        hello = say_hello(code=code, city_address="").hello
    for wrong in ({"keys": keys_of(os.urandom(32)).public.written()}, {"mac": "0" * 64}):
        with pytest.raises(BoxRefused, match="号码不对"):
            answer_hello({**hello, **wrong})
    assert not VillageBox.objects.get().is_at_work


def test_a_welcome_of_who_lacks_the_code_is_not_believed(cast, units, on_box):
    _box, code = make_box(name="盒子", unit=units[VILLAGE], made_by=cast.city_officer)
    with on_box():
        hello = say_hello(code=code, city_address="").hello
    welcome = answer_hello(hello)
    thief = keys_of(os.urandom(32)).public.written()
    with on_box(), pytest.raises(BoxRefused, match="不能相信"):
        take_welcome({**welcome, "keys": thief})


def test_only_its_receiver_opens_a_letter(letter, box):
    with pytest.raises(BoxRefused, match="打不开"):
        read_letter(letter, by=read_public(box.public_keys), to=keys_of(os.urandom(32)))


def test_the_key_of_an_installation_is_made_once_and_is_its_owners(settings, tmp_path):
    settings.BOXES_KEY, settings.VAR_DIR = "", tmp_path
    assert own_keys().public.written() == own_keys().public.written()
    [kept] = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
