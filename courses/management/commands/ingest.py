"""manage.py ingest: a video file becomes a lesson's video, start to end, in the foreground."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from courses.models import LessonPage
from media.choices import SpokenLanguage
from media.ffmpeg.probe import UnusableMedia, probe
from media.management.sentences import SentenceCommand
from media.models import Stage, Video
from media.pipeline import services
from media.pipeline.publishing import delete_video
from media.pipeline.queries import progress_of
from media.pipeline.stages import KINDS

WAIT_SECONDS = 0.5


class Command(SentenceCommand):
    help = _("把一个视频文件放进一课：检查、转换、做字幕，一步到底。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("video", type=Path, metavar="VIDEO")
        parser.add_argument("--lesson", required=True, metavar="SLUG")
        parser.add_argument("--title", default="", help=_("视频的标题，不写就用课名"))
        parser.add_argument(
            "--language", default=SpokenLanguage.MANDARIN, choices=SpokenLanguage.values
        )

    def handle(
        self, *, video: Path, lesson: str, title: str, language: str, **options: Any
    ) -> None:
        page = LessonPage.objects.filter(slug=lesson).first()
        if page is None:
            raise CommandError(_("没有找到“%(slug)s”这一课。") % {"slug": lesson})
        try:
            probe(video)
        except UnusableMedia as reason:
            raise CommandError(str(reason)) from reason
        with video.open("rb") as content:
            row = Video.objects.create(
                title=title or page.title,
                original=File(content, name=video.name),
                original_name=video.name,
                spoken_language=language,
            )
        try:
            self.process(row)
        except CommandError:
            delete_video(row)
            raise
        page.video = row
        page.save_revision().publish()
        self.stdout.write(_("做好了：%(url)s") % {"url": page.url})

    def process(self, video: Video) -> None:
        """Run every stage here, a bar for each; wait for those that a worker took first."""
        services.plan_stages()
        while not (progress := progress_of(Video.objects.get(pk=video.pk))).ended:
            claimed = services.claim_due_stages(limit=1, video=video)
            if not claimed:
                time.sleep(WAIT_SECONDS)
            for stage in claimed:
                self.run_with_bar(stage)
        reasons = [f"{stage.label}：{stage.message}" for stage in progress.stages if stage.message]
        if progress.failed:
            raise CommandError("\n".join(reasons))

    def run_with_bar(self, stage: Stage) -> None:
        label = str(KINDS[stage.kind].label)
        with tqdm(total=100, desc=label, bar_format="{desc}|{bar}|{percentage:3.0f}%") as bar:

            def show(fraction: float) -> None:
                bar.update(fraction * 100 - bar.n)

            assert stage.token is not None
            services.run_stage(stage.pk, token=stage.token, listener=show)
            show(1.0)
