from typing import Any

from django.utils.translation import gettext as _

from lms.search.entries import mark_all_stale, read_stale
from lms.search.starter import load_words
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("找课：装进自带的同义词，再把所有课和说明书重新读一遍，可以重复运行。")

    def handle(self, **options: Any) -> None:
        added = load_words()
        mark_all_stale()
        read = read_stale()
        self.stdout.write(
            _("找课：新装了%(added)d组同义词，读了%(read)d样。") % {"added": added, "read": read}
        )
