from typing import Any

from django.utils.translation import gettext as _

from lms.boxes.demo import make_demo_boxes
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("试用：三台村里的盒子，可以重复运行。")

    def handle(self, **options: Any) -> None:
        made = make_demo_boxes()
        if made:
            self.stdout.write(_("村里的盒子：装好了%(count)d台。") % {"count": len(made)})
