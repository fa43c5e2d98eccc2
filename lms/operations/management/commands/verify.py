from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.operations.backups.refusals import BackupRefused
from lms.operations.backups.restoring import verify
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("检查备份：恢复到一个临时的地方，逐项比较，打开首页看看，然后删掉。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.tar")
        parser.add_argument("--identity", type=Path, metavar="KEY", help=_("解密用的密钥文件"))

    def handle(self, *, file: Path, identity: Path | None, **options: Any) -> None:
        try:
            manifest = verify(file, identity=identity)
        except BackupRefused as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            _("备份是好的：%(rows)d 行数据、%(files)d 个文件，首页打得开。")
            % {"rows": sum(manifest.rows.values()), "files": len(manifest.objects or {})}
        )
        self.stdout.write(
            _("它是 %(version)s 版在 %(made_at)s 做的。")
            % {"version": manifest.version, "made_at": manifest.made_at}
        )
