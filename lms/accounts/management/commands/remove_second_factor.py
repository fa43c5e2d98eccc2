from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.accounts.services import remove_second_factor


class Command(BaseCommand):
    help = "Takes a lost phone's second factor from an account, and ends all its sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("没有用户名是“%(name)s”的账号。") % {"name": username})
        remove_second_factor(user)
        self.stdout.write(
            _("“%(name)s”的动态口令去掉了，下次登录请重新设置。") % {"name": username}
        )
