"""Published manuals for other programs, without a key. Documented at /manuals/api/openapi.json;
the ZIP of a manual in docs/features/manual-exchange.md. The names of the schemas and operations are
published there, so they stay as they are wherever this code lies."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import HttpError
from ninja.throttling import BaseThrottle
from pydantic import AfterValidator

from lms.bounds import of_our_time
from lms.limits import allows
from lms.manuals.catalogue.queries import manual_of_code, picture_url, shown_manuals, shown_version
from lms.manuals.choices import ProductKind
from lms.manuals.exchange.documents import (
    Document,
    document_of,
    json_schema,
    pictures_by_name,
)
from lms.manuals.exchange.packages import package_of
from lms.manuals.models import Manual, ManualVersion

MANUALS_A_PAGE = 50


class Limited(BaseThrottle):
    def allow_request(self, request: HttpRequest) -> bool:
        return allows(request, "manuals_api")


api = NinjaAPI(
    title="Yinling manuals",
    version="1",
    urls_namespace="manuals-api",
    docs_url=None,  # its page would load scripts from another host
    throttle=Limited(),
)


class ManualOut(Schema):
    code: str  # printed on the box; never changes
    title: str
    brand: str
    model: str
    name: str
    kind: ProductKind
    maker: str
    maker_has_left: bool  # nobody corrects it any more
    checked_on: date
    review_due: date
    overdue: bool  # it may be out of date
    published_at: datetime
    url: str  # where people read it
    package_url: str  # its ZIP


class PageOut(Schema):
    count: int  # of all pages together
    manuals: list[ManualOut]
    next_page: int | None  # None on the last


class WholeOut(ManualOut):
    manual: Document
    pictures: dict[str, str]  # where each picture of the document is fetched


class Asked(Schema):
    kind: ProductKind | None = None
    published_since: Annotated[datetime, AfterValidator(of_our_time)] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


@api.get("manuals", response=PageOut, operation_id="lms_manuals_api_list_manuals")
def list_manuals(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """What is live, the newest publication first."""
    manuals = shown_manuals().select_related("product__organisation")
    if asked.kind:
        manuals = manuals.filter(product__kind=asked.kind)
    if asked.published_since:
        manuals = manuals.filter(published_version__published_at__gte=asked.published_since)
    count, start = manuals.count(), (asked.page - 1) * MANUALS_A_PAGE
    page = manuals.order_by("-published_version__published_at", "pk")[start:][:MANUALS_A_PAGE]
    return {
        "count": count,
        "manuals": [facts_of(request, manual) for manual in page],
        "next_page": asked.page + 1 if start + MANUALS_A_PAGE < count else None,
    }


@api.get("manuals/{code}", response=WholeOut, operation_id="lms_manuals_api_one_manual")
def one_manual(request: HttpRequest, code: str) -> dict[str, Any]:
    version = _live(code)
    pictures = {
        name: request.build_absolute_uri(picture_url(version.manual, picture))
        for name, picture in pictures_by_name(version).items()
    }
    return {
        **facts_of(request, version.manual),
        "manual": document_of(version),
        "pictures": pictures,
    }


@api.get(
    "manuals/{code}/package.zip",
    operation_id="lms_manuals_api_one_package",
    openapi_extra={
        "responses": {
            200: {
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
            }
        }
    },
)
def one_package(request: HttpRequest, code: str) -> HttpResponse:
    version = _live(code)
    response = HttpResponse(package_of(version), content_type="application/zip")
    filename = f"manual-{version.manual.short_code}.zip"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@api.get("manual.schema.json", include_in_schema=False)
def schema(request: HttpRequest) -> HttpResponse:
    """Of manual.json in a ZIP."""
    return JsonResponse(json_schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})


def _live(code: str) -> ManualVersion:
    manual = manual_of_code(code)
    version = manual and shown_version(manual)
    if not version:
        raise HttpError(404, "There is no such manual, or it is not live.")
    return version


def facts_of(request: HttpRequest, manual: Manual) -> dict[str, Any]:
    version, product = manual.published_version, manual.product
    assert version is not None  # a constraint says so of what is live
    address = manual.get_short_url()
    return {
        "code": manual.short_code,
        "title": version.title,
        "brand": product.brand,
        "model": product.model,
        "name": product.name,
        "kind": product.kind,
        "maker": manual.organisation.name,
        "maker_has_left": manual.organisation.has_left,
        "checked_on": version.checked_on,
        "review_due": version.review_due,
        "overdue": version.is_overdue,
        "published_at": version.published_at,
        "url": request.build_absolute_uri(address),
        "package_url": request.build_absolute_uri(
            reverse("manuals-api:one_package", args=[manual.short_code])
        ),
    }
