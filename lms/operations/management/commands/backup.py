from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.operations.backups.last import LastBackup, remember
from lms.operations.backups.making import back_up, forget_older, nightly_file
from lms.operations.backups.refusals import BackupRefused
from media.files import lie_here
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("备份数据库、图片和视频，网站照常运行。不写文件名，就是每夜的备份：存到 BACKUP_DIR。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE.tar")
        parser.add_argument("--recipient", help=_("加密给谁：age 的公钥（age1…）"))
        parser.add_argument(
            "--database-only", action="store_true", help=_("只要数据库，不要图片和视频")
        )

    def handle(
        self, *, file: Path | None, recipient: str | None, database_only: bool, **options: Any
    ) -> None:
        nightly = file is None
        target = file or nightly_file()
        recipient = recipient or (settings.BACKUP_RECIPIENT if nightly else "")
        try:
            manifest = back_up(target, recipient=recipient, media=not database_only)
            if nightly:
                forget_older()
        except BackupRefused as reason:
            if not database_only:
                remember(LastBackup(timezone.now(), False, str(reason), str(target)))
            raise CommandError(str(reason)) from reason
        said = _("备份好了：%(rows)d 行数据，%(files)d 个文件（%(mib)d MiB）。") % {
            "rows": sum(manifest.rows.values()),
            "files": len(manifest.objects or {}),
            "mib": sum((manifest.objects or {}).values()) // 2**20,
        }
        if not database_only and not lie_here():
            said += _("图片和视频在对象存储里，不在这份备份中：请在那边保留旧版本、复制到另一处。")
        if not database_only:
            remember(LastBackup(timezone.now(), True, said, str(target)))
        self.stdout.write(f"{said}\n{target}")
