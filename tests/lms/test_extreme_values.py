"""What nobody means, in every address and in every parameter: never an error of ours."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from lms.bounds import BoundsMiddleware
from tests.architecture.house import our_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]
#: PostgreSQL holds a column to its bounds and refuses NUL; SQLite takes nearly anything.
on_postgres_only = pytest.mark.city

LONG = str(2**70)
#: What stands in a path for a number, and for anything else.
NUMBERS = ["0", str(2**63 - 1), str(2**63), LONG, "9" * 5000]
WORDS = [LONG, "a\0b", "0001-01-01", "9999-12-31", "²"]
IN_QUERIES = [
    "\0", LONG, f"-{LONG}", "9" * 5000, "²", '"', "0001-01-01", "9999-12-31", "0000-00", "9999-12",
    "0001-01-01T00:00:00+23:59", "2026-01-01T00:00:00+99:99",
]  # fmt: skip
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
READ = re.compile(r'\bGET(?:\.get\(|\[)"(\w+)"|"(\w+)" in (?:self\.)?request\.GET')
#: What forms, filters and Wagtail's lists read; a source says the name of the others.
OF_FORMS = {
    "p", "q", "unit", "period", "kind", "role", "state", "since", "until", "on", "page", "page_id",
    "parent", "ordering", "collection_id", "object_id", "user", "locale", "page_type",
    "ids", "id", "published_since", "created_at_from", "created_at_to", "timestamp_from",
    "latest_revision_created_at_from", "latest_revision_created_at_to", "timestamp_to",
    "started_at_from", "next", "from", "to",
}  # fmt: skip
#: Wagtail's own page that shows what an error looks like; and signing out, which ends the walk.
LEFT_OUT = ("/admin/failwhale/", "/admin/logout/", "/accounts/logout/")


def routes(patterns: Iterable[Any], before: str = "/") -> Iterator[str]:
    """Of every address that is written as a route, as `path()` takes it."""
    for each in patterns:
        if not isinstance(each.pattern, RoutePattern):
            continue
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern) and not route.startswith(LEFT_OUT):
            yield route


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


def filled(route: str) -> Iterator[str]:
    """Its addresses: each value in all of its parts at once."""
    for turn in range(max(len(NUMBERS), len(WORDS))):
        made = route
        for kind, name in PART.findall(route):
            values = NUMBERS if kind == "int" else WORDS
            part = f"<{kind}:{name}>" if kind else f"<{name}>"
            made = made.replace(part, quote(values[turn % len(values)], safe=""))
        yield made


def errors(client: Client, asked: Iterable[tuple[str, dict[str, str]]]) -> set[str]:
    """Which addresses were answered by an error of ours, each with the first words of why."""
    found = set()
    for address, query in asked:
        with transaction.atomic():
            answer = client.get(address, query)
            transaction.set_rollback(True)
        if answer.status_code >= 500 and address != "/readyz":  # no worker runs, it says
            why = answer.exc_info[1] if answer.exc_info else answer.status_code
            value = next(iter(query.values()), "")
            found.add(f"{address[:60]} {value[:30]!r}: {str(why)[:120]!r}")
    return found


@pytest.fixture
def administrator(admin_user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    return client


@pytest.fixture(
    params=[
        (False, 8),
        pytest.param((False, 1), marks=pytest.mark.thorough("each eighth is asked every time")),
        pytest.param(
            (True, 1),
            marks=pytest.mark.thorough("hundreds of Wagtail's own pages; ours go the same way"),
        ),
    ],
    ids=["some of ours", "ours", "wagtails"],
)
def some_routes(request) -> list[str]:
    is_of_wagtail, each = request.param
    return [route for route in ROUTES if route.startswith("/admin/") == is_of_wagtail][::each]


@on_postgres_only
def test_no_part_of_an_address_is_too_much(administrator, some_routes):
    asked = {address for route in some_routes if "<" in route for address in filled(route)}
    assert errors(administrator, [(address, {}) for address in sorted(asked)]) == set()


@pytest.fixture
def parameters(checkout) -> list[dict[str, str]]:
    """Each value, for every name at once."""
    sources = [
        path.read_text()
        for package in ("lms", "courses", "media", "subtitles")
        for path in our_files(checkout / package, "*.py")
    ]
    names = {"".join(found) for text in sources for found in READ.findall(text)} | OF_FORMS
    return [dict.fromkeys(sorted(names), value) for value in IN_QUERIES]


@pytest.fixture(
    params=[
        len(IN_QUERIES),
        pytest.param(
            1, marks=pytest.mark.thorough("every value at every address; else each has its turn")
        ),
    ],
    ids=["in turn", "all"],
)
def asking(request, parameters) -> Callable[[list[str]], Iterator[tuple[str, dict[str, str]]]]:
    """At each address every so manyth value, beginning with another one than at the last."""

    def asking(routes: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
        for place, route in enumerate(routes):
            for named in parameters[place % request.param :: request.param]:
                yield route, named

    return asking


@on_postgres_only
def test_no_parameter_is_too_much(administrator, some_routes, asking):
    plain = [route for route in ["/science/", *some_routes] if "<" not in route]
    assert errors(administrator, asking(plain)) == set()


def test_no_parameter_is_too_much_of_who_is_not_signed_in(asking):
    """On the pages that show him something."""
    somebody = Client(raise_request_exception=False)
    own = [route for route in ROUTES if route.startswith(("/accounts/", "/my/", "/tv/"))]
    plain = [route for route in own if "<" not in route]
    assert errors(somebody, asking(plain)) == set()


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-01-01T00:00:00", 200),  # by the clock on the wall
        ("2026-01-01T00:00:00+23:59", 200),
        ("0001-01-01T00:00:00+23:59", 422),
        ("9999-12-31T23:59:59-23:59", 422),
        ("2026-01-01T00:00:00+99:99", 422),
    ],
)
def test_an_api_says_that_a_moment_is_none(client, moment, status):
    answer = client.get("/manuals/api/manuals", {"published_since": moment})
    assert answer.status_code == status


def test_an_error_of_ours_is_not_taken_for_a_value(rf):
    """Only GET, and only what the calendar, the database or Django's making of queries raise."""
    middleware = BoundsMiddleware(lambda _request: HttpResponse())
    with pytest.raises(Http404):
        middleware.process_exception(rf.get("/"), OverflowError())
    assert middleware.process_exception(rf.get("/"), ValueError()) is None
    assert middleware.process_exception(rf.post("/"), OverflowError()) is None
