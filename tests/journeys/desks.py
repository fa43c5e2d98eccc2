"""Films with subtitles of a machine's, for a reviewer to sit down at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import Page

from subtitles.cues import UNHEARD

if TYPE_CHECKING:
    from tests.journeys.conftest import Site

#: start, end, text, doubts
Line = tuple[int, int, str, list[list[float]]]
CUES: list[Line] = [
    (270, 2_110, "各位叔叔阿姨大家好。", []),
    (2_890, 4_880, "欢迎来到我们的手机客堂。", []),
    (5_480, 9_800, "今天我们一起来学习，\n怎样安全地使用智能手机。", [[4, 6, 0.2], [13, 15, 0.31]]),
    (9_950, 11_710, "这节课分成四个部分，", []),
    (12_010, 16_200, "分别是微信支付、网上挂号、\n防炸骗和网约车。", [[14, 17, 0.12]]),
]
#: Somebody speaks after them whom the machine did not understand.
HOLE: Line = (17_000, 20_500, UNHEARD, [])
#: When the words of the second cue were said: with a pause after the first.
TIMES = [[0, 2, 2_890, 3_300], [2, 4, 4_000, 4_200], [4, 7, 4_200, 4_500], [7, 11, 4_500, 4_880]]
#: Videos that have passed the pipeline, each with the sample's picture and a track of its own.
MAKE_DESKS = f"""
import json
from django.db import transaction
from media.models import Rendition, Stage, Video
from subtitles.models import Track, TrackCue
from courses.starter.loading import let_editors_work_on_videos
let_editors_work_on_videos()
film = Rendition.objects.filter(height__isnull=False).order_by("height").first()
@transaction.atomic  # the worker that looks on sees it when it has its stage
def make(number, cues):
    video = Video.objects.create(
        title=f"核对{{number}}", original=film.file.name, duration_ms=25_100, has_audio=True
    )
    Stage.objects.create(video=video, kind="transcript", state="done", progress=100)
    Rendition.objects.create(
        video=video, name=film.name, file=film.file.name, width=film.width, height=film.height,
        size_bytes=film.size_bytes,
    )
    track = Track.objects.create(
        video=video, language="zh", engine="faster-whisper", model="bundled"
    )
    for start, end, text, doubts in cues:
        TrackCue.objects.create(
            track=track, start_ms=start, end_ms=end, text=text, heard=text, doubts=doubts,
            word_times={TIMES} if start == {CUES[1][0]} else [],
            problems=["unheard"] if text == {UNHEARD!r} else [],
            probability=min([doubt[2] for doubt in doubts], default=None),
        )
    return track.pk
def make_all(count, cues):
    print("desks:", json.dumps([make(number, cues) for number in range(count)]))
"""  # fmt: skip


def make_desks(site: Site, count: int, *, cues: list[Line] = CUES) -> list[int]:
    """The tracks' ids, all with these lines."""
    said = site.manage("shell", "--no-imports", "-c", f"{MAKE_DESKS}\nmake_all({count}, {cues!r})")
    _before, _mark, numbers = said.partition("desks: ")
    return json.loads(numbers)


def sign_in(page: Page, live_site, who: str, password: str) -> None:
    page.goto(live_site.url + "/admin/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(live_site.url + "/admin/")


def texts(live_site, track: int) -> list[str]:
    """What stands in the database, in the order of time."""
    sql = f"SELECT text FROM subtitles_trackcue WHERE track_id = {track} ORDER BY start_ms"
    return [text.replace("\n", "") for (text,) in live_site.rows(sql)]


def field(page: Page, number: int):
    return page.locator(".line:not([hidden]) .line__field").nth(number)


def click_character(page: Page, number: int, character: str) -> None:
    """One click on the middle of a character, where a person sees it."""
    box = page.evaluate(
        """([number, character]) => {
          const mirror = document.querySelectorAll('.line__mirror')[number];
          const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(character);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + 1);
            const { left, top, width, height } = range.getBoundingClientRect();
            return [left + width / 2, top + height / 2];
          }
        }""",
        [number, character],
    )
    page.mouse.click(*box)


def split_after(page: Page, number: int, characters: int) -> None:
    field(page, number).evaluate(
        "(field, at) => { field.focus(); field.setSelectionRange(at, at); }", characters
    )
    page.keyboard.press("Alt+Enter")
