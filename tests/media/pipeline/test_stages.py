"""Rows are the truth: what becomes of a stage whatever happens to its worker."""

import errno
import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from celery.worker import WorkController
from django.core.files.base import ContentFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from media.choices import StageState
from media.ffmpeg.process import FfmpegFailed
from media.models import Stage, Video
from media.pipeline import services
from media.pipeline.dispatcher import Dispatcher
from media.pipeline.queries import progress_of
from media.pipeline.stages import NotNeeded, StageFailed, StageKind

pytestmark = pytest.mark.django_db
#: Of a test in which another thread asks too, or the dispatcher closes its connection.
COMMITTED = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class Work:
    """What a stage does in these tests: counts its runs, or raises what it is given."""

    def __init__(self):
        self.runs, self.error, self.fingerprint = 0, None, "one"
        self.during = lambda progress: None

    def __call__(self, video, progress):
        self.runs += 1
        self.during(progress)
        if self.error:
            raise self.error


@pytest.fixture
def work(kinds):
    """Two kinds of stage, the second needing the first, which is the returned work."""
    work, later = Work(), Work()
    kinds.clear()
    for name, needs, run in (("first", (), work), ("second", ("first",), later)):
        kinds[name] = StageKind(name, name, "media", needs, run, lambda video: work.fingerprint)
    return work


