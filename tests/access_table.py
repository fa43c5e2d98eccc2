"""What every room's table of access is made of: the roles of the cast, and what somebody gets."""

from django.conf import settings
from django.shortcuts import resolve_url

SIGN_IN, OK, DONE, NONE, WRONG = "sign-in", 200, 302, 404, 422
ROLES = (
    "anonymous", "stranger", "volunteer", "other_teacher", "auditor", "teacher",
    "street_officer", "other_street_officer", "city_officer", "superuser",
)  # fmt: skip

Outcome = str | int


def row(*outcomes: Outcome, roles: tuple[str, ...] = ROLES) -> dict[str, Outcome]:
    """What each role gets, in the order of the roles."""
    return dict(zip(roles, outcomes, strict=True))


def instead(outcomes: dict[str, Outcome], was: Outcome, now: Outcome) -> dict[str, Outcome]:
    """The same for another form of the address: who was let in gets something else there."""
    return {who: now if outcome == was else outcome for who, outcome in outcomes.items()}


def what_came(response) -> Outcome:
    """The status, or that one is sent to sign in."""
    to_sign_in = response.status_code == DONE and response.url.startswith(
        resolve_url(settings.LOGIN_URL)
    )
    return SIGN_IN if to_sign_in else response.status_code
