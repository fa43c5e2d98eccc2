"""manage.py subtitle: subtitles for one video file, without a database."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from media.ffmpeg.abilities import FfmpegUnfit
from media.ffmpeg.extraction import extract_speech
from media.ffmpeg.probe import UnusableMedia
from media.ffmpeg.process import FfmpegFailed
from media.ffmpeg.speech_detection import examine
from media.files import half_made
from media.management.sentences import SentenceCommand
from subtitles.cues import Cue
from subtitles.cues.formats import to_srt, to_vtt
from subtitles.engines import EngineUnavailable
from subtitles.recognition.machine import default_options, domain_vocabulary, make_cues
from subtitles.recognition.recognise import RecognitionFailed, RecognitionOptions

WRITERS: dict[str, Callable[[list[Cue]], str]] = {
    ".vtt": lambda cues: to_vtt(cues, machine_made=True),
    ".srt": to_srt,
}
LISTENING_SHARE = 0.95  # of the work; the rest is taking the sound out of the video


class Command(SentenceCommand):
    help = _("为一个视频文件生成字幕，不需要数据库。")
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("video", type=Path, metavar="VIDEO")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.vtt")
        parser.add_argument("--engine", default=None, choices=sorted(settings.SUBTITLE_ENGINES))
        parser.add_argument("--model", default=None, help=_("模型文件夹或名称，默认按设置。"))
        parser.add_argument("--language", default="zh")

    def handle(
        self,
        *,
        video: Path,
        output: Path,
        engine: str | None,
        model: str | None,
        language: str,
        **options: Any,
    ) -> None:
        chosen = default_options(engine=engine, model=model, language=language)
        write = WRITERS.get(output.suffix.lower())
        if write is None:
            raise CommandError(_("字幕文件名要以 .vtt 或 .srt 结尾。"))
        if not output.parent.is_dir():
            raise CommandError(_("找不到文件夹“%(folder)s”。") % {"folder": output.parent})
        try:
            cues = self._make_cues(video, chosen)
        except (
            UnusableMedia, FfmpegFailed, FfmpegUnfit, EngineUnavailable, RecognitionFailed
        ) as e:  # fmt: skip
            raise CommandError(str(e)) from e
        with half_made(output) as [name]:
            name.write_text(write(cues), encoding="utf-8")
        if cues:
            self.stdout.write(_("字幕已写好：%(file)s") % {"file": output})
        else:
            self.stdout.write(_("没有听到有人说话，字幕文件是空的：%(file)s") % {"file": output})

    def _make_cues(self, video: Path, options: RecognitionOptions) -> list[Cue]:
        facts = examine(video, language=options.language)
        facts.require_sound()
        with (
            TemporaryDirectory(prefix="yinling-") as scratch,
            tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar,
        ):

            def show(fraction: float) -> None:
                bar.update(fraction * 100 - bar.n)

            speech = Path(scratch) / "speech.wav"
            extract_speech(
                video,
                speech,
                duration_ms=facts.duration_ms,
                track=facts.audio_track,
                out_of_phase=facts.out_of_phase,
                on_progress=lambda fraction: show(fraction * (1 - LISTENING_SHARE)),
            )
            return make_cues(
                speech,
                work_dir=Path(scratch),
                options=options,
                vocabulary=domain_vocabulary(options.language),
                on_progress=lambda fraction: show(1 - LISTENING_SHARE * (1 - fraction)),
            )
