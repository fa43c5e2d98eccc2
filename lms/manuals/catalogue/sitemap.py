"""The manuals that elders may open, for search engines."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from lms.manuals.catalogue.queries import shown_manuals
from lms.manuals.models import Manual


class ManualSitemap(Sitemap):
    """By their short addresses, on the host that the deployer named (SITE_URL)."""

    def items(self) -> Any:
        return shown_manuals().order_by("pk")

    def location(self, item: Manual) -> str:
        return item.get_short_url()

    def lastmod(self, item: Manual) -> datetime | None:
        version = item.published_version
        return None if version is None else version.published_at

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.WAGTAILADMIN_BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
