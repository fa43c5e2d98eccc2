from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from lms.alerts.services import let_editors_see_drill_ideas
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("试用：广州的单位、演示账号、一个示范村、示范说明书和一块大屏，可以重复运行。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after-lessons", action="store_true", help=_("课已经装好了"))

    def handle(self, *, after_lessons: bool, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(
                _(
                    "试用的内容不能装进正式的网站。请改用："
                    "manage.py set_up --units 文件 --admin 手机号"
                )
            )
        units = Path(settings.BASE_DIR) / "lms/units/data/units-guangzhou.csv"
        if not after_lessons:
            call_command("load_lessons", stdout=self.stdout)
        call_command("import_units", str(units), "--if-empty", stdout=self.stdout)
        for command in (
            "make_demo_accounts",
            "load_demo_class",
            "load_demo_returns",
            "load_demo_ledger",
            "load_demo_notices",
            "load_lobby_playlist",
            "load_demo_alerts",
            "load_demo_boxes",
            "load_demo_packs",
            "load_demo_manuals",
            "load_demo_evaluation",
        ):
            call_command(command, stdout=self.stdout)
        call_command("recount", mend=True, stdout=self.stdout)  # what is from before figures
        call_command("load_search_words", stdout=self.stdout)
        let_editors_see_drill_ideas()
        call_command("wagtail_update_index", verbosity=0)  # and from before Chinese search
