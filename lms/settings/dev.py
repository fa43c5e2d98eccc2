"""The embedded way, as `bin/start` runs it: one machine, loopback, nothing to set."""

import secrets

from lms.settings import env
from lms.settings.base import *
from lms.settings.base import VAR_DIR

DEBUG = env.boolean("DEBUG", False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
DEMO_ALLOWED = True
SMS_GATEWAY = env.text("SMS_GATEWAY", "lms.accounts.sms.ConsoleSms")


def kept_secret_key() -> str:
    """The key made on first start and kept in var/, readable by its owner only."""
    path = VAR_DIR / "secret-key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = env.text("SECRET_KEY", "") or kept_secret_key()
