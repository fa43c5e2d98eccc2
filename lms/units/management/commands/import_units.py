from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from lms.units.models import Unit
from lms.units.queries import people_left_at
from lms.units.services.importing import ImportReport, import_units
from lms.units.services.tree import UnitChangeRefused
from lms.units.unit_file import UnusableFile, read_unit_file


class Command(BaseCommand):
    help = _(
        "读入单位表（代码,名称），可以重复运行。在这里合并、移动、改名、分出的不会被改回去，会列出来。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, metavar="DATE", help=_("生效日期")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("只看会变什么，不写入"))
        parser.add_argument(
            "--reopen", action="store_true", help=_("在这里撤销了、文件里还有的单位，恢复它们")
        )
        parser.add_argument(
            "--if-empty", action="store_true", help=_("已经有单位就什么也不做（第一次启动用）")
        )

    def handle(
        self,
        *,
        file: Path,
        on: date | None,
        dry_run: bool,
        reopen: bool,
        if_empty: bool,
        **options: Any,
    ) -> None:
        if if_empty and Unit.objects.exists():
            return
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("打不开文件“%(file)s”。") % {"file": file}) from error
        known = frozenset(Unit.objects.open().values_list("code", flat=True))
        try:
            units = read_unit_file(content, known_codes=known)
            with tqdm(
                total=100, bar_format="{bar}|{percentage:3.0f}% {elapsed}", disable=None
            ) as bar:

                def show(fraction: float) -> None:
                    bar.update(100 * fraction - bar.n)

                report = import_units(
                    units,
                    on=on or timezone.localdate(),
                    dry_run=dry_run,
                    reopen=reopen,
                    on_progress=show,
                )
        except (UnusableFile, UnitChangeRefused) as reason:
            raise CommandError(_("没有导入。\n%(reason)s") % {"reason": reason}) from reason
        self.tell(report, dry_run=dry_run)

    def tell(self, report: ImportReport, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(_("只是预演，没有写入。"))
        for label, codes in (
            (_("新增"), report.new),
            (_("恢复"), report.reopened),
            (_("改名"), report.renamed),
            (_("撤销"), report.gone),
        ):
            shown = "、".join(codes[:10]) + ("…" if len(codes) > 10 else "")
            self.stdout.write(f"{label} {len(codes)}：{shown}" if codes else f"{label} 0")
        self.stdout.write(_("没有变化 %(count)d") % {"count": report.unchanged})
        if left := people_left_at(report.gone):
            self.stdout.write(
                _("撤销的单位里还有人任职，请到“人员”里给他们换单位 %(count)d：")
                % {"count": len(left)}
            )
            for unit, people in left:
                self.stdout.write(
                    _("  %(unit)s（%(code)s）：%(people)d人")
                    % {"unit": unit.name, "code": unit.code, "people": people}
                )
        if report.kept:
            self.stdout.write(
                _("和文件不一样、按这里的保留 %(count)d：") % {"count": len(report.kept)}
            )
            for kept in report.kept:
                self.stdout.write(f"  {kept}")
