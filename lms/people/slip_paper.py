"""Slips on paper, eight to a page."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from courses.paper import address_of, lay_out, qr_code
from lms.people.services.slips import PrintedSlip

SLIPS_A_PAGE = 8


def sign_in_address() -> dict[str, str]:
    """Where a slip says that one signs in, and the QR code that leads there."""
    address = address_of("/accounts/login/")
    return {"address": address, "qr_code": qr_code(address)}


def slips_pdf(slips: Sequence[PrintedSlip]) -> bytes:
    """A4. Raises PaperNotReady."""
    pages = [slips[start : start + SLIPS_A_PAGE] for start in range(0, len(slips), SLIPS_A_PAGE)]
    return lay_out(render_to_string("people/slips_pdf.html", {"pages": pages, **sign_in_address()}))
