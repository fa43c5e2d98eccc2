from typing import Any

from django.core.management import call_command
from django.utils.translation import gettext as _

from lms.operations.empty_database import put_tables
from lms.operations.static_files import collect_what_changed
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("村里的盒子第一次启动：建好数据库，装上程序带来的课，可以重复运行。")

    def handle(self, **options: Any) -> None:
        """No units, classes or accounts: the city sends them. All in one process."""
        collect_what_changed()
        put_tables()
        call_command("migrate", verbosity=0)
        call_command("load_starter", stdout=self.stdout)
        call_command("load_search_words", stdout=self.stdout)
        call_command("wagtail_update_index", verbosity=0)
