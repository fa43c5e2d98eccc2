from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "lms.statistics"
    label = "statistics"
    verbose_name = _("统计数字")

    def ready(self) -> None:
        from lms.classes.sums import keeps_sums
        from lms.statistics.services import rollup
        from lms.units.following import follows_moves

        keeps_sums(settle=rollup.settle_sessions, withdraw=rollup.withdraw_sessions)
        follows_moves(rollup.move_sums)
