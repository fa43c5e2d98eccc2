"""manage.py check_plain: is a text plain enough for old people? Line by line, as the gate judges a
step of a manual or a lesson."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from courses.readability.findings import Finding, FindingPlace
from courses.readability.sentences import SentenceChecker
from courses.readability.word_lists import WordLists, built_in_word_lists
from lms.manuals.readability.queries import current_word_lists
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("一行一行地看文字好不好懂：STOP要改，ADVISE建议改，OK好懂；后面写改什么、改成什么。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=_("文本文件，一行一句，UTF-8"))

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            raise CommandError(_("打不开“%(file)s”。") % {"file": file}) from error
        except UnicodeDecodeError as error:
            raise CommandError(_("“%(file)s”不是UTF-8的文字。") % {"file": file}) from error
        checker = SentenceChecker(self.words())
        for line in filter(str.strip, lines):
            findings = list(checker.field(line, FindingPlace("words")))
            stops = any(finding.stops for finding in findings)
            verdict = "STOP" if stops else "ADVISE" if findings else "OK"
            told = "；".join(in_short(finding) for finding in findings)
            self.stdout.write(f"{verdict}\t{line.replace(chr(9), ' ')}\t{told}")

    def words(self) -> WordLists:
        """With the city's own words; without a database the built-in ones, which is said."""
        try:
            return current_word_lists()
        except DatabaseError:
            self.stderr.write(_("没有数据库，只用自带的词。"))
            return built_in_word_lists()


def in_short(finding: Finding) -> str:
    return f"{finding.found}→{finding.instead}" if finding.instead else finding.message
