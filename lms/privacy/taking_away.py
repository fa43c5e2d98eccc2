"""What is kept about one person as files that the person takes home: JSON for programs, PDF for
people, both in a ZIP."""

import json
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.paper import lay_out
from lms.privacy.kept import Section
from lms.privacy.purposes import PROCESSINGS


def zip_of(sections: Sequence[Section], *, name: str) -> bytes:
    """Raises PaperNotReady."""
    made = timezone.localtime()
    told = {
        _("谁的资料"): name,
        _("做成的时间"): f"{made:%Y-%m-%d %H:%M}",
        **{section.title: section.as_json() for section in sections},
    }
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", json.dumps(told, ensure_ascii=False, indent=2))
        archive.writestr("my-data.pdf", pdf_of(sections, name=name))
    return content.getvalue()


def pdf_of(sections: Sequence[Section], *, name: str) -> bytes:
    """A4, in large print. Raises PaperNotReady."""
    context = {"sections": sections, "name": name, "made": timezone.now()}
    return lay_out(render_to_string("privacy/kept_pdf.html", context))


def register_pdf() -> bytes:
    """The register of processing, A4 across. Raises PaperNotReady."""
    context = {"processings": PROCESSINGS, "made": timezone.now()}
    return lay_out(render_to_string("privacy/register_pdf.html", context))
