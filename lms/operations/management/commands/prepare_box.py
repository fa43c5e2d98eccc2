from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("村里的盒子第一次启动：建好数据库，装上程序带来的课，可以重复运行。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after-lessons", action="store_true", help=_("课已经装好了"))

    def handle(self, *, after_lessons: bool, **options: Any) -> None:
        """No units, classes or accounts: the city sends them."""
        if not after_lessons:
            call_command("load_lessons", stdout=self.stdout)
        call_command("load_search_words", stdout=self.stdout)
        call_command("wagtail_update_index", verbosity=0)
