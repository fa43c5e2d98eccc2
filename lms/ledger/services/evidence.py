"""Verbs that add evidence to a row and take it back."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.ledger.choices import Act, EvidenceKind
from lms.ledger.evidence_files import CheckedFile
from lms.ledger.models import Evidence, Measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import given, locked, note

PIECES_MOST = 30


@transaction.atomic
def add_file(measure: Measure, *, file: CheckedFile, title: str, by: User) -> Evidence:
    """A document or a photograph. Raises LedgerRefused."""
    row = _with_room(measure)
    evidence = Evidence(measure=row, kind=file.kind, title=_title(title), added_by=by)
    evidence.file.save(f"evidence{file.suffix}", ContentFile(file.content), save=False)
    _save(evidence, row, by=by)
    return evidence


@transaction.atomic
def add_link(measure: Measure, *, link: str, title: str, by: User) -> Evidence:
    """Raises LedgerRefused."""
    row = _with_room(measure)
    evidence = Evidence(
        measure=row, kind=EvidenceKind.LINK, title=_title(title), link=link, added_by=by
    )
    _save(evidence, row, by=by)
    return evidence


@transaction.atomic
def take_back_evidence(evidence: Evidence, *, by: User) -> None:
    """Its line stays in the history; its file goes. Raises LedgerRefused where it is gone."""
    row = locked(evidence.measure)
    piece = Evidence.objects.there().filter(pk=evidence.pk).first()
    if piece is None:
        raise LedgerRefused(_("这件佐证已经撤下了。"))
    name = piece.file.name
    piece.file = ""
    piece.taken_back_at, piece.taken_back_by = timezone.now(), by
    piece.save(update_fields=["file", "taken_back_at", "taken_back_by"])
    note(row, Act.SHOWN_NO_MORE, piece.title, by=by)
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def _with_room(measure: Measure) -> Measure:
    row = locked(measure)
    if row.evidence.there().count() >= PIECES_MOST:
        raise LedgerRefused(
            _("这一条已经有%(count)d件佐证。请先撤下用不着的。") % {"count": PIECES_MOST}
        )
    return row


def _title(typed: str) -> str:
    return given(typed, _("请写一句说明，例如：十一月的签到表。"), most=80)


def _save(evidence: Evidence, row: Measure, *, by: User) -> None:
    evidence.save()
    note(row, Act.SHOWN, evidence.title, by=by)
