"""PostgreSQL stops while the site serves: what is kept is shown, all else says so, and nobody has
to start anything again when it is back."""

import json
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import pytest

from tests.journeys.cable import Cable
from tests.journeys.conftest import SAMPLE_LESSON


def ask(site, path: str) -> tuple[int, str]:
    try:
        with urlopen(site.url + path, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def state_of_database(site) -> str:
    _status, told = ask(site, "/readyz")
    return str(json.loads(told)["parts"]["database"]["state"])


@pytest.mark.city
@pytest.mark.thorough("a site of its own; test_database_away has a database that refuses")
def test_kept_pages_stay_others_say_so_and_all_comes_back_by_itself(new_site):
    site = new_site()
    real = urlsplit(site.postgres)
    line = Cable(real.port or 5432, cuts=[], on_cut=lambda: None)
    near = f"{real.netloc.rpartition(':')[0]}:{urlsplit(line.url).port}"
    site.environment["DATABASE_URL"] = urlunsplit(real._replace(netloc=near))
    site.go_on()
    status, kept = ask(site, SAMPLE_LESSON)
    assert (status, state_of_database(site)) == (200, "ok")

    line.break_off()
    assert ask(site, SAMPLE_LESSON) == (200, kept)
    assert ask(site, "/healthz")[0] == 200
    status, said = ask(site, "/manuals/")
    assert status == 503
    assert "不是您按错了。过几分钟再来" in said
    assert ask(site, "/readyz")[0] == 503
    assert state_of_database(site) == "down"

    line.mend()
    site.wait_until(lambda: ask(site, "/manuals/")[0] == 200, "other pages answer again")
    assert state_of_database(site) == "ok"
    line.close()
