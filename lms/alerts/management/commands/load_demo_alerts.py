from typing import Any

from django.utils.translation import gettext as _

from lms.alerts.demo import make_demo_alerts
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("试用：一个街道的防骗提醒，可以重复运行。")

    def handle(self, **options: Any) -> None:
        made = make_demo_alerts()
        if made:
            self.stdout.write(_("防骗提醒：装好了%(count)d条。") % {"count": len(made)})
