from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.boxes.refusals import BoxRefused
from lms.boxes.stick import read_from_boxes, read_from_city
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _(
        "从U盘收下：在市里收各个盒子记下的，回信写在旁边；在盒子上收市里的回信。可以重复运行。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help=_("U盘的文件夹"))

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            done = read_from_city(folder) if settings.BOX else read_from_boxes(folder)
        except (BoxRefused, OSError) as why:
            raise CommandError(str(why)) from None
        for words in (*done.words, *done.refused):
            self.stdout.write(words)
