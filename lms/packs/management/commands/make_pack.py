from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.packs.choices import Quality
from lms.packs.disk import size_in_words
from lms.packs.making.choosing import chosen, makers_named, page_of_slug
from lms.packs.making.contents import size_before
from lms.packs.making.services import make_pack
from lms.packs.refusals import PackError
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("做课程盘：把课程写到U盘或者文件夹里，什么电视都能放。再做一次，只写变了的。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--classroom", default="", metavar="SLUG", help=_("只要一个课堂"))
        parser.add_argument("--series", default="", metavar="SLUG", help=_("只要一个系列"))
        parser.add_argument("--quality", choices=Quality.values, default=Quality.SUBTITLED)
        parser.add_argument(
            "--manuals", action="append", default=[], metavar="MAKER", help=_("带上厂商的说明书")
        )
        parser.add_argument("--size", action="store_true", help=_("只说大约有多大"))

    def handle(self, *, folder: Path, quality: str, size: bool, **options: Any) -> None:
        try:
            scope, page = page_of_slug(classroom=options["classroom"], series=options["series"])
            choice = chosen(
                scope=scope,
                page=page,
                quality=Quality(quality),
                makers=makers_named(options["manuals"]),
            )
            self.stdout.write(
                _("%(lessons)d节课，大约 %(size)s。")
                % {
                    "lessons": len(choice.lessons),
                    "size": size_in_words(size_before(choice)),
                }
            )
            if size:
                return
            made = make_pack(folder.absolute(), choice)
        except PackError as reason:
            raise CommandError(str(reason)) from reason
        for sentence in made.left_out:
            self.stdout.write(sentence)
        self.stdout.write(
            _("做好了：%(files)d个文件，%(size)s；写了%(written)d个，删了%(removed)d个。")
            % {
                "files": len(made.manifest.files),
                "size": size_in_words(made.manifest.size),
                "written": made.written,
                "removed": made.removed,
            }
        )
