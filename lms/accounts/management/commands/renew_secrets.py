from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lms.accounts.services import renew_secrets


class Command(BaseCommand):
    help = "Encrypts second factors anew by SECRET_KEY, so that SECRET_KEY_FALLBACKS can go."

    def handle(self, **options: Any) -> None:
        self.stdout.write(_("重新加密了%(count)d份动态口令。") % {"count": renew_secrets()})
