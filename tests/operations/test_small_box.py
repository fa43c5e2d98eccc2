"""What a fresh process does not load: each would cost a small machine its memory."""

import subprocess
import sys

import pytest

#: MiB that each adds to a process, as measured with benchmarks/at_rest.py.
HEAVY = (
    "pypinyin", "openpyxl", "numpy", "av", "jieba", "opencc", "cn2an", "pkg_resources",
    "weasyprint", "fontTools", "faster_whisper", "ctranslate2", "onnxruntime", "sherpa_onnx",
    "pypdfium2", "mammoth", "pptx", "wagtail.api.v3.registry", "wagtail.api.v3.schemas",
)  # fmt: skip
#: gunicorn forks it then, which neither a thread nor a connection would outlive (deploy/web.py).
WEB = """
import threading
import lms.wsgi
from django.db import connection
from django.urls import get_resolver, reverse
reverse("help")
get_resolver()._populate()
assert threading.active_count() == 1 and connection.connection is None
"""
WORKER = """
from lms.celery import app
app.loader.init_worker()
app.finalize()
"""


@pytest.mark.parametrize(
    ("started", "besides"),
    [(WEB, ()), (WORKER, ("wagtail.admin.urls", "lms.urls", "rest_framework"))],
)
def test_a_fresh_process_has_loaded_nothing_heavy(checkout, started, besides):
    asked = f"{started}\nimport sys; print(*{{*sys.modules}} & {{*{(*HEAVY, *besides)!r}}})"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=checkout, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == []


def test_words_are_cut_without_what_jieba_need_not_load(checkout):
    cut = """
import sys
from subtitles.chinese.words import split_words
print(*split_words("网约车来了"), "pkg_resources" in sys.modules)
"""
    told = subprocess.run(
        [sys.executable, "-c", cut], cwd=checkout, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["网约车", "来", "了", "False"]
