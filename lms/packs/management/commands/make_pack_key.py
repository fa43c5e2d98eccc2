from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.packs.refusals import PackError
from lms.packs.signing import id_of, in_words, make_key, own_keys
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("做本市课程盘的密钥。已经有的，说出公钥。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--another", action="store_true", help=_("换新的；旧的还签，直到从文件里删掉")
        )

    def handle(self, *, another: bool, **options: Any) -> None:
        try:
            before = own_keys()
            key = before[0] if before and not another else make_key(another=another)
        except PackError as reason:
            raise CommandError(str(reason)) from reason
        public = key.public_key()
        self.stdout.write(_("公钥（给收盘的人）：%(key)s") % {"key": in_words(public)})
        self.stdout.write(_("编号：%(id)s") % {"id": id_of(public)})
