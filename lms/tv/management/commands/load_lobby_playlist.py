from typing import Any

from django.utils.translation import gettext as _

from lms.tv.demo import make_lobby_playlist
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建一个大堂大屏的播放单，供试用。已经有播放单就不建。")

    def handle(self, **options: Any) -> None:
        playlist = make_lobby_playlist()
        if playlist is not None:
            self.stdout.write(
                _("大屏播放单：%(title)s，大屏打开 %(address)s。")
                % {"title": playlist.title, "address": playlist.get_absolute_url()}
            )
