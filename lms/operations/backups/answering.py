"""Asks the home page of the site whose settings the environment holds, as a visitor would:
`python -m lms.operations.backups.answering`, a process of its own."""

import sys

import django
from django.conf import settings
from django.test import Client


def main() -> None:
    django.setup()
    host = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
    answer = Client(SERVER_NAME=host).get("/", secure=True)
    if answer.status_code != 200:
        sys.exit(f"/: {answer.status_code}")


if __name__ == "__main__":
    main()
