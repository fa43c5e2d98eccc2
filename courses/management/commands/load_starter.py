from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from courses.covers import ask_for_covers
from courses.films.publishing import ask_for_films
from courses.starter.loading import add_sample_video, load_starter
from courses.starter.recordings import attach_recordings
from courses.starter.shelves import load_shelves


class Command(BaseCommand):
    help = "Puts the starter lessons in, and where it is allowed the sample video. Safe to repeat."

    def handle(self, **options: Any) -> None:
        with transaction.atomic():  # or a worker might begin to read what is recorded already
            loaded = load_starter()
            attach_recordings()
            ask_for_films()
            if not (loaded.left_alone or loaded.updated):
                load_shelves()
        ask_for_covers()
        if settings.DEMO_ALLOWED:
            add_sample_video(title=_("手机课堂：安全使用智能手机"))
        self.stdout.write(
            _("新建%(created)d课，更新%(updated)d课，保持原样%(left)d课。")
            % {
                "created": len(loaded.created),
                "updated": len(loaded.updated),
                "left": len(loaded.left_alone),
            }
        )
