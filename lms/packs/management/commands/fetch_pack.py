from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.packs.line.fetching import fetch_pack
from lms.packs.line.paces import pace_of
from lms.packs.refusals import PackError
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("从城里的网站下载最新的课程盘。断了再运行一次，接着来。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", metavar="URL", help=_("城里网站的网址"))
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--pace",
            default="",
            metavar="HOURS",
            help=_("几点到几点每秒多少KB，比如7:00-22:00=50；写0就是不下载"),
        )

    def handle(self, *, url: str, folder: Path, pace: str, **options: Any) -> None:
        try:
            manifest = fetch_pack(url, into=folder, bytes_per_second=pace_of(pace))
        except PackError as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            _("下载好了：%(city)s的“%(name)s”，第%(edition)s版。")
            % {"city": manifest.city, "name": manifest.name, "edition": manifest.edition}
        )
