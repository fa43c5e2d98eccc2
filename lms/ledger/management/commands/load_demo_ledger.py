from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.ledger.demo import make_demo_ledger
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建一份示范台账：三十四条措施，有进度、督办和佐证，供试用。")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("示范台账只用于试用，正式的网站上不能建。"))
        made = make_demo_ledger()
        if made:
            self.stdout.write(_("示范台账：%(count)d条。") % {"count": made})
        else:
            self.stdout.write(_("示范台账没有新建：已经有了，或者还没有单位和演示账号。"))
