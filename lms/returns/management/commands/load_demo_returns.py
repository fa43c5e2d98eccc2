from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.returns.demo import make_demo_returns
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建两个月的示范月报：一个街道的村居报了、审了一部分，供试用。")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("示范月报只用于试用，正式的网站上不能建。"))
        made = make_demo_returns()
        if made:
            self.stdout.write(_("示范月报：%(count)d份。") % {"count": made})
        else:
            self.stdout.write(_("示范月报没有新建：已经有了，或者还没有单位和演示账号。"))
