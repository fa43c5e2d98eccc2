"""What only a city can decide: production has no default for it, and starts with all of it or not
at all. `manage.py check --deploy` names the same, under whatever settings it runs."""

import os

from django.core.exceptions import ImproperlyConfigured

#: What to write, by the name of the variable.
REQUIRED = {
    "SECRET_KEY": "make one and keep it: openssl rand -base64 48",
    "ALLOWED_HOSTS": "the names by which people reach the site: yinling.example",
    "SITE_URL": "the address on paper and in QR codes: https://yinling.example",
    "DATABASE_URL": "postgres://name:password@host:5432/name",
    "CELERY_BROKER_URL": "what brings work to the workers: redis://host:6379/0",
    "CACHE_URL": "what all processes share: redis://host:6379/1",
}


def undecided() -> dict[str, str]:
    """Those of REQUIRED that are unset or hold nothing but blanks and commas."""
    return {name: do for name, do in REQUIRED.items() if not os.environ.get(name, "").strip(" ,")}


def refuse_missing() -> None:
    """Raises ImproperlyConfigured that names all of them at once, each with what to write."""
    if found := undecided():
        raise ImproperlyConfigured(
            "Yinling does not start, since these settings are missing:\n"
            + "".join(f"  {name} is not set: {do}\n" for name, do in found.items())
            + "Write them where the program finds its environment: deploy/install puts them into "
            "/etc/yinling/env, and deploy/manage reads them there (docs/operating.md).\n"
            "To try Yinling on this machine, without any setting: bin/start"
        )
