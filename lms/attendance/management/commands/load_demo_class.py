from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.attendance.demo import make_demo_school
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建一个示范村：两个班、六十多位虚构的学员和四个星期的点名，供试用。")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("示范班只用于试用，正式的网站上不能建。"))
        made = make_demo_school()
        if not made:
            self.stdout.write(_("示范班没有新建：已经有了，或者还没有单位和演示账号。"))
        for class_group in made:
            self.stdout.write(
                _("示范班：%(title)s，%(count)d次课。")
                % {"title": class_group.title, "count": class_group.sessions.count()}
            )
