"""Wagtail's API v3 is left out: nobody can ask it here (lms/urls.py). Four of Wagtail's apps load
it all the same as soon as they are ready, with forms for each kind of page, picture, document and
snippet: a quarter second of each start, and 41 MiB of each worker, which needs nothing of it."""

import sys
from types import ModuleType
from typing import Final

#: The modules that `ready` of those apps imports (Wagtail 8.0), and what it takes from each.
LEFT_OUT: Final = {
    "wagtail.api.v3.api": "api",
    "wagtail.contrib.redirects.api.v3": "router",
    "wagtail.documents.api.v3.registry": "register_content_types",
    "wagtail.documents.api.v3.router": "router",
    "wagtail.images.api.v3.registry": "register_content_types",
    "wagtail.images.api.v3.router": "router",
    "wagtail.snippets.api.v3": "register_content_types",
    "wagtail.snippets.api.v3.router": "router",
}


class Nothing:
    """Takes what is registered, and does nothing with it."""

    def __call__(self) -> None:
        pass

    def add_router(self, prefix: str, router: object) -> None:
        pass


def leave_out_wagtails_api() -> None:
    """Before those apps are ready, whose place in INSTALLED_APPS is after ours."""
    for name, taken in LEFT_OUT.items():
        module = ModuleType(name, "Left out: lms/operations/wagtail_api.py")
        setattr(module, taken, Nothing())
        sys.modules[name] = module
