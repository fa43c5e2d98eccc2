from typing import Any

from django.utils.translation import gettext as _

from lms.evaluation.demo import make_demo_evaluation
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建几个笑脸、两个典型案例和一年的公开数据，供试用。已经有案例就不建。")

    def handle(self, **options: Any) -> None:
        if make_demo_evaluation():
            self.stdout.write(
                _("评价：大家怎么说 /evaluation/，案例 /cases/，公开数据 /open-data/。")
            )
