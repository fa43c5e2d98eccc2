"""How pages look and speak for whoever opens them: one small value, carried by a cookie.

The cookie belongs to the screen and is what every page is rendered by, so that no page costs a
query for it. A profile (`DisplaySettings`) holds the same for a person: signing in on another
screen brings the choices along, and whoever is signed in and changes them changes both.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django.db import models
from django.http import HttpRequest, HttpResponseBase

from lms.accounts.choices import Language, ReadAloud, SpeechSpeed, TextSize, Theme, Version

COOKIE = "display"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one

#: What each choice may be, by its name, in the order in which a cookie has them.
KINDS: Final[dict[str, type[models.TextChoices]]] = {
    "version": Version,
    "size": TextSize,
    "theme": Theme,
    "aloud": ReadAloud,
    "speed": SpeechSpeed,
    "language": Language,
}


@dataclass(frozen=True)
class Display:
    version: Version = Version.ELDER
    size: TextSize = TextSize.LARGE
    theme: Theme = Theme.LIGHT
    aloud: ReadAloud = ReadAloud.OFF
    speed: SpeechSpeed = SpeechSpeed.NORMAL
    language: Language = Language.CHINESE

    def __str__(self) -> str:
        """Every choice, in one word: the cookie's value, and what a cache of whole pages must
        tell apart. `Display.read` takes it back."""
        return ":".join(self.values().values())

    def values(self) -> dict[str, str]:
        """The value of each choice by its name, as a profile's fields hold them."""
        return {name: getattr(self, name).value for name in KINDS}

    @classmethod
    def read(cls, word: str) -> Self:
        """What a cookie says; whatever is missing or unknown in it is as by default."""
        return cls().choosing(dict(zip(KINDS, word.split(":"), strict=False)))

    def choosing(self, chosen: dict[str, str]) -> Self:
        """The same with those choices of `chosen` that there are; what else it holds is passed
        over. Who chooses a size wants the elder version, which alone has sizes."""
        found: dict[str, Any] = {
            name: kind(chosen[name])
            for name, kind in KINDS.items()
            if chosen.get(name) in kind.values
        }
        if "size" in found:
            found.setdefault("version", Version.ELDER)
        return replace(self, **found)


def display_of(request: HttpRequest) -> Display:
    """As the middleware found it; the default for a request that never passed it."""
    return getattr(request, "display", Display())


def set_display(request: HttpRequest, display: Display) -> None:
    """From here on the request, and with its answer the screen, is shown so."""
    request.display = display  # type: ignore[attr-defined]


def keep_on_screen(response: HttpResponseBase, display: Display, *, secure: bool) -> None:
    """Readable by scripts: a page that the browser kept compares it with what it was made for."""
    response.set_cookie(COOKIE, str(display), max_age=COOKIE_SECONDS, secure=secure, samesite="Lax")
