"""Put the starter lessons into pages: keyed by slug, repeatable, never over an editor's work."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, Site
from wagtail.signals import page_published

from courses.choices import Subject
from courses.models import ClassroomPage, DrillPage, HomePage, LessonPage, PracticePage
from courses.models.practice import PRACTICE_SLUG
from courses.starter.practices import DRILL_SLUG, drill_values, practice_values
from media.models import Video
from media.pipeline.services import plan_stages, try_again

STARTER_DIR = Path(__file__).parent
SAMPLE_VIDEO = STARTER_DIR / "media/clip.mp4"
SAMPLE_LESSON = "scan-to-pay"
#: Wagtail's own group of editors, as lms/accounts/migrations/0002 renamed it.
EDITORS = "课程编辑"


#: The kinds of pages that the starter keeps up to date.
Kind = TypeVar("Kind", LessonPage, PracticePage, DrillPage)


@dataclass
class LoadOutcome:
    """Slugs of pages by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)  # changed by an editor, or up to date


@dataclass
class Loaded(LoadOutcome):
    """The lessons; and beside them the practices, by their lessons' slugs, and the drill."""

    plays: LoadOutcome = field(default_factory=LoadOutcome)


@transaction.atomic
def load_starter() -> Loaded:
    let_editors_work_on_videos()
    curriculum = json.loads((STARTER_DIR / "curriculum.json").read_text())
    home = find_or_make_home(curriculum["title"])
    classrooms = {
        entry["slug"]: find_or_make_classroom(home, entry) for entry in curriculum["classrooms"]
    }
    loaded = Loaded()
    lessons = {
        entry["number"]: load_lesson(classrooms[entry["classroom"]], entry, loaded).pk
        for entry in curriculum["lessons"]
    }
    load_drill(classrooms[Subject.ANTI_FRAUD], curriculum["drills"], lessons, loaded)
    return loaded


def let_editors_work_on_videos() -> None:
    """Wagtail's own group of editors may add and change videos, review subtitles, keep words."""
    editors = Group.objects.get(name=EDITORS)
    editors.permissions.add(
        *Permission.objects.filter(
            content_type__app_label__in=("media", "subtitles"),
            codename__in=(
                "add_video",
                "change_video",
                "view_video",
                "change_track",
                "view_track",
                "add_hotword",
                "change_hotword",
                "delete_hotword",
                "view_hotword",
                "change_speechhints",
                "change_narration",
                "view_narration",
            ),
        )
    )


