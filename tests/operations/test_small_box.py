"""What a fresh process does not load: each would cost a small machine its memory."""

import subprocess
import sys

import pytest

#: MiB that each adds to a process, as measured with benchmarks/at_rest.py.
HEAVY = (
    "pypinyin", "openpyxl", "numpy", "av", "jieba", "opencc", "cn2an", "pkg_resources",
    "weasyprint", "fontTools", "faster_whisper", "ctranslate2", "onnxruntime", "sherpa_onnx",
    "pypdfium2", "mammoth", "pptx",
)  # fmt: skip
WEB = """
import django
django.setup()
from django.urls import get_resolver, reverse
reverse("help")
get_resolver()._populate()
"""
WORKER = """
from lms.celery import app
app.loader.init_worker()
app.finalize()
"""


@pytest.mark.parametrize(
    ("started", "besides"),
    [(WEB, ()), (WORKER, ("wagtail.admin.urls", "lms.urls"))],
)
def test_a_fresh_process_has_loaded_nothing_heavy(checkout, started, besides):
    asked = f"{started}\nimport sys; print(*{{*sys.modules}} & {{*{(*HEAVY, *besides)!r}}})"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=checkout, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == []
