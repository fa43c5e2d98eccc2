"""Manuals of a pack: drafts for a maker that is registered here, or, in a village box, live."""

import json
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.choices import OrganisationState, VersionState
from lms.manuals.editor.picture_files import CleanPicture
from lms.manuals.editor.services.pictures import keep_clean
from lms.manuals.editor.services.products import ProductRefused
from lms.manuals.editor.services.versions import VersionRefused, start_manual
from lms.manuals.exchange.documents import Document, PackageRefused, document_of
from lms.manuals.exchange.packages import Package
from lms.manuals.exchange.services import clean_pictures, find_or_add_product, write_document
from lms.manuals.models import Manual, ManualVersion, Organisation
from lms.packs.exchange.arriving import Arrived
from lms.packs.exchange.document import PackedManual
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.saved_files import Saved
from lms.packs.exchange.taken import Outcome, TakenPage


def digest_of_manual(document: Document) -> str:
    """Of its words and of which steps have a picture."""
    told = document.model_dump(mode="json")
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class ManualTaker:
    def __init__(
        self, arrived: Arrived, saved: Saved | None, *, by: User | None, publish: bool
    ) -> None:
        """saved None: only what would become of them is asked."""
        self.arrived, self.saved, self.by, self.publish = arrived, saved, by, publish
        self._clean: dict[str, dict[str, CleanPicture]] = {}

    def clean(self, entries: list[PackedManual]) -> None:
        """Draw their pictures anew, before anything is locked. Raises PackageRefused."""
        for entry in entries:
            content = {
                name: self.arrived.picture(file).read_bytes()
                for name, file in entry.pictures.items()
            }
            self._clean[entry.code] = clean_pictures(Package(entry.document, content))

    def take(self, entry: PackedManual) -> TakenPage:
        row = TakenPart.objects.filter(key=entry.code).select_related("manual").first()
        manual = row.manual if row else Manual.objects.filter(short_code=entry.code).first()
        outcome, note = self.outcome(entry, manual)
        if self.saved is not None and outcome in (Outcome.NEW, Outcome.CHANGED):
            try:
                with transaction.atomic():
                    self.write(entry, manual)
            except (PackageRefused, ProductRefused, VersionRefused, ValidationError) as reason:
                words = reason.messages if isinstance(reason, ValidationError) else [str(reason)]
                outcome, note = Outcome.LEFT_OUT, " ".join(words)
        title = entry.document.title or entry.document.product.name
        return TakenPage(entry.code, str(_("说明书")), title, outcome, note=note)

    def outcome(self, entry: PackedManual, manual: Manual | None) -> tuple[Outcome, str]:
        if manual is not None:
            newest = ManualVersion.objects.with_content().filter(manual=manual)
            version = newest.order_by("-number").first()
            same = version is not None and digest_of_manual(document_of(version)) == (
                digest_of_manual(entry.document)
            )
            if same and (manual.live or not self.publish):
                return Outcome.UNTOUCHED, ""
            return (Outcome.CHANGED, "") if self.publish else (Outcome.KEPT, "")
        if not self.publish and self.maker(entry) is None:
            return Outcome.LEFT_OUT, _("这里没有登记“%(name)s”。") % {"name": entry.maker.name}
        return Outcome.NEW, ""

    def maker(self, entry: PackedManual) -> Organisation | None:
        return Organisation.objects.active().filter(code=entry.maker.code).first()

    def write(self, entry: PackedManual, manual: Manual | None) -> None:
        organisation = self.maker(entry) or Organisation.objects.create(
            name=entry.maker.name[:80],
            code=entry.maker.code,
            state=OrganisationState.ACTIVE,
            applied_at=timezone.now(),
        )
        draft = self.draft(entry, manual, organisation)
        pictures = {}
        for name, picture in self._clean[entry.code].items():
            pictures[name], is_new = keep_clean(
                picture, organisation=organisation, original_name=name, by=self.by
            )
            if is_new and self.saved is not None:
                self.saved.note(pictures[name].file)
        write_document(draft, entry.document, pictures)
        if self.publish:
            self.show(draft)
        TakenPart.objects.update_or_create(
            key=entry.code,
            defaults={
                "manual": draft.manual,
                "stands": digest_of_manual(entry.document),
                "source": entry.rights.source,
                "licence": entry.rights.licence,
            },
        )

    def draft(
        self, entry: PackedManual, manual: Manual | None, organisation: Organisation
    ) -> ManualVersion:
        """An empty one."""
        title = entry.document.title
        if manual is not None:
            newest = manual.newest_version()
            number = newest.number + 1 if newest else 1
            return ManualVersion.objects.create(manual=manual, number=number, title=title)
        product = find_or_add_product(entry.document, organisation)
        manual = start_manual(product=product, by=self.by, title=title)
        # The code that is printed on boxes leads to it here too.
        Manual.objects.filter(pk=manual.pk).update(short_code=entry.code)
        return manual.versions.get()

    def show(self, version: ManualVersion) -> None:
        """It was reviewed in the city whose box this is."""
        now = timezone.now()
        ManualVersion.objects.filter(pk=version.pk).update(
            state=VersionState.SUBMITTED, submitted_at=now
        )
        manual = Manual.objects.get(pk=version.manual_id)
        manual.published_version = ManualVersion.objects.get(pk=version.pk)
        manual.save_revision(user=self.by, clean=False).publish(user=self.by)
