"""What `manage.py check --deploy` says of a site that is to serve a city."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from lms.operations.static_files import is_to_be_collected


@register(Tags.security, deploy=True)
def check_settings_are_of_a_city(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Those for trying print codes into the log and ask nobody for a second factor."""
    if not settings.DEMO_ALLOWED:
        return []
    return [
        Error(
            f"These are settings for trying ({settings.SETTINGS_MODULE}).",
            hint="Set DJANGO_SETTINGS_MODULE=lms.settings.production, or use deploy/manage.",
            id="operations.E001",
        )
    ]


@register(Tags.security, deploy=True)
def check_what_a_city_decides_is_set(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    return [
        Error(f"{name} is not set.", hint=f"Write {name}: {do}", id="operations.E002")
        for name, do in settings.UNDECIDED.items()
    ]


@register(Tags.security, deploy=True)
def check_codes_stay_out_of_the_log(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if settings.SMS_GATEWAY != "lms.accounts.sms.ConsoleSms":
        return []
    return [
        Error(
            "SMS_GATEWAY writes telephone numbers and codes into the log instead of sending them.",
            hint="Name the class of your gateway, or leave it empty: nobody signs in by telephone.",
            id="operations.E003",
        )
    ]


@register(Tags.staticfiles, deploy=True)
def check_static_files_are_collected(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if not is_to_be_collected():
        return []
    return [
        Error(
            f"Style sheets and scripts are not in {settings.STATIC_ROOT}, or not the latest.",
            hint="Run manage.py set_up (deploy/manage set_up).",
            id="operations.E004",
        )
    ]
