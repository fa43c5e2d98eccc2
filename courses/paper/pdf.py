"""PDFs: laid out in a child process, and kept by the version of what they show."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

FOLDER = "handouts"
#: After which somebody is told to ask again, where a PDF was not ready.
RETRY_SECONDS = 20

#: One at a time in a web process: a class that wants it at once gets the first one's.
_layout = threading.BoundedSemaphore(1)


class PaperNotReady(Exception):
    """It cannot be had now; str() says in words what to do."""


def lay_out(html: str) -> bytes:
    """The PDF of a page that holds its styles and pictures; raises PaperNotReady."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "courses.paper.pdf_child"],
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


def kept_pdf(name: str, *, version: str, html: Callable[[], str]) -> bytes:
    """From the storage; laid out first where no file of this version is there, older ones go.

    name: a file's, without its suffix. Raises PaperNotReady.
    """
    path = f"{FOLDER}/{name}-{version}.pdf"
    if not default_storage.exists(path):
        if not _layout.acquire(timeout=settings.HANDOUT_WAIT_SECONDS):
            raise PaperNotReady(_("讲义正在准备，请过一会儿再点一次。"))
        try:
            if not default_storage.exists(path):  # somebody before us in the queue made it
                _lay_out(name, path, html())
        finally:
            _layout.release()
    with default_storage.open(path) as file:
        content: bytes = file.read()
    return content


def _lay_out(name: str, path: str, html: str) -> None:
    content = lay_out(html)
    limit = settings.HANDOUT_MAX_MIB * 2**20
    if len(content) > limit:
        logger.warning("Handout %s has %d bytes, more than %d", name, len(content), limit)
        raise PaperNotReady(_("讲义太大了，做不出来。请分课打印，或请老师把图片改小一些。"))
    default_storage.save(path, ContentFile(content))
    _forget_older(name, path)


def _forget_older(name: str, path: str) -> None:
    _folders, files = default_storage.listdir(FOLDER)
    for file in files:
        if file.startswith(f"{name}-") and f"{FOLDER}/{file}" != path:
            default_storage.delete(f"{FOLDER}/{file}")
