import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.accounts.services import make_demo_account

ACCOUNTS: list[tuple[str, str, dict[str, Any]]] = [
    ("admin", _("系统管理员"), {"administrator": True}),
    ("editor", _("课程编辑"), {"group": "课程编辑"}),
    ("teacher", _("村居教师"), {}),
    ("teacher2", _("第二位村居教师"), {}),
    ("volunteer", _("志愿者"), {}),
    ("street", _("街道管理员"), {}),
    ("district", _("区管理员"), {}),
    ("city", _("市管理员"), {}),
    ("auditor", _("区查阅员"), {}),
    ("police", _("联络民警"), {}),
    ("reviewer", _("说明书审核员"), {"group": "说明书审核员"}),
    ("maker1", _("厂商：晴禾坡"), {}),
    ("maker2", _("厂商：松影岭"), {}),
    ("maker3", _("厂商：苇塘月"), {}),
]


class Command(BaseCommand):
    help = "Makes the demo accounts, if they are not there, and prints them."

    def handle(self, **options: Any) -> None:
        """Passwords are made up here and kept in var/, readable by their owner only."""
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("演示账号只用于试用，正式的网站上不能建。"))
        note = Path(settings.VAR_DIR) / "demo-accounts.txt"
        lines = note.read_text().splitlines() if note.exists() else []
        for username, role, rights in ACCOUNTS:
            password = secrets.token_urlsafe(9)
            if make_demo_account(username=username, last_name=role, password=password, **rights):
                lines = [line for line in lines if not line.startswith(f"{username} ")]
                lines.append(f"{username} / {password}  ({role})")
        note.touch(mode=0o600)
        note.write_text("\n".join(lines) + "\n")
        for line in lines:
            self.stdout.write(_("演示账号：%(line)s") % {"line": line})
