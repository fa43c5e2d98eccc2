"""From words to paper: PDFs laid out in a child process, and squares that lead back to a page."""

import logging
import subprocess
import sys
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


class PaperNotReady(Exception):
    """It cannot be had now; str() says in words what to do."""


def lay_out(html: str) -> bytes:
    """The PDF of a page that needs nothing beside itself; raises PaperNotReady."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "courses.pdf_child"],
            check=True,
            input=html.encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=settings.HANDOUT_LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        logger.warning("A PDF took more than %s s", error.timeout)
        raise PaperNotReady(_("一时做不出来，请过一会儿再点一次。")) from error
    except subprocess.CalledProcessError as error:
        logger.error("A PDF failed: %s", error.stderr.decode(errors="replace")[-2000:])
        raise PaperNotReady(
            _("做不出来，请告诉管理员：服务器上的排版程序（WeasyPrint）没有装好。")
        ) from error
    return done.stdout


def address_of(path: str) -> str:
    """The whole address of a page of this site, as paper and telephones need it."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + urlsplit(path).path


@lru_cache(maxsize=1000)
def square(address: str) -> str:
    """The QR code that leads there, as a data: address without a margin."""
    return segno.make_qr(address, error="m").svg_data_uri(border=0, scale=4)
