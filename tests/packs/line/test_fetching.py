"""A pack comes by a line that is cut, slow, and closed by day."""

from datetime import datetime, time
from hashlib import sha256
from time import sleep

import pytest
from django.utils import timezone

from lms.packs import signing
from lms.packs.line import fetching
from lms.packs.line.fetching import HALF, LineCut, LineRests, fetch_pack
from lms.packs.line.paces import Hours, Pace, pace_of
from lms.packs.manifest import MANIFEST, SIGNATURE
from lms.packs.refusals import PackError
from lms.packs.signing import StrangersPack
from tests.packs.line.conftest import FILES
from tests.slow_line import slow_line

pytestmark = pytest.mark.django_db
FILM = "课程/01 看天气.mp4"


def no_wait(_seconds):
    return


def at(hour, minute=0):
    """A moment of a day, by the city's clocks."""
    return datetime(2026, 1, 1, hour, minute, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def into(tmp_path):
    return tmp_path / "box"


def come(into):
    return {
        path.relative_to(into).as_posix(): path.read_bytes()
        for path in into.rglob("*")
        if path.is_file() and path.name not in (MANIFEST, SIGNATURE)
    }


def test_everything_comes_and_is_what_the_city_has(site, made, into):
    manifest = fetch_pack(site.url, into=into, wait=no_wait)
    assert come(into) == FILES
    assert manifest.edition == 1
    for name in (MANIFEST, SIGNATURE):
        assert (into / name).read_bytes() == (site.folder / name).read_bytes()


def test_what_is_there_is_not_asked_for_again(site, made, into):
    fetch_pack(site.url, into=into, wait=no_wait)
    site.asked.clear()
    made(files={**FILES, "打开.html": b"another"})
    fetch_pack(site.url, into=into, wait=no_wait)
    assert [name for name, _range in site.asked] == [sha256(b"another").hexdigest()]
    assert come(into) == {**FILES, "打开.html": b"another"}


def test_a_file_with_another_name_is_not_fetched_and_what_went_is_taken_away(site, made, into):
    fetch_pack(site.url, into=into, wait=no_wait)
    site.asked.clear()
    made(files={"课程/02 看天气.mp4": FILES[FILM]})
    fetch_pack(site.url, into=into, wait=no_wait)
    assert site.asked == []
    assert come(into) == {"课程/02 看天气.mp4": FILES[FILM]}


def test_a_line_that_is_cut_again_and_again_goes_on_where_it_was(site, made, into):
    site.cut_after = 100_000
    fetch_pack(site.url, into=into, wait=no_wait)
    assert come(into) == FILES
    ranges = [range_ for name, range_ in site.asked if range_]
    assert ranges == [f"bytes={n}00000-" for n in range(1, 6)]
    assert site.sent == sum(map(len, FILES.values())), "no byte twice"


def test_a_line_as_villages_have_it_brings_all_of_it_and_nothing_twice(site, made, into):
    """So many small files that the list of them is longer than what the line holds out."""
    many = {f"网页/{n}.html": b"%d" % n for n in range(150)}
    manifest = made(files={FILM: FILES[FILM], **many})
    listed = len((site.folder / MANIFEST).read_bytes())
    with slow_line(
        site.url, bytes_per_second=1e8, late_seconds=0, breaks_after=listed // 3
    ) as line:
        fetch_pack(line.url, into=into, wait=no_wait)
    assert come(into) == {FILM: FILES[FILM], **many}
    told = 500 * len(line.came)  # of headers
    assert sum(line.came) < manifest.size + listed + told
    assert sum(each == listed // 3 for each in line.came) > 10, "broken again and again"


def test_a_dead_line_is_given_up_and_the_next_call_goes_on(site, made, into):
    site.cut_after = 0
    with pytest.raises(LineCut):
        fetch_pack(site.url, into=into, wait=no_wait)
    assert not (into / MANIFEST).exists(), "it is not whole"
    site.cut_after = None
    fetch_pack(site.url, into=into, wait=no_wait)
    assert come(into) == FILES


def test_nobody_at_the_other_end(into):
    with pytest.raises(LineCut, match="断了"):
        fetch_pack("http://127.0.0.1:9", into=into, wait=no_wait)


def test_a_city_without_a_pack_says_so(site, into):
    with pytest.raises(PackError, match="还没有"):
        fetch_pack(site.url, into=into, wait=no_wait)


def test_half_a_file_of_rubbish_is_fetched_anew(site, made, into):
    (into / HALF).mkdir(parents=True)
    (into / HALF / sha256(FILES[FILM]).hexdigest()).write_bytes(b"rubbish")
    fetch_pack(site.url, into=into, wait=no_wait)
    assert come(into) == FILES


def test_a_file_that_is_not_what_the_manifest_says_is_not_taken(site, made, into):
    whole = site.folder / FILM
    whole.write_bytes(b"\0" * len(FILES[FILM]))
    with pytest.raises(PackError, match="不一样"):
        fetch_pack(site.url, into=into, wait=no_wait)
    assert FILM not in come(into)
    assert not (into / MANIFEST).exists()


def test_of_a_stranger_no_file_is_fetched(site, made, into):
    signing.key_file().unlink()
    with pytest.raises(StrangersPack):
        fetch_pack(site.url, into=into, wait=no_wait)
    assert site.asked == []


def test_a_manifest_that_was_changed_is_refused(site, made, into):
    path = site.folder / MANIFEST
    path.write_bytes(path.read_bytes().replace("海珠区".encode(), "海珠县".encode()))
    with pytest.raises(PackError):
        fetch_pack(site.url, into=into, wait=no_wait)
    assert site.asked == []


def test_a_newer_pack_that_appears_meanwhile_is_fetched_instead(site, made, into, monkeypatch):
    film = site.folder / FILM
    film.unlink()  # as while a pack is laid out anew

    def and_then(_seconds=None):
        made(files={"打开.html": b"new"})

    real = fetching.bring_all
    monkeypatch.setattr(
        fetching, "bring_all", lambda *told: (real(*told), None)[1] if film.exists() else once()
    )

    def once():
        and_then()
        film.parent.mkdir(exist_ok=True)
        film.touch()
        raise fetching.Newer

    manifest = fetch_pack(site.url, into=into, wait=no_wait)
    assert manifest.edition == 2
    assert come(into) == {"打开.html": b"new"}


def test_it_is_no_faster_than_it_may_be(site, made, into):
    waited: list[float] = []
    size = sum(map(len, FILES.values()))
    fetch_pack(site.url, into=into, bytes_per_second=2_000_000, wait=patient(waited))
    assert sum(waited) == pytest.approx(size / 2_000_000, rel=0.4)


def patient(waited):
    """Waits truly, and writes down how long."""

    def wait(seconds):
        waited.append(seconds)
        sleep(seconds)

    return wait


def test_by_day_nothing_comes_and_at_night_it_goes_on(site, made, into):
    pace = Pace((Hours(time(7), time(22), 0),))
    half = into / HALF / sha256(FILES[FILM]).hexdigest()

    def now():
        return at(7) if half.exists() and half.stat().st_size > 200_000 else at(6, 59)

    with pytest.raises(LineRests, match="钟点"):
        fetch_pack(site.url, into=into, bytes_per_second=pace, now=now, wait=no_wait)
    assert 200_000 < half.stat().st_size < 300_000
    fetch_pack(site.url, into=into, bytes_per_second=pace, now=lambda: at(22), wait=no_wait)
    assert come(into) == FILES


@pytest.mark.parametrize(
    ("clock", "pace"),
    [((6, 59), None), ((7, 0), 51_200), ((21, 59), 51_200), ((22, 0), None)],
    ids=["before", "first", "last", "after"],
)
def test_hours_out_of_a_setting(clock, pace):
    assert pace_of("7:00-22:00=50").at(at(*clock)) == pace


def test_hours_over_midnight():
    pace = pace_of("22:00-6:00=0, 6:00-22:00=100")
    assert pace.at(at(23)) == 0
    assert pace.at(at(5)) == 0
    assert pace.at(at(12)) == 102_400


@pytest.mark.parametrize("words", ["7-22=50", "25:00-26:00=1", "fast"])
def test_hours_that_are_none_are_refused(words):
    with pytest.raises(PackError, match="7:00-22:00=50"):
        pace_of(words)
