"""Commands whose errors are one sentence for the person who called them."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class SentenceCommand(BaseCommand):
    """Prints a CommandError as it is; Django would put the name of the class before it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if not getattr(self, "_called_from_command_line", False):
                raise
            self.stderr.write(str(error))
            sys.exit(error.returncode)
