"""Several web machines: what lies on one's own disk is reached by the few addresses that the manual
has a balancer send to one machine."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

#: Modules that read or write what the machines do not share.
OWN_DISK = (
    "lms.manuals.exchange.originals",
    "lms.operations.watching.status",
    "lms.packs",
    "media.uploads",
)
#: Views that name something of these and read no such disk.
SHARE_ALL = {
    "lms.manuals.editor.views.videos": "the workbench's form takes a film at once, in no pieces",
    "lms.boxes.views.here": "a box is one machine",
}


def addresses(patterns, before: str = "/") -> Iterator[tuple[str, ModuleType]]:
    """Every address, with the module of its view."""
    for pattern in patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield address, sys.modules[view.__module__]


def is_of_own_disk(module: ModuleType) -> bool:
    """Whether the module, or whatever it names, is of one of these."""
    named = [module.__name__]
    for value in vars(module).values():
        name = value.__name__ if isinstance(value, ModuleType) else value_home(value)
        named.append(name)
    return any(f"{name}.".startswith(f"{home}.") for name in named for home in OWN_DISK)


def value_home(value: object) -> str:
    home = getattr(value, "__module__", "")
    return home if isinstance(home, str) else ""


@pytest.mark.parametrize("manual", ["docs/operating.md", "docs/operating.zh-CN.md"])
def test_the_manual_names_every_address_that_needs_one_machine(manual):
    [told] = re.findall(r"^    (/.+/)$", Path(manual).read_text(), re.MULTILINE)
    to_one = told.split()
    assert reverse("videos:uploads").startswith(tuple(to_one))
    needs_it = {
        address
        for address, module in addresses(get_resolver().url_patterns)
        if module.__name__ not in SHARE_ALL and is_of_own_disk(module)
    }
    assert len(needs_it) > 25
    assert {address for address in needs_it if not address.startswith(tuple(to_one))} == set()
    for prefix in to_one:
        assert any(address.startswith(prefix) for address in needs_it), prefix
