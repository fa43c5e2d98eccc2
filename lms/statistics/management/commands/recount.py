from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.statistics.services.recount import recount
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("从点名记录重新数一遍所有数字，和存的数字核对。有差别就列出来。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help=_("把有差别的改正过来"))

    def handle(self, *, mend: bool, **options: Any) -> None:
        result = recount(mend=mend)
        seconds = (result.finished_at - result.started_at).total_seconds()
        self.stdout.write(
            _("核对了%(compared)d行，%(drift)d行有差别，用了%(seconds).1f秒。")
            % {"compared": result.compared, "drift": result.drift, "seconds": seconds}
        )
        if not result.drift:
            return
        for line in result.details:
            self.stdout.write(line)
        if not mend:
            raise CommandError(_("数字和点名记录不符。要改正，请运行 manage.py recount --mend。"))
        self.stdout.write(_("都改正了。"))
