"""What pages of the lower storeys may show of the institution, without knowing it."""

from typing import Any

from django.http import HttpRequest

from lms.helpline.my_village import MyVillage


def my_village(request: HttpRequest) -> dict[str, Any]:
    """`my_village`: costs nothing until a template asks it something."""
    return {"my_village": MyVillage(request)}
