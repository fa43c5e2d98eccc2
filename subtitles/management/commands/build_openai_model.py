"""manage.py build_openai_model: the bundled weights as a file for openai-whisper."""

from argparse import ArgumentParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from subtitles.engines import EngineUnavailable
from subtitles.engines.model_files import BUNDLED, build_openai_model, find_ctranslate2_model


class Command(BaseCommand):
    help = _("把 CTranslate2 格式的语音识别模型改写成 openai-whisper 能用的 .pt 文件。")
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", default=BUNDLED, help=_("模型文件夹或名称，默认用自带的。"))
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *, model: str, output: Path, **options: Any) -> None:
        if find_spec("torch") is None:
            raise CommandError(
                _("没有安装 torch，请先运行 pip install -r requirements-openai-whisper.txt。")
            )
        try:
            build_openai_model(find_ctranslate2_model(model), target=output)
        except EngineUnavailable as e:
            raise CommandError(str(e)) from e
