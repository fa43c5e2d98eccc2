"""What the tests of narrations share: a page to read aloud, and doing what is due."""

from uuid import uuid4

from wagtail.models import Locale, Page

from media.narration.services import request_narration
from media.pipeline import services

TEXT = "先挂断。再打幺幺零。"


def new_page(title="万一被骗") -> Page:
    Locale.objects.get_or_create(language_code="zh-hans")  # a test before may have flushed it
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    return root.add_child(instance=Page(title=title, slug=f"page-{uuid4().hex[:8]}"))


def narrated(text=TEXT):
    narration = request_narration(new_page(), text=text)
    assert narration is not None
    return narration


def run_what_is_due() -> int:
    claimed = services.claim_due_stages(limit=8)
    for stage in claimed:
        assert stage.token is not None
        services.run_stage(stage.pk, token=stage.token)
    return len(claimed)
