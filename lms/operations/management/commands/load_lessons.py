from typing import Any

from django.core.management import call_command
from django.utils.translation import gettext as _

from lms.operations.empty_database import put_tables
from lms.operations.static_files import collect_what_changed
from lms.search.changes import reading_later
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建好数据库，装上程序带来的课：有了它们，首页就能打开。可以重复运行。")

    def handle(self, **options: Any) -> None:
        collect_what_changed()
        put_tables()
        call_command("migrate", verbosity=0)
        with reading_later():  # by load_search_words
            call_command("load_starter", stdout=self.stdout)
