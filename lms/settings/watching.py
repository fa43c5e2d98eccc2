"""Who may look how the site is, and what it writes into its log."""

from typing import Any

from lms.settings import env

#: Who may ask for /readyz and /metrics, besides this machine.
WATCHED_FROM = env.networks("WATCHED_FROM")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "lms.operations.watching.log_lines.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # They tell of every page saved and every row indexed.
    "loggers": {name: {"level": "WARNING"} for name in ("wagtail", "django_tasks", "jieba")},
}
