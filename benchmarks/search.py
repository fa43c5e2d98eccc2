"""Measure the search over 2,000 pages against the one before it, in one run.

    python benchmarks/search.py [--without-before]               # SQLite
    eval "$(bin/services env)"; python benchmarks/search.py      # PostgreSQL

Makes a database of its own and drops it in the end. The pages are the starter's lessons with their
sentences mixed and words of a dictionary put in, so that each says something that others do not.
The search before was Wagtail's, by pairs of characters and beginnings of pinyin; `find_before` is
what it did for lessons. CPU time of this process is taken, in turns, one query after another; of
PostgreSQL the server's time comes on top and is told apart as what one waits longer.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here

NEW_WORDS_A_PAGE = 12
STEPS_A_PAGE = 6
ON_THE_WAY = "on the way"


def make_pages(number: int, *, with_before: bool) -> None:
    """Lessons below the first classroom, indexed by Wagtail too where that is to be measured."""
    from django.core.management import call_command

    from courses.models import ClassroomPage, LessonPage
    from courses.starter.loading import load_starter
    from lms.search.starter import load_words

    load_starter()
    load_words()
    chance = random.Random(17)
    lessons = list(LessonPage.objects.all())
    steps = [block.value["words"] for lesson in lessons for block in lesson.steps]
    narrations = [each for lesson in lessons for each in lesson.narration.split("。")]
    words = dictionary_words(chance)
    classroom = ClassroomPage.objects.first()
    assert classroom is not None
    for count in range(number - len(lessons)):
        new = [words.pop() for _n in range(NEW_WORDS_A_PAGE)]
        said = [*chance.sample(narrations, 20), *(f"也说到{word}" for word in new)]
        lesson = LessonPage(
            title=f"学会{new[0]}和{new[1]}",
            slug=f"lesson-{count}",
            goal=f"知道{new[2]}是什么",
            steps=[("step", {"words": each}) for each in chance.sample(steps, STEPS_A_PAGE)],
            fraud_line=chance.choice(lessons).fraud_line,
            offline_route=chance.choice(lessons).offline_route,
            narration="。".join(said),
        )
        classroom.add_child(instance=lesson)
    if with_before:
        call_command("wagtail_update_index", verbosity=0)


def dictionary_words(chance: random.Random) -> list[str]:
    """Of two or three signs, from jieba's dictionary, mixed."""
    import jieba

    jieba.initialize()
    found = [w for w, n in jieba.dt.FREQ.items() if n > 20 and 2 <= len(w) <= 3]
    words = [word for word in sorted(found) if "\u4e00" <= word[0] <= "\u9fff"]
    chance.shuffle(words)
    return words


def find_before(query: str) -> list[Any]:
    """Lessons by the index of Wagtail, as the search was until the room of its own."""
    from courses.models import LessonPage

    lessons = LessonPage.objects.live().public()
    folded = query.casefold()

    def begins(lesson: LessonPage) -> bool:
        names = (lesson.title, *lesson.pinyin.split()[:2])
        return any(name.startswith(folded) for name in names)

    by_title = sorted(lessons.autocomplete(query)[:40], key=lambda each: not begins(each))
    spoken_of = lessons.search(query)[:40]
    found = [*by_title, *(lesson for lesson in spoken_of if lesson not in by_title)][:40]
    return [(lesson.title, lesson.url, lesson.get_parent().specific.subject) for lesson in found]


