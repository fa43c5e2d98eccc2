"""What is sought here, counted by words and months: for suggestions, and for editors who add words.
Nothing of who sought it is kept, and nothing long enough to be about somebody."""

import re
from datetime import date, timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from courses.search.chinese import runs
from lms.search.asking import without_asking
from lms.search.finding import find
from lms.search.models import SoughtWord, WordGroup
from lms.search.near import LETTERS
from lms.search.things import plain

#: Longer ones are sentences, which may tell of somebody.
LONGEST_COUNTED: Final = 12
#: Telephone numbers, cards and the like are not kept; 12345 and 96110 are.
LONG_NUMBER = re.compile(r"\d{6}")
SUGGESTIONS: Final = 6
#: A word is offered to others once so many have found something by it, in so many months.
OFTEN_ENOUGH: Final = 3
MONTHS_LOOKED_AT: Final = 3
#: The same suggestions are given for so long.
SUGGESTED_SECONDS: Final = 300
MONTHS_KEPT: Final = 13


def note_sought(query: str) -> None:
    """Count that somebody has done with this query, whether it found anything or not."""
    findings = find(query)
    word = findings.word if LETTERS.fullmatch("".join(runs(query))) else ""
    word = word or " ".join(without_asking(run) for run in runs(query))
    if not word or len(word) > LONGEST_COUNTED or LONG_NUMBER.search(word):
        return
    with transaction.atomic():
        row, _made = SoughtWord.objects.get_or_create(word=word, month=month_of())
        SoughtWord.objects.filter(pk=row.pk).update(
            times=F("times") + 1, in_vain=F("in_vain") + int(findings.in_vain)
        )


def month_of(months_ago: int = 0) -> date:
    """The first day of this month or an earlier one."""
    first = timezone.localdate().replace(day=1)
    for _month in range(months_ago):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def suggestions() -> list[str]:
    """Words that others look for, filled up with those that editors suggest. One of a meaning."""
    key = f"search-suggestions-{SUGGESTIONS}"
    found: list[str] | None = cache.get(key)
    if found is None:
        found = _chosen()
        cache.set(key, found, SUGGESTED_SECONDS)
    return found


def _chosen() -> list[str]:
    """Only words that an editor knows are shown to everybody, whatever was typed."""
    groups = list(WordGroup.objects.filter(used=True).order_by("pk"))
    group_of = {plain(word): group for group in groups for word in group.all_words}
    wanted = [word for word in often_sought() if word in group_of]
    wanted += [plain(group.all_words[0]) for group in groups if group.suggested]
    chosen: dict[int, str] = {}
    for word in wanted:
        chosen.setdefault(group_of[word].pk, word)
    return list(chosen.values())[:SUGGESTIONS]


def often_sought() -> list[str]:
    """The most sought first, of those that found something."""
    rows = (
        SoughtWord.objects.filter(month__gte=month_of(MONTHS_LOOKED_AT - 1))
        .order_by()
        .values_list("word")
        .annotate(found=Sum("times") - Sum("in_vain"))
        .filter(found__gte=OFTEN_ENOUGH)
        .order_by("-found", "word")
    )
    return [word for word, _found in rows[: 10 * SUGGESTIONS]]


def forget_old_counts() -> None:
    SoughtWord.objects.filter(month__lt=month_of(MONTHS_KEPT)).delete()
