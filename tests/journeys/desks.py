"""Films with subtitles of a machine's, for a reviewer to sit down at."""

import json

from tests.journeys.conftest import Site

#: start, end, text, doubts
CUES = [
    (270, 2_110, "各位叔叔阿姨大家好。", []),
    (2_890, 4_880, "欢迎来到我们的手机客堂。", []),
    (5_480, 9_800, "今天我们一起来学习，\n怎样安全地使用智能手机。", [[4, 6, 0.2], [13, 15, 0.31]]),
    (9_950, 11_710, "这节课分成四个部分，", []),
    (12_010, 16_200, "分别是微信支付、网上挂号、\n防炸骗和网约车。", [[14, 17, 0.12]]),
]
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
def make(number):
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
    for start, end, text, doubts in {CUES!r}:
        TrackCue.objects.create(
            track=track, start_ms=start, end_ms=end, text=text, heard=text, doubts=doubts,
            probability=min([doubt[2] for doubt in doubts], default=None),
        )
    return track.pk
def make_all(count):
    print("desks:", json.dumps([make(number) for number in range(count)]))
"""  # fmt: skip


def make_desks(site: Site, count: int) -> list[int]:
    """The tracks' ids, all with the lines of CUES."""
    said = site.manage("shell", "--no-imports", "-c", f"{MAKE_DESKS}\nmake_all({count})")
    _before, _mark, numbers = said.partition("desks: ")
    return json.loads(numbers)
