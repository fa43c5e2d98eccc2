"""A city makes a box known, and a box its city: by a code that is typed once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.boxes import codes
from lms.boxes.choices import BoxState
from lms.boxes.keys import own_keys, read_public
from lms.boxes.models import BornBatch, Home, Told, VillageBox
from lms.boxes.models.at_city import CODE_HOLDS
from lms.boxes.packs import own_pack_keys, trust_city
from lms.boxes.refusals import BoxRefused
from lms.units.models import Unit

# --- In the city ------------------------------------------------------------------------------


@transaction.atomic
def make_box(*, name: str, unit: Unit, made_by: User) -> tuple[VillageBox, str]:
    """A box that is expected, and the code by which it registers. The code is told here and never
    again: only what was slowly made of it is kept."""
    box = VillageBox.objects.create(name=name, unit=unit, made_by=made_by)
    return box, give_code(box)


@transaction.atomic
def give_code(box: VillageBox) -> str:
    """Another code; the one before holds no more. Raises BoxRefused once the box is registered or
    revoked."""
    row = VillageBox.objects.select_for_update().get(pk=box.pk)
    if row.state != BoxState.EXPECTED:
        raise BoxRefused(_("这台盒子已经登记过了，不用再给号码。"))
    while True:
        code = codes.new_code()
        row.code_which, row.code_key = codes.which(code), codes.slow_key(code)
        row.code_until = timezone.now() + CODE_HOLDS
        try:
            with transaction.atomic():
                row.save(update_fields=["code_which", "code_key", "code_until"])
        except IntegrityError:
            continue  # another box is waited for under these four digits
        return code


@transaction.atomic
def revoke_box(box: VillageBox, *, revoked_by: User) -> None:
    """Nothing of it is taken any more, and nothing is sent there. Raises BoxRefused the second
    time."""
    rows = VillageBox.objects.filter(pk=box.pk).exclude(state=BoxState.REVOKED)
    if not rows.update(
        state=BoxState.REVOKED,
        revoked_at=timezone.now(),
        revoked_by=revoked_by,
        code_which="",
        code_key="",
        code_until=None,
    ):
        raise BoxRefused(_("这台盒子已经停用了。"))


@transaction.atomic
def answer_hello(hello: dict[str, Any]) -> dict[str, Any]:
    """The welcome for a box that says hello with its code: the city's keys, by the same code. Once;
    the same hello again is answered the same. Raises BoxRefused."""
    try:
        said, which = str(hello["keys"]), str(hello["which"])
        read_public(said)
    except (KeyError, TypeError, ValueError):
        raise BoxRefused(_("这台盒子说的话看不懂。")) from None
    known = (
        VillageBox.objects.filter(public_keys=said, state=BoxState.AT_WORK)
        .exclude(welcome={})
        .first()
    )
    if known is not None and known.welcome.get("to") == hello.get("mac"):
        return dict(known.welcome)
    box = (
        VillageBox.objects.select_for_update()
        .filter(code_which=which, state=BoxState.EXPECTED)
        .first()
    )
    if box is None or not which or box.code_until is None or box.code_until < timezone.now():
        raise BoxRefused(_("没有这个号码，或者它过期了。请在市里的“村里的盒子”那一页再要一个。"))
    if not codes.is_by(box.code_key, hello):
        raise BoxRefused(_("号码不对。请对着市里的页面再看一遍。"))
    welcome: dict[str, Any] = {
        "format": 1,
        "to": hello["mac"],
        "box": str(box.uid),
        "name": box.name,
        "unit": box.unit.code,
        "unit_name": box.unit.name,
        "keys": own_keys().public.written(),
        "city": box.unit.get_root().name,
        "pack_keys": own_pack_keys(),
    }
    welcome["mac"] = codes.mac_of(box.code_key, welcome)
    box.public_keys, box.welcome, box.registered_at = said, welcome, timezone.now()
    box.state = BoxState.AT_WORK
    box.code_which, box.code_key, box.code_until = "", "", None
    box.save()
    return welcome


# --- On the box -------------------------------------------------------------------------------


def this_box() -> Home:
    """The one row that says what this box is; made when it is first asked for."""
    home = Home.objects.order_by("pk").first()
    if home is None:
        home, _is_new = Home.objects.get_or_create(
            pk=1, defaults={"city_address": settings.CITY_URL}
        )
    return home


@transaction.atomic
def say_hello(*, code: str, city_address: str) -> Home:
    """Note the code and what is to be sent for it, by line or by the stick. Raises BoxRefused for
    digits of which one is wrong."""
    code = codes.plain_code(code)
    if not codes.is_code(code):
        raise BoxRefused(_("有一个数字不对。一共16个数字，请对着纸再看一遍。"))
    home = Home.objects.select_for_update().get(pk=this_box().pk)
    hello: dict[str, Any] = {
        "format": 1,
        "which": codes.which(code),
        "keys": own_keys().public.written(),
    }
    home.code_key = codes.slow_key(code)
    hello["mac"] = codes.mac_of(home.code_key, hello)
    home.hello = hello
    home.city_address = city_address.strip().rstrip("/") or settings.CITY_URL
    home.trouble = ""
    home.save()
    return home


@transaction.atomic
def take_welcome(welcome: dict[str, Any]) -> Home:
    """The city knows this box. Whoever was registered before begins its journal anew: the city
    knows again whatever it has had. Raises BoxRefused for a welcome that is not for our hello."""
    home = Home.objects.select_for_update().get(pk=this_box().pk)
    if not home.code_key or welcome.get("to") != home.hello.get("mac"):
        raise BoxRefused(_("这封回信不是给这台盒子的。"))
    if not codes.is_by(home.code_key, welcome):
        raise BoxRefused(_("回信不是用这个号码写的，不能相信。"))
    try:
        city = read_public(str(welcome["keys"])).written()
        uid, name = str(welcome["box"]), str(welcome["name"])[:40]
        pack_keys = [str(words) for words in welcome.get("pack_keys", [])]
        code, unit_name = str(welcome["unit"])[:12], str(welcome["unit_name"])[:60]
    except (KeyError, ValueError, TypeError):
        raise BoxRefused(_("回信不完整，看不懂。")) from None
    trust_city(pack_keys, city=str(welcome.get("city", unit_name))[:60])
    if home.is_registered:
        BornBatch.objects.all().delete()
        Told.objects.all().delete()
        home.last_answer, home.edition, home.edition_at = 0, 0, None
    home.uid, home.name, home.unit_code, home.unit_name = uid, name, code, unit_name
    home.city_keys, home.code_key, home.hello = city, "", {}
    home.registered_at = timezone.now()
    home.is_refused, home.trouble = False, ""
    home.save()
    home.refresh_from_db()
    return home


def note_trouble(home: Home, words: str, *, tried_at: datetime | None = None) -> None:
    """Why it did not go; blank: it did."""
    Home.objects.filter(pk=home.pk).update(
        trouble=words[:200], last_tried_at=tried_at or timezone.now()
    )
