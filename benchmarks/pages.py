"""Measure a lesson's page kept whole, rendered anew, and Wagtail's barest page, in one run.

    eval "$(bin/services env)"; python benchmarks/pages.py

Needs Redis, since pages are kept only where processes share a cache. Makes a database of its own
and drops it in the end. Pages go through every middleware, as a web server asks for them. CPU time
of this process is taken, so that other work on the machine changes little.
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

ROUNDS = 200
LESSON = "/smart-tech/scan-to-pay/"


def cpu_ms(address: str, *, afresh: bool) -> float:
    """The median of what answering a browser costs that has never been here."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    from courses.page_cache import forget_pages

    answer: Any = WSGIHandler()
    browser = RequestFactory()
    taken = []
    for _ in range(ROUNDS):
        if afresh:
            forget_pages()
        asked = browser.get(address).environ
        start = time.process_time()
        response = answer(asked, lambda *_told: bytes)
        b"".join(response)
        response.close()
        taken.append(1000 * (time.process_time() - start))
        assert response.status_code == 200, address
    return statistics.median(taken)


def run() -> None:
    from wagtail.models import Page, Site

    from courses.models import HomePage
    from courses.starter.loading import load_starter

    bare = Page(title="Bare", slug="bare")
    load_starter()
    HomePage.objects.get().add_child(instance=bare)
    Site.clear_site_root_paths_cache()
    rows = [
        ("a lesson, rendered anew", cpu_ms(LESSON, afresh=True)),
        ("home, rendered anew", cpu_ms("/", afresh=True)),
        ("Wagtail's bare page", cpu_ms(bare.url, afresh=True)),
        ("a lesson, kept", cpu_ms(LESSON, afresh=False)),
        ("home, kept", cpu_ms("/", afresh=False)),
    ]
    kept = rows[3][1]
    print("| page | CPU ms, p50 | against the kept lesson |\n|---|---|---|")
    for what, taken in rows:
        print(f"| {what} | {taken:.2f} | {taken / kept:.1f} × |")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
    import django
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    if not os.environ.get("CACHE_URL", "").startswith("redis"):
        sys.exit('Pages are kept in Redis: eval "$(bin/services env)" first.')
    django.setup()
    assert settings.KEEPS_PAGES
    setup_test_environment()
    if connection.vendor == "postgresql":  # tests may be running meanwhile
        connection.settings_dict["TEST"]["NAME"] = "yinling_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        run()
    finally:
        connection.creation.destroy_test_db(old_database_name="", verbosity=0)


if __name__ == "__main__":
    main()
