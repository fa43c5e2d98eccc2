"""Stages that wait: for what is made elsewhere, and for others of their kind."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from media.choices import StageState
from media.models import Stage, Video
from media.pipeline import services
from media.pipeline.stages import NotYet, StageKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def errors(kinds):
    """One kind of stage, at most one at a time; it raises what this list holds, in turn."""
    errors: list[Exception] = []

    def run(video, progress):
        if errors:
            raise errors.pop()

    kinds.clear()
    kinds["first"] = StageKind("first", "first", "media", (), run, lambda video: "one", at_once=1)
    return errors


@pytest.fixture
def videos(errors, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for name in ("a.mp4", "b.mp4"):
        Video.objects.create(title="量血压", original=ContentFile(b"film", name=name))
    services.plan_stages()


def run_what_is_due() -> list[Stage]:
    claimed = services.claim_due_stages(limit=8)
    for stage in claimed:
        assert stage.token is not None
        services.run_stage(stage.pk, token=stage.token)
    return claimed


def test_what_waits_for_another_work_is_not_an_attempt(errors, videos):
    errors.append(NotYet("在等朗读。"))
    [claimed] = run_what_is_due()
    stage = Stage.objects.get(pk=claimed.pk)
    assert (stage.state, stage.attempts, stage.message) == (StageState.QUEUED, 0, "在等朗读。")
    assert stage.due_at > timezone.now()
    Stage.objects.update(due_at=timezone.now())
    run_what_is_due()
    run_what_is_due()
    assert set(Stage.objects.values_list("state", flat=True)) == {StageState.DONE}


def test_of_some_kinds_only_so_many_are_in_hand(videos):
    [stage] = services.claim_due_stages(limit=8)
    assert services.claim_due_stages(limit=8) == []
    assert stage.token is not None
    services.run_stage(stage.pk, token=stage.token)
    assert len(services.claim_due_stages(limit=8)) == 1
