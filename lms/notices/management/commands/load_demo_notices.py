from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.notices.demo import make_demo_notices
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("在示范村里发几条通知，供试用。")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("示范的通知只用于试用，正式的网站上不能发。"))
        made = make_demo_notices()
        self.stdout.write(
            _("示范的通知：%(count)d条。") % {"count": len(made)}
            if made
            else _("示范的通知没有新发：已经有了，或者还没有示范村。")
        )
