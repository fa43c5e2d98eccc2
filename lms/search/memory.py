"""The one index of a process, which is brought up to date before each answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db.models import Exists, Sum

from lms.search.entries import read_some
from lms.search.index import Index
from lms.search.models import SearchEntry, SearchMark, SoughtWord, WordGroup
from lms.search.things import Meaning

#: A search reads so many batches of what has just changed; a job reads the rest.
BATCHES_A_SEARCH = 4


class Memory:
    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.index = Index()
        self.mark = ""

    @contextmanager
    def up_to_date(self) -> Iterator[Index]:
        """For one thread at a time. One query while nothing has changed."""
        with self.lock:
            mark, is_stale = current_state()
            if is_stale or mark != self.mark:
                self.follow()
            yield self.index

    def follow(self) -> None:
        """Read what has changed since. What changes meanwhile has yet another mark."""
        for _batch in range(BATCHES_A_SEARCH):
            if not read_some():
                break
        mark, _is_stale = current_state()
        if mark and mark == self.mark:
            return  # another process is reading it
        tokens = dict(SearchEntry.objects.values_list("pk", "token"))
        index = self.index
        for row in index.of_entry.keys() - tokens.keys():
            index.drop(row)
        changed = [
            row for row, token in tokens.items() if index.of_entry.get(row, ("", []))[0] != token
        ]
        for start in range(0, len(changed), 500):
            for entry in SearchEntry.objects.filter(pk__in=changed[start : start + 500]):
                index.take(entry.pk, entry.token, entry.kind, entry.key, entry.things)
        index.take_groups(
            Meaning(tuple(group.all_words), group.leads_to_id, group.suggested, group.seldom)
            for group in WordGroup.objects.filter(used=True)
        )
        index.take_sought(dict(times_found()))
        self.mark = mark


def times_found() -> Iterator[tuple[str, int]]:
    """Words that were sought here, as often as they found something."""
    found = Sum("times") - Sum("in_vain")
    yield from SoughtWord.objects.order_by().values_list("word").annotate(found=found)


def current_state() -> tuple[str, bool]:
    """The mark, and whether anything waits to be read. One query; before anything was ever read
    the mark is empty."""
    waiting = Exists(SearchEntry.objects.filter(stale=True))
    state = SearchMark.objects.filter(pk=1).values_list("token", waiting).first()
    return state or ("", True)


memory = Memory()
