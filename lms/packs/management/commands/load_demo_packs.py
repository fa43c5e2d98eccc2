from typing import Any

from django.utils.translation import gettext as _

from lms.packs.demo import ask_for_demo_pack
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("试用：一个课程盘，启动以后过几分钟做好，可以重复运行。")

    def handle(self, **options: Any) -> None:
        making = ask_for_demo_pack()
        if making is not None:
            self.stdout.write(_("课程盘：过几分钟做好“%(title)s”。") % {"title": making.page})
