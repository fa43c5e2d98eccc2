"""All that a page or a manual says to a learner, in the order of weight: title, steps, the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from courses.blocks.drill import items_of
from courses.choices import Subject
from courses.film_text import text_of
from courses.models import (
    ClassroomPage,
    CoursePage,
    DrillPage,
    LessonPage,
    PracticePage,
    ShelfPage,
    StoryPage,
    TeacherPage,
)
from courses.search.chinese import runs
from lms.manuals.catalogue.queries import step_url
from lms.manuals.models import Manual, ManualTask, ManualVersion
from media.models import Video

#: The pages that a search finds. A practice is found as its lesson.
FOUND_PAGES = (
    LessonPage,
    DrillPage,
    ClassroomPage,
    TeacherPage,
    CoursePage,
    StoryPage,
    ShelfPage,
)


@dataclass(frozen=True)
class Sayings:
    """One thing that can be opened, and what it says."""

    title: str
    url: str
    #: Whose colour it has; empty where it is of no classroom.
    subject: str
    #: Of which thing; empty for a page.
    line: str = ""
    #: What it is about and how it is done.
    steps: str = ""
    #: Whatever else it says: practice, quiz, film, warnings.
    text: str = ""
    #: What stands on the box and on the thing: short code, model, brand with model; letters and
    #: figures only, none of them capitals.
    codes: tuple[str, ...] = ()


def sayings_of_page(page: Page) -> Sayings:
    """The page as it is published; `page` is specific."""
    steps, text = _words_of_page(page)
    return Sayings(
        title=page.title,
        url=page.url or "",
        subject=_subject_of(page),
        steps="\n".join(filter(None, steps)),
        text="\n".join(filter(None, text)),
    )


def _words_of_page(page: Page) -> tuple[list[str], list[str]]:
    if isinstance(page, LessonPage):
        return _words_of_lesson(page)
    if isinstance(page, DrillPage):
        items = items_of(page.items)
        said = [word for item in items for word in (item.text, item.sign, item.advice, item.sender)]
        return [page.introduction], said
    if isinstance(page, StoryPage):
        return [page.teller], [page.words, page.place]
    introduction = getattr(page, "introduction", "")
    return [introduction], [getattr(page, "about", "")]


def _words_of_lesson(lesson: LessonPage) -> tuple[list[str], list[str]]:
    steps = [lesson.goal, *(block.value["words"] for block in lesson.steps)]
    text = [text_of(lesson), *_words_of_practice(lesson)]
    if lesson.video is not None:
        text += _words_of_film(lesson.video)
    return steps, text


def _words_of_practice(lesson: LessonPage) -> Iterable[str]:
    for page in PracticePage.objects.child_of(lesson).live():
        for block in page.screens:
            screen = block.value
            yield from (screen["title"], screen["say"], screen["hint"], screen["description"])
            for thing in screen.get("widgets") or screen.get("areas") or []:
                yield from (thing["text"], thing["miss"] or "")


def _words_of_film(video: Video) -> list[str]:
    """What its title and its subtitles say, the lines of a cue joined."""
    track = LessonPage.published_track(video)
    cues = track.cues.all() if track else []
    chapters = [cue.chapter for cue in cues if cue.chapter]
    return [video.title, *chapters, "".join(cue.text.replace("\n", "") for cue in cues)]


def _subject_of(page: Page) -> str:
    if isinstance(page, ClassroomPage):
        return page.subject
    classroom: Any = ClassroomPage.objects.ancestor_of(page).first()
    return classroom.subject if classroom else ""


def sayings_of_manual(manual: Manual) -> list[Sayings]:
    """The manual and each thing that it teaches; nothing before it was ever published."""
    if manual.published_version_id is None:
        return []
    version = ManualVersion.objects.with_content().get(pk=manual.published_version_id)
    tasks = list(version.tasks.all())
    product = str(manual.product)
    said = [*(warning.words for warning in version.warnings.all())]
    said += [word for each in version.troubles.all() for word in (each.problem, each.remedy)]
    said += [word for task in tasks for word in _words_of_task(task)]
    whole = Sayings(
        title=version.title or product,
        url=manual.get_short_url(),
        subject=Subject.SMART_TECH,
        line=product,
        steps="\n".join([product, *(task.title for task in tasks)]),
        text="\n".join(filter(None, said)),
        codes=_codes_of(manual),
    )
    return [whole, *(_sayings_of_task(manual, task, at) for at, task in enumerate(tasks, 1))]


def _codes_of(manual: Manual) -> tuple[str, ...]:
    product = manual.product
    written = (manual.short_code, product.model, product.brand + product.model)
    return tuple("".join(runs(each)) for each in written)


def _sayings_of_task(manual: Manual, task: ManualTask, number: int) -> Sayings:
    return Sayings(
        title=task.title,
        url=step_url(manual, number, 1),
        subject=Subject.SMART_TECH,
        line=str(manual.product),
        steps="\n".join(filter(None, _words_of_task(task))),
    )


def _words_of_task(task: ManualTask) -> list[str]:
    steps = task.steps.all()
    return [word for step in steps for word in (step.words, step.expected, step.warning)]
