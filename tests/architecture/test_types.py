"""People and requests have their types: whoever reads `user` knows whether it may be nobody's.

A person is a `User`, or a `Visitor` (lms/accounts/access.py) where one not signed in is meant too.
A request is an `HttpRequest` or one of ours that says more.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.house import PACKAGES, our_files

#: Names that hold a person or a request, wherever they stand.
TYPED = re.compile(r"(.*_)?(user|person|request|visitor|member|learner|reviewer|actor)|\w+_by")


def untyped(source: str) -> Iterator[str]:
    """Each argument, attribute or variable of such a name that is Any or object."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg):
            name, annotation = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, annotation = node.target.id, node.annotation
        else:
            continue
        if TYPED.fullmatch(name) and annotation and ast.unparse(annotation) in ("Any", "object"):
            yield f"{node.lineno}: {name}"


def test_people_and_requests_have_their_types(checkout):
    found = {
        str(path.relative_to(checkout)): names
        for package in PACKAGES
        for path in our_files(checkout / package, "*.py")
        if (names := list(untyped(path.read_text())))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "def greet(user: Any): ...",
        "def greet(*, request: Any): ...",
        "def confirm(confirmed_by: object): ...",
        "user: Any = request.user",
        "lambda: 0\nasync def greet(other_person: Any): ...",
    ],
)
def test_a_planted_one_is_found(source):
    assert len(list(untyped(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def greet(user: User, value: Any, **announced: Any): ...",
        "def greet(user, request): ...",
        "users: list[Any] = []",
    ],
)
def test_what_has_a_type_or_is_no_person_is_left_alone(source):
    assert list(untyped(source)) == []
