"""Put the starter lessons into pages: keyed by slug, repeatable, never over an editor's work."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from courses.models import ClassroomPage, HomePage, LessonPage
from media.models import Video

STARTER_DIR = Path(__file__).parent
SAMPLE_VIDEO = STARTER_DIR / "media/clip.mp4"
SAMPLE_LESSON = "scan-to-pay"


@dataclass
class Loaded:
    """Slugs of lessons by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)  # changed by an editor, or up to date


@transaction.atomic
def load_starter() -> Loaded:
    let_editors_work_on_videos()
    curriculum = json.loads((STARTER_DIR / "curriculum.json").read_text())
    home = find_or_make_home(curriculum["title"])
    classrooms = {
        entry["slug"]: find_or_make_classroom(home, entry) for entry in curriculum["classrooms"]
    }
    loaded = Loaded()
    for entry in curriculum["lessons"]:
        load_lesson(classrooms[entry["classroom"]], entry, loaded)
    return loaded


def let_editors_work_on_videos() -> None:
    """Wagtail's own group of editors may add and change videos, and look at subtitles."""
    editors = Group.objects.get(name="Editors")
    editors.permissions.add(
        *Permission.objects.filter(
            content_type__app_label__in=("media", "subtitles"),
            codename__in=("add_video", "change_video", "view_video", "view_track"),
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


def load_lesson(classroom: ClassroomPage, entry: dict[str, Any], loaded: Loaded) -> None:
    """Create the lesson, or renew one that still stands as the starter made it."""
    slug = entry["slug"]
    digest = sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
    lesson = LessonPage.objects.child_of(classroom).filter(slug=slug).first()
    if lesson is None:
        lesson = LessonPage(slug=slug, starter_digest=digest, **lesson_values(entry))
        classroom.add_child(instance=lesson)
        lesson.save_revision().publish()
        loaded.created.append(slug)
    elif lesson.starter_digest == digest or is_changed_by_an_editor(lesson):
        loaded.left_alone.append(slug)
    else:
        for name, value in lesson_values(entry).items():
            setattr(lesson, name, value)
        lesson.starter_digest = digest
        lesson.save_revision().publish()
        loaded.updated.append(slug)


def is_changed_by_an_editor(lesson: LessonPage) -> bool:
    """Whether a person has saved it, be it as a draft; the loader's own revisions have no user."""
    return lesson.starter_digest == "" or lesson.revisions.filter(user__isnull=False).exists()


def lesson_values(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields of a LessonPage from an entry of the curriculum."""
    quiz = entry["quiz"]
    return {
        "title": entry["title"],
        "goal": entry["goal"],
        "steps": json.dumps(
            [{"type": "step", "value": {"words": words}} for words in entry["steps"]]
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


def attach_sample_video(*, title: str) -> Video | None:
    """Give the sample lesson its video, as if it had just been uploaded: the pipeline does the
    rest. None when the lesson already has one."""
    lesson = LessonPage.objects.get(slug=SAMPLE_LESSON)
    if lesson.video is not None:
        return None
    with SAMPLE_VIDEO.open("rb") as file:
        video = Video.objects.create(
            title=title,
            original=File(file, name=SAMPLE_VIDEO.name),
            original_name=SAMPLE_VIDEO.name,
        )
    lesson.video = video
    lesson.save_revision().publish()
    return video
