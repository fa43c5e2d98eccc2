#!/usr/bin/env python
"""Django's command line for Yinling."""

import os
import sys


def main() -> None:
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings_here()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def settings_here() -> str:
    """A city's, where the environment holds any of what only a city decides: a forgotten name must
    not give it the settings for trying. Elsewhere those, which are bin/start's."""
    from lms.settings.required import REQUIRED

    return f"lms.settings.{'production' if os.environ.keys() & REQUIRED.keys() else 'dev'}"


if __name__ == "__main__":
    main()
