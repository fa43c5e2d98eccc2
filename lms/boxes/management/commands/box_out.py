from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.boxes.packs import pack_edition
from lms.boxes.refusals import BoxRefused
from lms.boxes.stick import write_for_boxes, write_for_city
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("把要带走的写到U盘上：在盒子上写给市里，在市里写给各个盒子。可以重复运行。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help=_("U盘的文件夹"))

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            done = (
                write_for_city(folder, pack_edition=pack_edition())
                if settings.BOX
                else write_for_boxes(folder)
            )
        except (BoxRefused, OSError) as why:
            raise CommandError(str(why)) from None
        for words in done.words:
            self.stdout.write(words)
