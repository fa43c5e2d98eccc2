"""What every page's template may lean on."""

from typing import Any

from django.http import HttpRequest

from lms.accounts.display import display_of


def display(request: HttpRequest) -> dict[str, Any]:
    """`display`: how the page shall look and speak."""
    return {"display": display_of(request)}
