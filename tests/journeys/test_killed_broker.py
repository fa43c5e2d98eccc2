"""RabbitMQ dies in the midst of a film: pages answer, the film goes on, nothing is done twice."""

import json

import pytest

from tests.journeys.rabbit import OwnRabbit


@pytest.fixture
def rabbit(tmp_path):
    rabbit = OwnRabbit(tmp_path / "rabbit")
    rabbit.start()
    yield rabbit
    rabbit.end()


@pytest.mark.city
@pytest.mark.thorough("a broker and a site of its own; a killed worker is tried every time")
@pytest.mark.timeout(900)
def test_a_killed_broker_loses_nothing_and_doubles_nothing(new_site, rabbit):
    site = new_site(CELERY_BROKER_URL=rabbit.url)
    site.start("worker")
    site.go_on()
    site.wait_until(lambda: in_state(site, "running"), "a stage has begun")
    rabbit.kill()

    assert json.loads(site.get("/healthz"))["status"] == "ok"
    assert "银龄学堂" in site.get("/").decode()
    site.wait_until(lambda: not in_state(site, "running"), "what had begun has come to its end")
    assert not site.is_processed()

    rabbit.start()
    site.wait_until(site.is_processed, "every stage is done", seconds=420)
    assert set(site.rows("SELECT state, attempts FROM media_stage")) == {("done", 1)}
    assert site.value("SELECT count(*) FROM subtitles_track") == 1
    starts = [start for (start,) in site.rows("SELECT start_ms FROM subtitles_trackcue")]
    assert len(starts) == len(set(starts)) >= 6
    named = {
        site.folder / "media" / name for (name,) in site.rows("SELECT file FROM media_rendition")
    }
    site.sweep()  # of what was replaced, as it is undisturbed
    assert named == site.films()


def in_state(site, state: str) -> bool:
    return bool(site.value(f"SELECT count(*) FROM media_stage WHERE state = '{state}'"))
