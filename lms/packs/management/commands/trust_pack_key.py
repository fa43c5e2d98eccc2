from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.packs.refusals import PackError
from lms.packs.signing import cease_to_trust, trust_key, trusted_keys
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("相信一个城市的公钥，以后收它做的课程盘。什么都不写，就列出相信的。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", nargs="?", default="", metavar="CITY")
        parser.add_argument("key", nargs="?", default="", metavar="KEY", help=_("44个字符的公钥"))
        parser.add_argument("--end", default="", metavar="ID", help=_("不再相信这个编号的公钥"))

    def handle(self, *, city: str, key: str, end: str, **options: Any) -> None:
        try:
            if end:
                cease_to_trust(key_id=end)
            elif city and key:
                trust_key(words=key, city=city, by=None)
            elif city:
                raise CommandError(_("请把公钥也写上。"))
            for key_id, known in trusted_keys().items():
                self.stdout.write(f"{key_id}  {known.city}")
        except PackError as reason:
            raise CommandError(str(reason)) from reason
