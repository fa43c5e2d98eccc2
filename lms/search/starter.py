"""The words that come with the program: put into groups, never over an editor's work."""

from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import Group as UserGroup
from django.contrib.auth.models import Permission
from django.db import transaction
from wagtail.models import Page

from courses.models import LessonPage
from courses.starter.loading import EDITORS
from lms.search.entries import mark_changed
from lms.search.models import WordGroup, words_of

WORDS = Path(__file__).parent / "data/words.txt"
#: Before a group that is offered before anybody has searched; of words that are seldom said.
SUGGESTED, SELDOM = "*", "-"


@dataclass(frozen=True)
class StarterGroup:
    words: tuple[str, ...]
    #: Slug of a lesson; blank: none.
    leads_to: str
    suggested: bool
    seldom: bool


def starter_groups() -> list[StarterGroup]:
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return [group_of(line) for line in lines if line.strip() and not line.startswith("#")]


def group_of(line: str) -> StarterGroup:
    words, _colon, slug = line.lstrip(SUGGESTED + SELDOM).partition(" : ")
    return StarterGroup(
        tuple(words_of(words)),
        slug.strip(),
        suggested=line.startswith(SUGGESTED),
        seldom=line.startswith(SELDOM),
    )


@transaction.atomic
def load_words() -> int:
    """Add the groups that are not there yet. Returns how many; those that are there stay as they
    are, even where a better lesson has come since."""
    let_editors_keep_words()
    there = {group.starter: group for group in WordGroup.objects.exclude(starter="")}
    lessons: dict[str, Page] = {lesson.slug: lesson for lesson in LessonPage.objects.live()}
    added = 0
    for each in starter_groups():
        name = each.words[0]
        if name in there:
            continue
        WordGroup.objects.create(
            words=" ".join(each.words),
            leads_to=lessons.get(each.leads_to),
            waits_for="" if each.leads_to in lessons else each.leads_to,
            suggested=each.suggested,
            seldom=each.seldom,
            starter=name,
        )
        added += 1
    for group in WordGroup.objects.filter(waits_for__in=lessons):
        lead_to(lessons[group.waits_for])
    return added


def lead_to(lesson: Page) -> None:
    """Groups that were waiting for this lesson lead to it, but for those to which an editor has
    given another."""
    waiting = WordGroup.objects.filter(waits_for=lesson.slug, leads_to=None)
    if waiting.update(leads_to=lesson, waits_for=""):
        mark_changed()


def let_editors_keep_words() -> None:
    """Wagtail's own group of editors keeps words and sees what was sought."""
    editors = UserGroup.objects.get(name=EDITORS)
    names = ("add_wordgroup", "change_wordgroup", "delete_wordgroup", "view_wordgroup")
    wanted = (*names, "view_soughtword")
    editors.permissions.add(
        *Permission.objects.filter(content_type__app_label="search", codename__in=wanted)
    )
