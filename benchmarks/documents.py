"""A maker's file becomes a draft: how long forty pages take, and how much of it is in place.

    python benchmarks/documents.py            # the layouts; forty pages with sixty pictures
    python benchmarks/documents.py --seconds  # only the latter

Documents are made here, from the six demo manuals (tests/manuals/exchange/made_files.py).
"""

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from base64 import b64encode
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
sys.path.insert(0, str(Path(__file__).parents[1]))

import django

django.setup()

import numpy as np  # noqa: E402 - Django comes first
from PIL import Image  # noqa: E402

from lms.manuals.exchange.originals.running import read_in_child  # noqa: E402
from lms.manuals.exchange.originals.services import clean_pictures  # noqa: E402
from tests.manuals.exchange.in_place import in_place  # noqa: E402
from tests.manuals.exchange.made_files import FOLDERS, LAYOUTS, package_of, pdf  # noqa: E402

PAGES, PICTURES = 40, 60
#: By the clock, on a quiet machine.
GOAL_SECONDS = 30


def photograph(seed: int) -> bytes:
    """Three megapixels, as offices put them into documents."""
    noise = np.random.default_rng(seed)
    small = noise.integers(0, 255, (40, 53, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize((2000, 1500), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


def forty_pages() -> bytes:
    body, made = "<h1>康乐血压计使用说明书</h1>", 0
    for page in range(PAGES):
        body += f"<h2>第{page + 1}章 怎么用第{page + 1}项</h2>"
        for step in range(1, 5):
            body += f"<p>{step}. 按一下面板上的第{step}个键，等屏幕上的字变了，再松手。</p>"
            if step % 2 and made < PICTURES and (page + step) % 4 != 0:
                data = b64encode(photograph(made)).decode()
                body += f'<img src="data:image/jpeg;base64,{data}">'
                made += 1
        body += "<p>警告：别用湿手碰插头。</p>" + "<p>以上各步请按顺序做。</p>" * 2
    style = """@page { size: A4; margin: 20mm; @top-left { content: "康乐血压计" }
      @bottom-center { content: counter(page) } }
      h2 { font-size: 16pt; break-before: page } img { height: 55mm; display: block }"""
    return pdf(style, body)


def timed() -> None:
    data = forty_pages()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "source-01.pdf").write_bytes(data)
        before = time.perf_counter(), children_seconds()
        draft = read_in_child(folder, told=lambda _done, _of: None)
        read = time.perf_counter(), children_seconds(), time.process_time()
        clean_pictures(draft, folder)
        cleaned = time.perf_counter(), time.process_time()
    steps = list(draft.steps)
    pictures = sum(bool(step.picture) for step in steps)
    print(
        f"{len(data) / 2**20:.1f} MiB, {draft.pages} pages, {pictures} pictures, {len(steps)} steps"
    )
    walls = read[0] - before[0], cleaned[0] - read[0]
    used = read[1] - before[1], cleaned[1] - read[2]
    for name, wall, cpu in zip(("read", "pictures"), walls, used, strict=True):
        print(f"{name}: {cpu:.1f} s of CPU, {wall:.1f} s by the clock")
    print(
        f"a draft: {sum(used):.1f} s of CPU, {sum(walls):.1f} s by the clock"
        f" (goal {GOAL_SECONDS} s), with {os.getloadavg()[0]:.1f} waiting on {os.cpu_count()} cores"
    )


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table() -> None:
    print("| layout | " + " | ".join(FOLDERS) + " | all |")
    print("|---" * (len(FOLDERS) + 2) + "|")
    for layout in LAYOUTS.values():
        shares, there, asked = [], 0, 0
        for folder_name in FOLDERS:
            package = package_of(folder_name)
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                (folder / f"source-01{layout.suffix}").write_bytes(layout.make(package))
                draft = read_in_child(folder, told=lambda _done, _of: None)
                found = in_place(package, draft, folder)
            shares.append(f"{found.steps}, {found.pictures}")
            there += found.steps.there + found.pictures.there
            asked += found.steps.asked + found.pictures.asked
        print(
            f"| {layout.name} | " + " | ".join(shares) + f" | {100 * there / asked:.0f} % |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", action="store_true")
    if not parser.parse_args().seconds:
        table()
    timed()
