"""What a box says of itself when it asks its city."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from lms.boxes.choices import Carrier, LetterKind
from lms.boxes.models import VillageBox
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.taking import box_of, note_heard


def take_ask(written: bytes, *, carrier: Carrier) -> VillageBox:
    """Who asks. An ask that is older than the last one tells nothing. Raises BoxRefused."""
    box, letter = box_of(written, kind=LetterKind.ASK)
    try:
        said = json.loads(letter.text)
        at = datetime.fromisoformat(said["now"])
        edition, waiting = int(said["edition"]), int(said["waiting"])
        pack = None if said["pack_edition"] is None else int(said["pack_edition"])
    except (ValueError, KeyError, TypeError):
        raise BoxRefused(_("盒子问的话看不懂。")) from None
    newer = VillageBox.objects.filter(pk=box.pk, last_ask__lt=letter.head.number)
    if newer.update(
        last_ask=letter.head.number,
        edition_there=max(0, min(edition, box.edition)),
        waits_there=max(0, min(waiting, 2**31 - 1)),
        pack_edition=pack,
    ):
        note_heard(box, at=at if at.tzinfo else None, carrier=carrier)
        box.refresh_from_db()
    return box