def find_or_make_home(title: str) -> HomePage:
    """The site's home page; on a fresh database it takes the place of Wagtail's welcome page."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        Page.objects.child_of(root).filter(slug="home").delete()
        root.refresh_from_db()
        home = root.add_child(
            instance=HomePage(
                title=_("银龄学堂"), slug="home", introduction=_("想学哪一样？选一个就开始。")
            )
        )
        home.save_revision().publish()
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "localhost", "root_page": home, "site_name": title},
        )
    return home


def find_or_make_classroom(home: HomePage, entry: dict[str, Any]) -> ClassroomPage:
    classroom = ClassroomPage.objects.child_of(home).filter(slug=entry["slug"]).first()
    if classroom is None:
        classroom = home.add_child(
            instance=ClassroomPage(
                title=entry["name"],
                slug=entry["slug"],
                subject=entry["slug"],
                short_name=entry["short"],
                introduction=entry["intro"],
            )
        )
        classroom.save_revision().publish()
    return classroom


def load_lesson(classroom: ClassroomPage, entry: dict[str, Any], loaded: Loaded) -> LessonPage:
    """The lesson as it stands now, its practice beneath it."""
    slug, practice = entry["slug"], entry["practice"]
    lesson = load_page(LessonPage, classroom, slug, lesson_values(entry), entry, loaded)
    if practice:
        values = practice_values(practice)
        load_page(PracticePage, lesson, PRACTICE_SLUG, values, practice, loaded.plays, name=slug)
    return lesson


def load_drill(
    classroom: ClassroomPage, entries: list[dict[str, Any]], lessons: dict[int, int], loaded: Loaded
) -> None:
    values = {
        "title": _("是骗局，还是真的？"),
        "introduction": _("真话和骗人的话混在一起，您来分一分。"),
        **drill_values(entries, lessons=lessons),
    }
    load_page(DrillPage, classroom, DRILL_SLUG, values, entries, loaded.plays)


def load_page(
    kind: type[Kind],
    parent: Page,
    slug: str,
    values: dict[str, Any],
    entry: object,
    outcome: LoadOutcome,
    *,
    name: str = "",
) -> Kind:
    """Create the page, or renew one that still stands as the starter made it. Returns the page
    that stands now; name: what the outcome calls it, its slug if none is given."""
    digest = sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
    page = kind.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = kind(slug=slug, starter_digest=digest, **values)
        add_published(parent, page)
        outcome.created.append(name or slug)
    elif page.starter_digest == digest or is_changed_by_an_editor(page):
        outcome.left_alone.append(name or slug)
    else:
        for field_name, value in values.items():
            setattr(page, field_name, value)
        page.starter_digest = digest
        page.save_revision().publish()
        outcome.updated.append(name or slug)
    return page


def add_published(parent: Page, page: Page) -> None:
    """As add_child(), save_revision() and publish() in turn, but the page is saved once, not three
    times: each save is indexed, and there are some seventy pages."""
    page.full_clean(exclude=["path", "depth"])
    now = timezone.now()
    page.first_published_at = page.last_published_at = page.latest_revision_created_at = now
    parent.add_child(instance=page)
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        content=page.serializable_data(),
        object_str=str(page),
    )
    page.latest_revision = page.live_revision = revision
    Page.objects.filter(pk=page.pk).update(latest_revision=revision, live_revision=revision)
    page_published.send(sender=type(page), instance=page, revision=revision)


def is_changed_by_an_editor(page: LessonPage | PracticePage | DrillPage) -> bool:
    """Whether a person has saved it, be it as a draft; the loader's own revisions have no user."""
    return page.starter_digest == "" or page.revisions.filter(user__isnull=False).exists()


def lesson_values(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields of a LessonPage from an entry of the curriculum."""
    quiz = entry["quiz"]
    return {
        "title": entry["title"],
        "goal": entry["goal"],
        "drawing": entry["drawing"],
        "steps": json.dumps(
            [
                {"type": "step", "value": {"words": words, "drawing": drawing}}
                for words, drawing in zip(entry["steps"], entry["step_drawings"], strict=True)
            ]
        ),
        "practice_kind": entry["practice_kind"],
        "practice_text": entry["practice_text"],
        "quizzes": json.dumps(
            [
                {
                    "type": "quiz",
                    "value": {
                        "question": quiz["question"],
                        "options": quiz["options"],
                        "answer": str(quiz["answer_index"]),
                        "why": quiz["why"],
                    },
                }
            ]
        ),
        "fraud_line": entry["fraud_line"],
        "offline_route": entry["offline_route"],
        "narration": entry["narration"],
        "scenarios": entry["scenario"],
        "staff_note": entry["editor_check"],
    }


def add_sample_video(*, title: str) -> Video:
    """Put the sample video in, as if it had just been uploaded: the pipeline does the rest. Where
    it is there already, what had failed of it is tried again.

    Where no films are made, the sample lesson shows it, unless it has a film. Otherwise it is on no
    page, since it teaches nothing of a lesson: it is for the desk, where its subtitles wait for
    somebody; and the sample lesson's own film is the first that is made.
    """
    video = Video.objects.filter(title=title, original_name=SAMPLE_VIDEO.name).first()
    if video is not None:
        try_again(video)
    else:
        with SAMPLE_VIDEO.open("rb") as file:
            video = Video.objects.create(
                title=title,
                original=File(file, name=SAMPLE_VIDEO.name),
                original_name=SAMPLE_VIDEO.name,
            )
    lesson = LessonPage.objects.get(slug=SAMPLE_LESSON)
    if settings.LESSON_FILMS:
        plan_stages(Video.objects.filter(film__narration__page=lesson))
    elif lesson.film_to_watch is None:
        lesson.video = video
        lesson.save_revision().publish()
    return video
