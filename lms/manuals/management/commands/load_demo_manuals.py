from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.manuals.starter.loading import load_manuals
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建三家虚构的厂商和六本说明书，每种状态一本，供试用。")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("示范说明书只用于试用，正式的网站上不能建。"))
        made = load_manuals()
        if not made:
            self.stdout.write(_("示范说明书没有新建：已经有了，或者还没有演示账号。"))
        for manual in made:
            self.stdout.write(
                _("示范说明书：%(manual)s，/m/%(code)s/")
                % {"manual": manual, "code": manual.short_code}
            )