def typed_queries() -> dict[str, list[str]]:
    """The everyday words as each way of typing has them, and what a remote sends on the way."""
    from tests.search.vocabulary import WAYS, wanted

    queries: dict[str, list[str]] = {way: [] for way in (*WAYS, ON_THE_WAY)}
    for each in wanted("everyday_words.txt"):
        for way, typed in zip(WAYS, each.typed(), strict=True):
            queries[way].append(typed)
        _word, whole, initials = each.typed()
        queries[ON_THE_WAY] += [initials[:1], whole[: len(whole) // 2 + 1]]
    chance = random.Random(4)
    for row in queries.values():
        chance.shuffle(row)
    return queries


def cpu_ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU of this process and what one waits, in ms."""
    waited, start = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.process_time() - start), 1000 * (time.perf_counter() - waited)


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def shares(taken: list[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):.1f} | {ordered[int(0.95 * len(ordered))]:.1f}"


def measure_queries(queries: dict[str, list[str]], *, with_before: bool) -> None:
    from lms.search.finding import find

    print("| typed as | search | CPU ms, p50 | p95 | waited ms, p50 | p95 | a CPU second |")
    print("|---|---|---|---|---|---|---|")
    every: dict[str, list[tuple[float, float]]] = {}
    for way, typed in queries.items():
        for name, taken in measure_way(typed, with_before=with_before).items():
            every.setdefault(name, []).extend(taken)
            print_row(way, name, taken)
    for name, taken in every.items():
        print_row("all", name, taken)
    if with_before:
        before, now, _again = every.values()
        ratios = [old[0] / new[0] for old, new in zip(before, now, strict=True)]
        print(f"\nbefore against now, query by query: {statistics.median(ratios):.1f} × (median)")
    found_nothing = sum(find(query).in_vain for typed in queries.values() for query in typed)
    print(f"{found_nothing} of {sum(map(len, queries.values()))} found nothing that is called so")


def measure_way(queries: list[str], *, with_before: bool) -> dict[str, list[tuple[float, float]]]:
    """CPU and waiting of each query by each search, in turns."""
    from lms.search.finding import find
    from lms.search.memory import memory

    ways: dict[str, Callable[[str], object]] = {"now, for the first time": find, "now, again": find}
    if with_before:
        ways = {"before (Wagtail's index)": find_before, **ways}
    memory.index.remembered.clear()
    memory.index.of_meaning.clear()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for query in queries:
        for name, way in ways.items():
            taken[name].append(timed(lambda way=way, query=query: way(query)))  # type: ignore[misc]
    return taken


def print_row(way: str, name: str, taken: list[tuple[float, float]]) -> None:
    cpu, waited = [each[0] for each in taken], [each[1] for each in taken]
    a_second = 1000 * len(cpu) / sum(cpu)
    print(f"| {way} | {name} | {shares(cpu)} | {shares(waited)} | {a_second:.0f} |")


def measure_requests(queries: list[str]) -> None:
    """The whole page through every middleware."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    answer: Any = WSGIHandler()
    browser = RequestFactory()

    def ask(query: str) -> None:
        environ = browser.get("/search/", {"q": query}).environ
        response = answer(environ, lambda *_told: bytes)
        b"".join(response)
        response.close()

    ask("")
    taken = [cpu_ms(lambda query=query: ask(query)) for query in queries]  # type: ignore[misc]
    print(
        f"the whole page, CPU ms: p50 | p95 = {shares(taken)}; {1000 / statistics.mean(taken):.0f}"
        " requests a CPU second"
    )


def measure_upkeep() -> None:
    from courses.models import LessonPage
    from lms.search.entries import mark_all_stale, read_stale
    from lms.search.finding import find
    from lms.search.memory import memory

    mark_all_stale()
    start = time.process_time()
    read = read_stale()
    print(f"to read everything anew ({read} things): {time.process_time() - start:.1f} s of CPU")
    memory.forget()
    before = resident_mib()
    loading = cpu_ms(lambda: find("微信"))
    sounds = cpu_ms(lambda: find("weixin"))
    print(
        f"a fresh process: {loading / 1000:.2f} s to load, {sounds / 1000:.2f} s for its sounds; "
        f"it grows by {resident_mib() - before:.0f} MiB"
    )
    lesson = LessonPage.objects.last()
    assert lesson is not None
    lesson.title = "学会凤凰花开"
    publishing = cpu_ms(lambda: lesson.save_revision().publish())
    reading = cpu_ms(read_stale)
    following = cpu_ms(lambda: find("凤凰花开"))
    assert find("凤凰花开").found[0].title == lesson.title
    sounding = cpu_ms(lambda: find("fenghuang"))
    print(
        f"after publishing one ({publishing:.0f} ms): {reading:.0f} ms to read it; in each process "
        f"{following:.0f} ms for the next search by characters, {sounding:.0f} ms by letters"
    )


def index_bytes() -> int:
    from django.db import connection, models
    from django.db.models.functions import Cast, Length

    from lms.search.models import SearchEntry

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('search_searchentry')")
            return int(cursor.fetchone()[0])
    size = SearchEntry.objects.aggregate(
        bytes=models.Sum(Length(Cast("things", models.BinaryField())))
    )
    return int(size["bytes"] or 0)


def run(number: int, sample: int, *, with_before: bool) -> None:
    from courses.models import LessonPage
    from lms.search.finding import find

    make_pages(number, with_before=with_before)
    measure_upkeep()
    mib = index_bytes() / 2**20
    print(f"{LessonPage.objects.count()} lessons; rows of the index: {mib:.1f} MiB\n")
    find("a")
    queries = typed_queries()
    measure_queries(
        {way: typed[:sample] for way, typed in queries.items()}, with_before=with_before
    )
    measure_requests([query for typed in queries.values() for query in typed[: sample // 2]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=150, help="of each way of typing")
    parser.add_argument(
        "--without-before", action="store_true", help="half the time: Wagtail indexes nothing"
    )
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")
    import django
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    backends: Any = settings.WAGTAILSEARCH_BACKENDS
    backends["default"]["AUTO_UPDATE"] = False  # all at once, later
    django.setup()
    setup_test_environment()
    if connection.vendor == "postgresql":  # tests may be running meanwhile
        connection.settings_dict["TEST"]["NAME"] = "yinling_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        run(chosen.pages, chosen.queries, with_before=not chosen.without_before)
    finally:
        connection.creation.destroy_test_db(old_database_name="", verbosity=0)


if __name__ == "__main__":
    main()
