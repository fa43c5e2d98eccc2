from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.paper import address_of
from lms.accounts.models import User
from lms.accounts.services import make_administrator
from lms.accounts.sms import sms_gateway
from lms.accounts.telephones import TelephoneRefused, in_groups, normalised
from lms.alerts.services import let_editors_see_drill_ideas
from lms.operations.static_files import collect_what_changed
from lms.people.services.slips import SLIP_DAYS, issue_slips, without_own_password
from lms.units.unit_file import UnusableFile, read_unit_file
from media.management.sentences import SentenceCommand


class Command(SentenceCommand):
    help = _("正式启用或升级：建好数据库、课程、本市的单位和第一位管理员，可以重复运行。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--units", type=Path, metavar="FILE.csv", help=_("本市的单位：代码,名称")
        )
        parser.add_argument("--admin", metavar="TELEPHONE", help=_("管理员的手机号"))

    def handle(self, *, units: Path | None, admin: str | None, **options: Any) -> None:
        """Whatever is wrong with what was given is told before anything is written."""
        telephone = self.read_telephone(admin) if admin else None
        if units:
            self.refuse_unreadable(units)
        if collect_what_changed():
            self.stdout.write(_("页面的样式和图片收好了。网站正在运行的话，装好以后请重新启动。"))
        call_command("migrate", verbosity=0)
        call_command("load_starter", stdout=self.stdout)
        if units:
            call_command("import_units", str(units), stdout=self.stdout)
        call_command("recount", mend=True, stdout=self.stdout)  # what is from before figures
        call_command("load_search_words", stdout=self.stdout)
        let_editors_see_drill_ideas()
        call_command("wagtail_update_index", verbosity=0)
        if telephone:
            self.make_administrator(telephone)
        if not User.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write(_("还没有管理员，没有人能任命别人。请再运行：set_up --admin 手机号"))

    def read_telephone(self, typed: str) -> str:
        try:
            return normalised(typed)
        except TelephoneRefused as reason:
            raise CommandError(str(reason)) from reason

    def refuse_unreadable(self, units: Path) -> None:
        """That its topmost units are known, only the import can tell."""
        try:
            read_unit_file(units.read_bytes(), known_codes=None)
        except OSError as error:
            raise CommandError(_("打不开文件“%(file)s”。") % {"file": units}) from error
        except UnusableFile as reason:
            raise CommandError(_("没有导入。\n%(reason)s") % {"reason": reason}) from reason

    def make_administrator(self, telephone: str) -> None:
        """Tells how one signs in; a password that nobody has used yet is printed anew."""
        user = make_administrator(telephone=telephone)
        number, codes = in_groups(telephone), sms_gateway() is not None
        self.stdout.write(_("管理员：%(number)s") % {"number": number})
        self.stdout.write(_("  登录的网址  %(address)s") % {"address": sign_in_address(codes)})
        if codes:
            self.stdout.write(_("  用这个手机号收验证码登录。"))
            return
        self.stdout.write(_("  用户名      %(name)s") % {"name": user.username})
        if not without_own_password([user]):
            self.stdout.write(
                _("  密码没有变。忘了密码，请运行：manage.py changepassword %(name)s")
                % {"name": user.username}
            )
        else:
            [slip] = issue_slips([user], reason=_("第一次登录"), by=None)
            self.stdout.write(_("  一次性密码  %(password)s") % {"password": slip.password})
            self.stdout.write(
                _("  密码只显示这一次，%(days)d天以内有效，登录以后先换成自己的。")
                % {"days": SLIP_DAYS}
            )
        self.stdout.write(_("  没有设 SMS_GATEWAY，短信还发不出去：现在谁都不能用手机号登录。"))


def sign_in_address(codes: bool) -> str:
    return address_of(reverse("account_request_login_code" if codes else "account_login"))
