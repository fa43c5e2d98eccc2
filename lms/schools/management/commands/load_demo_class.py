from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.schools.demo import make_demo_class
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("建一个示范班：三十位虚构的学员，供试用点名。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--teacher", required=True, metavar="USERNAME")

    def handle(self, *, teacher: str, **options: Any) -> None:
        person = get_user_model().objects.filter(username=teacher).first()
        if person is None:
            raise CommandError(_("没有“%(name)s”这个账号。") % {"name": teacher})
        class_group = make_demo_class(person)
        if class_group is None:
            self.stdout.write(_("示范班没有新建：已经有了，或者还没有导入单位。"))
        else:
            self.stdout.write(
                _("示范班：%(title)s，%(count)d次课。")
                % {"title": class_group.title, "count": class_group.sessions.count()}
            )
