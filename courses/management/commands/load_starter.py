from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from courses.starter.loading import attach_sample_video, load_starter


class Command(BaseCommand):
    help = "Puts the starter lessons, the sample video and the demo accounts in. Safe to repeat."

    def handle(self, **options: Any) -> None:
        loaded = load_starter()
        attach_sample_video(title=_("手机课堂：安全使用智能手机"))
        self.stdout.write(
            _("新建%(created)d课，更新%(updated)d课，保持原样%(left)d课。")
            % {
                "created": len(loaded.created),
                "updated": len(loaded.updated),
                "left": len(loaded.left_alone),
            }
        )
