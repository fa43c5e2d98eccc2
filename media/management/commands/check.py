"""manage.py check: Django's own, which also names the FFmpeg that was chosen."""

from typing import Any

from django.core.management.commands import check

from media.ffmpeg.abilities import FfmpegUnfit, choose_ffmpeg


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        if not options["list_tags"]:
            self.name_ffmpeg()
        super().handle(*app_labels, **options)

    def name_ffmpeg(self) -> None:
        try:
            chosen = choose_ffmpeg()
        except FfmpegUnfit:
            return  # the check says why
        self.stdout.write(f"FFmpeg: {chosen.path} ({chosen.version})")
