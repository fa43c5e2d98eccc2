"""Measure what a page costs whose address WeChat has added to, or that a learner opens who keeps a
record, against a kept one and a new one.

    VAR_DIR=var python benchmarks/kept.py

After bin/start has made the starter's lessons; works with CACHE_URL too. It begins a record in that
database and takes it away again. The kinds of requests
are asked in turn, through every middleware, compressed as browsers ask for it. CPU time of this
process is taken, so that other work on the machine changes little.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here

ROUNDS = 100
LESSON = "/smart-tech/scan-to-pay/"
LEARNER: dict[str, Any] = {}  # filled in once there is a record
KINDS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "made anew (what all below the next row cost before)": (LESSON, {}, True),
    "kept": (LESSON, {}, False),
    "kept, ?from=singlemessage&isappinstalled=0": (LESSON + "?from=singlemessage", {}, False),
    "kept, ?utm_source=…": (LESSON + "?utm_source=x&utm_medium=y", {}, False),
    "kept, a foreign cookie": (LESSON, {"HTTP_COOKIE": "Hm_lvt_1=1; _ga=2"}, False),
    "home, kept": ("/", {}, False),
    "a learner's lesson, kept": (LESSON, LEARNER, False),
    "a learner's classroom, kept": ("/smart-tech/", LEARNER, False),
    "a learner's home, kept": ("/", LEARNER, False),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    import django
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    django.setup()
    from django.core.signing import get_cookie_signer

    from courses.last_lesson import COOKIE as LAST_LESSON
    from courses.models import LessonPage
    from courses.page_cache import forget_pages
    from courses.progress.marking import mark_read, note_opened
    from courses.progress.models import LearnerRecord
    from courses.progress.screen import COOKIE as RECORD

    lesson = LessonPage.objects.get(slug=LESSON.split("/")[2])
    record = LearnerRecord.objects.create()
    mark_read(record, lesson=lesson)
    note_opened(record, lesson=lesson.pk)
    cookies = {RECORD: str(record.key), LAST_LESSON: str(lesson.pk)}
    signed = [f"{name}={get_cookie_signer(salt=name).sign(cookies[name])}" for name in cookies]
    LEARNER["HTTP_COOKIE"] = "; ".join(signed)
    answer: Any = WSGIHandler()
    browser = RequestFactory(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip")
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind, (address, headers, afresh) in KINDS.items():
            if afresh:
                forget_pages()
            if not afresh:  # since pages were forgotten in this round
                list(answer(browser.get(address, **headers).environ, lambda *_told: bytes))
            asked = browser.get(address, **headers).environ
            begun = time.process_time()
            response = answer(asked, lambda *_told: bytes)
            b"".join(response)
            response.close()
            taken[kind].append(1000 * (time.process_time() - begun))
            assert response.status_code == 200, address
    record.delete()
    print("| a lesson's page | CPU ms, p50 | requests a second of one core |\n|---|---|---|")
    for kind, times in taken.items():
        middle = statistics.median(times)
        print(f"| {kind} | {middle:.2f} | {1000 / middle:.0f} |")


if __name__ == "__main__":
    main()
