"""Keys, signatures, and whom one trusts."""

import stat

import pytest
from django.core.management import call_command

from lms.packs.models import TrustedKey
from lms.packs.refusals import PackError
from lms.packs.signing import (
    OWN,
    Signer,
    StrangersPack,
    cease_to_trust,
    check,
    id_of,
    in_words,
    key_file,
    learn_keys,
    make_key,
    own_keys,
    sign,
    trust_key,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(settings, tmp_path):
    """The key of another city, which is not in this one's file."""
    own = settings.PACK_SIGNING_KEY
    settings.PACK_SIGNING_KEY = str(tmp_path / "elsewhere.pem")
    key = make_key()
    settings.PACK_SIGNING_KEY = own
    return key


def test_a_key_is_the_owners_alone_and_is_made_once():
    key = make_key()
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert [id_of(each.public_key()) for each in own_keys()] == [id_of(key.public_key())]
    with pytest.raises(PackError, match="已经有密钥"):
        make_key()


def test_what_the_city_signed_is_its_own():
    key = make_key()
    assert check(b"words", sign(b"words", [key])) == Signer(id_of(key.public_key()), OWN)


@pytest.mark.parametrize("signature", [b"", b"ed25519", b"\xff", b"rsa 0 0\n", b"[]"])
def test_no_signature_is_refused(signature):
    with pytest.raises(PackError, match="没有签名"):
        check(b"words", signature)


def test_other_words_under_a_signature_are_seen():
    key = make_key()
    with pytest.raises(PackError, match="被人改过"):
        check(b"other words", sign(b"words", [key]))


def test_a_stranger_is_known_as_one(elsewhere):
    make_key()
    with pytest.raises(StrangersPack, match="不是您相信的城市"):
        check(b"words", sign(b"words", [elsewhere]))


def test_who_borrows_a_trusted_keys_number_is_seen(elsewhere):
    key = make_key()
    forged = sign(b"words", [elsewhere]).replace(
        id_of(elsewhere.public_key()).encode(), id_of(key.public_key()).encode()
    )
    with pytest.raises(PackError, match="被人改过"):
        check(b"words", forged)


def test_a_key_of_the_setting_is_trusted_by_the_name_given_here(settings, elsewhere):
    settings.PACK_TRUSTED_KEYS = [f"佛山市={in_words(elsewhere.public_key())}"]
    assert check(b"words", sign(b"words", [elsewhere])).city == "佛山市"


def test_a_key_that_was_added_is_trusted_until_it_is_not(elsewhere):
    row = trust_key(words=in_words(elsewhere.public_key()), city="佛山市", by=None)
    signed = sign(b"words", [elsewhere])
    assert check(b"words", signed).city == "佛山市"
    cease_to_trust(key_id=row.key_id)
    with pytest.raises(StrangersPack):
        check(b"words", signed)


def test_a_key_of_the_setting_can_be_distrusted_too(settings, elsewhere):
    settings.PACK_TRUSTED_KEYS = [f"佛山市={in_words(elsewhere.public_key())}"]
    cease_to_trust(key_id=id_of(elsewhere.public_key()))
    with pytest.raises(StrangersPack):
        check(b"words", sign(b"words", [elsewhere]))


def test_a_changed_key_is_believed_by_whoever_believed_the_old_one(settings, tmp_path):
    settings.PACK_SIGNING_KEY = str(tmp_path / "city.pem")
    old = make_key()
    new = make_key(another=True)
    both = own_keys()
    signed = sign(b"words", both)
    announced = [in_words(key.public_key()) for key in both]
    # A box, which has no key of the city and trusts the old one.
    settings.PACK_SIGNING_KEY = str(tmp_path / "none.pem")
    settings.PACK_TRUSTED_KEYS = [f"广州市={in_words(old.public_key())}"]
    signer = check(b"words", signed)
    assert learn_keys(words=announced, signer=signer) == 1
    assert learn_keys(words=announced, signer=signer) == 0
    settings.PACK_TRUSTED_KEYS = []
    assert check(b"more", sign(b"more", [new])).city == "广州市"
    assert TrustedKey.objects.get().announced_by == id_of(old.public_key())


def test_a_key_that_was_given_up_is_not_learnt_again(settings, elsewhere):
    words = in_words(elsewhere.public_key())
    cease_to_trust(key_id=trust_key(words=words, city="佛山市", by=None).key_id)
    assert learn_keys(words=[words], signer=Signer("0" * 16, "佛山市")) == 0


@pytest.mark.parametrize("words", ["", "x", "A" * 44, "不是"])
def test_what_is_no_public_key_is_refused(words):
    with pytest.raises(PackError, match="不是公钥"):
        trust_key(words=words, city="佛山市", by=None)


def test_a_spoilt_key_file_is_said_in_a_sentence():
    make_key()
    key_file().write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(PackError, match="读不懂"):
        own_keys()


def test_the_command_tells_the_public_key_and_keeps_the_private_one(capsys):
    call_command("make_pack_key")
    told = capsys.readouterr().out
    [key] = own_keys()
    assert in_words(key.public_key()) in told
    call_command("make_pack_key")
    assert capsys.readouterr().out == told
    assert "PRIVATE" not in told
