"""The way from paper back to a page: its address and its QR code."""

from functools import lru_cache
from urllib.parse import urlsplit

import segno
from django.conf import settings


def address_of(path: str) -> str:
    """The whole address of a page of this site, as paper and telephones need it."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + urlsplit(path).path


@lru_cache(maxsize=1000)
def qr_code(address: str) -> str:
    """The QR code that leads there, as a data: address without a margin."""
    return segno.make_qr(address, error="m").svg_data_uri(border=0, scale=4)
