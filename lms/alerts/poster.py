"""An alert on paper: one sheet of A4 for a notice board."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from courses.paper import address_of, kept_pdf, qr_code
from lms.alerts.models import Alert

TEMPLATE = "alerts/poster_pdf.html"
#: How large it is printed, by how many characters are said at most; all fit on one sheet.
PRINTS = ((50, "large"), (75, "middling"), (200, "small"))


def poster_of(alert: Alert) -> bytes:
    """The PDF. Raises PaperNotReady."""
    address = address_of(reverse("alerts:alert", args=[alert.pk]))
    length = len(alert.says) + len(alert.todo)
    context = {
        "print": next(name for most, name in PRINTS if length <= most),
        "alert": alert,
        "address": address.partition("://")[2],
        "qr_code": qr_code(address),
    }

    def html() -> str:
        return render_to_string(TEMPLATE, context)

    look = (Path(settings.BASE_DIR) / "templates" / TEMPLATE).read_text()
    said = (look, alert.title, alert.says, alert.todo, alert.calls, alert.unit.name, alert.ends_at)
    version = sha256(repr((said, address)).encode()).hexdigest()[:16]
    return kept_pdf(f"alert-{alert.pk}", version=version, html=html)