@pytest.fixture
def video(work, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    video = Video.objects.create(title="量血压", original=ContentFile(b"film", name="a.mp4"))
    services.plan_stages()
    return video


def claim():
    return services.claim_due_stages(limit=8)


def run_what_is_due():
    for stage in claim():
        services.run_stage(stage.pk, token=stage.token)


def first(video):
    return video.stages.get(kind="first")


def fall_silent(stage):
    """The holder of a stage has died: its lease runs out."""
    past = timezone.now() - timedelta(seconds=1)
    Stage.objects.filter(pk=stage.pk).update(lease_until=past)


def test_every_video_is_planned_once(video):
    assert services.plan_stages() == 0
    assert [stage.kind for stage in video.stages.order_by("pk")] == ["first", "second"]


def test_a_stage_waits_for_what_it_needs(video):
    assert [stage.kind for stage in claim()] == ["first"]
    assert claim() == []


def test_it_runs_to_the_end_in_order(video, work):
    run_what_is_due()
    run_what_is_due()
    assert [stage.state for stage in video.stages.all()] == [StageState.DONE] * 2
    assert progress_of(video).ended
    assert progress_of(video).percent == 100


@COMMITTED
def test_two_dispatchers_never_claim_the_same_stage(video):
    start, claims = threading.Barrier(2), []

    def dispatch():
        try:
            start.wait()
            claims.extend(claim())
        finally:
            connection.close()

    threads = [threading.Thread(target=dispatch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claims) == 1


def test_a_message_delivered_twice_runs_the_stage_once(video, work):
    [stage] = claim()
    services.run_stage(stage.pk, token=stage.token)
    services.run_stage(stage.pk, token=stage.token)
    assert work.runs == 1


def test_a_message_of_an_earlier_claim_is_dropped(video, work):
    [stage] = claim()
    fall_silent(stage)
    services.return_abandoned_stages()
    services.run_stage(stage.pk, token=stage.token)
    assert work.runs == 0
    assert first(video).state == StageState.QUEUED


def test_a_stage_of_a_dead_worker_comes_back(video, work):
    [stage] = claim()
    services.start_stage(stage.pk, token=stage.token)
    assert services.return_abandoned_stages() == 0
    fall_silent(stage)
    assert services.return_abandoned_stages() == 1
    run_what_is_due()
    assert first(video).state == StageState.DONE
    assert first(video).attempts == 2


@COMMITTED
def test_a_stage_that_kills_its_worker_every_time_is_given_up_with_a_reason(video, work):
    for _ in range(services.MAX_ATTEMPTS):
        [stage] = claim()
        services.start_stage(stage.pk, token=stage.token)
        fall_silent(stage)
        services.return_abandoned_stages()
    assert first(video).state == StageState.FAILED
    assert "中断" in first(video).message
    assert claim() == []
    Dispatcher(cast(WorkController, None)).tick()
    assert progress_of(video).ended  # what waited on it, too


def test_a_worker_that_lost_its_lease_writes_nothing_more(video, work):
    def lose_the_lease(progress):
        fall_silent(first(video))
        services.return_abandoned_stages()
        progress(0.5)

    work.during = lose_the_lease
    run_what_is_due()
    stage = first(video)
    assert (stage.state, stage.progress) == (StageState.QUEUED, 0)


@COMMITTED
def test_a_long_stage_keeps_its_lease_by_its_heartbeat(video, work, settings):
    settings.STAGE_LEASE_SECONDS = 0.3
    pause = threading.Event()

    def work_longer_than_a_lease(progress):
        pause.wait(1.0)
        assert services.return_abandoned_stages() == 0

    work.during = work_longer_than_a_lease
    run_what_is_due()
    assert first(video).state == StageState.DONE


def test_an_unforeseen_error_is_tried_again_later_and_then_given_up_in_words(video, work):
    work.error = RuntimeError("disk full")
    for attempt in range(services.MAX_ATTEMPTS):
        run_what_is_due()
        assert work.runs == attempt + 1
        assert claim() == []  # not before its time
        Stage.objects.update(due_at=timezone.now())
    assert first(video).state == StageState.FAILED
    assert "再试一次" in first(video).message
    assert "disk full" not in first(video).message


def test_what_cannot_succeed_fails_at_once_with_its_own_words(video, work):
    work.error = StageFailed("这个文件不是视频。")
    run_what_is_due()
    assert (first(video).state, first(video).message) == (StageState.FAILED, "这个文件不是视频。")
    progress = progress_of(video)
    assert progress.ended
    assert progress.failed


@pytest.fixture
def third(work, kinds):
    """A kind of stage that needs the second."""
    third = Work()
    kinds["third"] = StageKind("third", "third", "media", ("second",), third, lambda video: "one")
    return third


def told(video):
    return [(stage.state, stage.message) for stage in video.stages.order_by("pk")]


def test_what_waits_on_a_failed_stage_ends_with_it_and_names_it(third, video, work):
    work.error = StageFailed("这个文件不是视频。")
    run_what_is_due()
    assert told(video)[1:] == [
        (StageState.FAILED, "前面的“first”没有成功，这一步就没有做。"),
        (StageState.FAILED, "前面的“second”没有成功，这一步就没有做。"),
    ]
    assert progress_of(video).ended


def test_an_editor_can_try_all_of_it_again(third, video, work):
    work.error = StageFailed("这个文件不是视频。")
    run_what_is_due()
    work.error = None
    assert services.try_again(video) == 3
    for _stage in range(3):
        run_what_is_due()
    assert told(video) == [(StageState.DONE, "")] * 3


@pytest.mark.parametrize("error", [StageFailed("太黑了。"), RuntimeError("no picture")])
def test_without_its_decoration_a_film_stands(video, work, kinds, error):
    work.error = error
    kinds["first"] = replace(kinds["first"], failure_message="没有取到封面，先用画好的。")
    del kinds["second"]
    for _ in range(services.MAX_ATTEMPTS):
        run_what_is_due()
        Stage.objects.update(due_at=timezone.now())
    assert told(video)[0] == (StageState.FAILED, "没有取到封面，先用画好的。")
    progress = progress_of(video)
    assert (progress.ended, progress.failed, progress.incomplete) == (True, False, True)
    assert progress.percent == 100


def test_a_stage_that_is_not_needed_lets_the_next_one_go_on(video, work):
    work.error = NotNeeded("这个视频没有声音。")
    run_what_is_due()
    assert first(video).state == StageState.SKIPPED
    assert [stage.kind for stage in claim()] == ["second"]


def queue_again(video):
    video.stages.filter(kind="first").update(state=StageState.QUEUED)


def test_work_with_unchanged_input_is_not_done_again(video, work):
    run_what_is_due()
    queue_again(video)
    run_what_is_due()
    assert work.runs == 1
    assert first(video).state == StageState.DONE


def test_work_with_changed_parameters_is_done_again(video, work):
    run_what_is_due()
    work.fingerprint = "two"
    queue_again(video)
    run_what_is_due()
    assert work.runs == 2


def test_what_changed_while_it_was_worked_on_has_it_done_once_more(video, work):
    def change_it(progress):
        work.fingerprint = "two"

    work.during = change_it
    for _time in range(3):
        run_what_is_due()
    assert work.runs == 2
    assert (first(video).state, first(video).fingerprint) == (StageState.DONE, "two")


def test_a_long_queue_is_not_sent_all_at_once(video, work):
    for number in range(services.SEND_AHEAD + 3):
        Video.objects.create(title=f"第{number}个", original="originals/x.mp4")
    services.plan_stages()
    assert len(services.claim_due_stages(limit=services.free_send_slots())) == services.SEND_AHEAD
    assert services.free_send_slots() == 0


def test_a_deleted_video_stops_its_work_quietly(video, work):
    [stage] = claim()
    work.during = lambda progress: Video.objects.all().delete()
    services.run_stage(stage.pk, token=stage.token)
    assert not Stage.objects.exists()


@pytest.mark.parametrize("values", [
    {"state": StageState.RUNNING},  # no holder
    {"state": StageState.QUEUED, "token": uuid.uuid4()},  # a holder of nothing
    {"state": StageState.FAILED, "message": ""},  # no reason
    {"progress": 101},
    {"state": "lost"},
])  # fmt: skip
def test_the_database_refuses_a_stage_that_makes_no_sense(video, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.filter(kind="first").update(**values)


def test_a_long_message_is_cut_to_the_room_that_its_row_has(video, work):
    work.error = StageFailed("长" * 400)
    [stage] = claim()
    services.run_stage(stage.pk, token=stage.token)
    stage.refresh_from_db()
    assert len(stage.message) == 300


def test_a_full_disk_is_waited_for_and_counts_against_nobody(video, work):
    work.error = OSError(errno.ENOSPC, "No space left on device")
    for _ in range(services.MAX_ATTEMPTS + 1):
        run_what_is_due()
        Stage.objects.update(due_at=timezone.now())
    assert (first(video).state, first(video).attempts) == (StageState.QUEUED, 0)
    assert "磁盘满了" in first(video).message
    work.error = None
    run_what_is_due()
    assert (first(video).state, first(video).message) == (StageState.DONE, "")


def test_ffmpeg_without_room_is_a_full_disk_too(video, work):
    said = "av_interleaved_write_frame(): No space left on device"
    work.error = FfmpegFailed(detail=said, returncode=1)
    run_what_is_due()
    assert "磁盘满了" in first(video).message


def test_what_is_given_up_is_told_in_the_words_of_what_failed_last(video, work):
    work.error = FfmpegFailed(detail="Conversion failed!", returncode=1)
    for _ in range(services.MAX_ATTEMPTS):
        run_what_is_due()
        Stage.objects.update(due_at=timezone.now())
    assert first(video).state == StageState.FAILED
    assert first(video).message == str(work.error)
    assert services.try_again(video) == 2
    work.error = None
    run_what_is_due()
    assert first(video).state == StageState.DONE


@COMMITTED
def test_a_database_that_was_away_for_a_moment_costs_no_work(video, work, settings, monkeypatch):
    settings.STAGE_LEASE_SECONDS = 0.3
    hold, pause = services.extend_lease, threading.Event()
    away: list[str] = []

    def hold_when_it_is_there(stage, **told):
        if len(away) < 2:
            away.append(threading.current_thread().name)
            raise OperationalError("the server closed the connection unexpectedly")
        hold(stage, **told)

    def work_on(progress):
        progress(0.5)
        pause.wait(0.6)

    monkeypatch.setattr(services, "extend_lease", hold_when_it_is_there)
    work.during = work_on
    run_what_is_due()
    assert len(away) == 2  # the bar's word, and a heartbeat
    assert (first(video).state, first(video).attempts) == (StageState.DONE, 1)


@COMMITTED
def test_after_an_outage_everyone_may_first_say_that_he_lives(video, monkeypatch):
    [stage] = claim()
    services.start_stage(stage.pk, token=stage.token)
    fall_silent(stage)
    dispatcher = Dispatcher(cast(WorkController, None))

    def away():
        raise OperationalError("the server closed the connection unexpectedly")

    with monkeypatch.context() as outage:
        outage.setattr(services, "plan_stages", away)
        dispatcher.tick()
    dispatcher.tick()
    assert first(video).state == StageState.RUNNING
    dispatcher.returns_abandoned_from = 0.0
    dispatcher.tick()
    assert first(video).state != StageState.RUNNING
