"""What a library calls its own is left to it (ARCHITECTURE.md): nobody imports or names it, but the
few modules that say why and whose tests fail when it moves."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.house import PACKAGES, our_files

#: Documented for everybody, though they begin so.
PUBLIC = {
    "_meta", "_default_manager", "_base_manager",  # Django
    "_exit",  # os
    "_replace", "_asdict", "_fields",  # named tuples
}  # fmt: skip
#: The module, what it uses, and the test that fails when that moves.
ADAPTERS = {
    "lms/limits.py": ({"allauth.core.internal"}, "tests/lms/test_limits.py"),
    "lms/accounts/allauth_insides.py": (
        {
            "allauth.account.internal.flows.login_by_code",
            "allauth.account.internal.flows.phone_verification",
        },
        "tests/lms/test_allauth_insides.py",
    ),
}


def is_private(name: str) -> bool:
    """Whether a part of a dotted name is its library's own."""
    parts = (part for part in name.split(".") if not part.endswith("__"))
    return any(part == "internal" or part.startswith("_") for part in parts)


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


def insides(source: str) -> Iterator[str]:
    """Modules of others that are private, or from which something private is taken; and names
    that begin with an underscore, of whatever is not `self`, `cls` or `super()`'s own class."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if is_private(alias.name) and not is_ours(alias.name):
                    yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(alias.name for alias in node.names)]
            if not is_ours(node.module) and any(is_private(name) for name in names):
                whole = f"{node.module}.internal"
                yield whole if "internal" in names else node.module
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not own and not node.attr.endswith("__") and node.attr not in PUBLIC:
                yield f".{node.attr}"


def test_only_adapters_use_the_insides_of_others(checkout):
    found = {
        str(path.relative_to(checkout)): used
        for package in PACKAGES
        for path in our_files(checkout / package, "*.py")
        if (used := set(insides(path.read_text())))
    }
    assert found == {module: used for module, (used, _test) in ADAPTERS.items()}


def test_every_adapter_has_its_test(checkout):
    assert [test for _used, test in ADAPTERS.values() if not (checkout / test).exists()] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from allauth.core.internal import ratelimit", "allauth.core.internal"),
        ("from allauth.core import internal", "allauth.core.internal"),
        ("from allauth.mfa.internal.flows import add", "allauth.mfa.internal.flows"),
        ("import allauth.core.internal.ratelimit", "allauth.core.internal.ratelimit"),
        ("from django.utils._os import safe_join", "django.utils._os"),
        ("from treebeard.mp_tree import _MPNode", "treebeard.mp_tree"),
        ("import openpyxl.worksheet._reader as reader", "openpyxl.worksheet._reader"),
        ("path = sheet._worksheet_path", "._worksheet_path"),
        ("path = Unit._get_path('', 1, 1)", "._get_path"),
        ("stage = request._login_stage", "._login_stage"),
        ("js = super().media._js", "._js"),
        ("words = super()._get_session_auth_hash()", "._get_session_auth_hash"),
    ],
)  # fmt: skip
def test_a_planted_inside_is_found(source, found):
    assert list(insides(source)) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "from __future__ import annotations",
        "from django.utils.translation import gettext as _",
        "from media.models.video import _of_video",
        "from media.internal import probe",
        "name = model._meta.verbose_name",
        "rows = model._default_manager.all()",
        "self._seen = cls._known",
        "super().__init__()",
    ],
)
def test_what_is_public_or_ours_is_not(source):
    assert list(insides(source)) == []
