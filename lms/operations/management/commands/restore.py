from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.operations.backups.refusals import BackupRefused
from lms.operations.backups.restoring import restore
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("从备份恢复数据库、图片和视频。先停下网站。")
    requires_system_checks: list[str] = []  # they ask a database that may be broken
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.tar")
        parser.add_argument("--identity", type=Path, metavar="KEY", help=_("解密用的密钥文件"))
        parser.add_argument(
            "--over", action="store_true", help=_("网站里已经有数据，也用备份代替它")
        )

    def handle(self, *, file: Path, identity: Path | None, over: bool, **options: Any) -> None:
        try:
            before = restore(file, identity=identity, over=over)
        except BackupRefused as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(_("恢复好了。请重新启动网站。"))
        self.stdout.write(
            _("原来的数据库还留着：%(before)s。看过没有问题，可以删掉。") % {"before": before}
        )
