"""A city and beyond. Everything that must be decided by the deployer has no default."""

from lms.settings import env
from lms.settings.base import *
from lms.settings.required import refuse_missing

refuse_missing()

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS = [
    f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS
]
WAGTAILADMIN_BASE_URL = env.site_url("SITE_URL", ALLOWED_HOSTS)

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: How many proxies of ours add to X-Forwarded-For; sign-ins are counted by the address before them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer(
    "TRUSTED_PROXY_COUNT", 1, unit="proxies", minimum=0, maximum=9
)
SECURE_HSTS_SECONDS = env.integer(
    "SECURE_HSTS_SECONDS", 31_536_000, unit="seconds", minimum=0, maximum=63_072_000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STAFF_SECOND_FACTOR = env.boolean("STAFF_SECOND_FACTOR", True)
LOGGING["handlers"]["console"]["formatter"] = "json"
