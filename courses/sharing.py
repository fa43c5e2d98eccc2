"""How a page looks where its address is sent to somebody or found: title, one sentence, picture."""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

#: What would end a script element or begin an entity within it.
UNSAFE: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Sharing:
    title: str
    description: str
    #: Whole addresses, as whoever is sent them needs them.
    url: str
    picture: str
    #: As Open Graph calls it: website, article, video.other.
    kind: str
    #: What the page is for search engines, in the words of schema.org; empty: nothing of its own.
    marks: dict[str, Any]

    @property
    def json_ld(self) -> str:
        """The marks, safe inside a script element whatever an editor wrote. A browser never runs
        it, so the Content-Security-Policy does not concern it."""
        whole = {"@context": "https://schema.org", **self.marks}
        return json.dumps(whole, ensure_ascii=False).translate(UNSAFE)


def whole_address(address: str) -> str:
    """Of something of this site, by the address that the deployer gave it (SITE_URL): behind a
    proxy a request does not know it. One that is whole already stays."""
    if urlsplit(address).netloc:
        return address
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + address


def course_marks(
    *, title: str, description: str, url: str, parts: list[Any], request: HttpRequest | None
) -> dict[str, Any]:
    """parts: pages of the lessons in it. request: as in Wagtail's `get_url`."""
    return {
        "@type": "Course",
        "name": title,
        "description": description,
        "url": url,
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "provider": {
            "@type": "Organization",
            "name": settings.WAGTAIL_SITE_NAME,
            "url": whole_address("/"),
        },
        "hasPart": [
            {
                "@type": "LearningResource",
                "name": part.title,
                "url": whole_address(part.get_url(request)),
            }
            for part in parts
        ],
    }


def film_marks(
    video: Any, *, title: str, description: str, picture: str, url: str
) -> dict[str, Any]:
    """Of a video that can be watched; its length where it is known."""
    marks = {
        "@type": "VideoObject",
        "name": title,
        "description": description,
        "url": url,
        "thumbnailUrl": picture,
        "uploadDate": video.created_at.isoformat(),
        "contentUrl": whole_address(video.moving_renditions[0].file.url),
        "inLanguage": video.spoken_language,
        "isAccessibleForFree": True,
    }
    if video.duration_ms:
        marks["duration"] = f"PT{max(1, round(video.duration_ms / 1000))}S"
    return marks
