"""A lesson as a storyboard: title, goal, each step with its screens, what goes wrong, the fraud,
the way without a phone, and "now you"."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from courses.choices import Subject
from courses.drawings import drawing
from courses.films.lines import broken
from courses.films.screens import screens_by_step
from courses.models import LessonPage, PracticePage
from courses.practice import Practice, Screen
from media.films.alignment import align
from media.films.clauses import clauses_of
from media.films.storyboard import (
    Phone,
    Scene,
    SceneKind,
    Spot,
    Storyboard,
    moved_borders,
)
from media.models import Picture

#: Full-width characters a line: beside a phone, beside a drawing, alone, and of a title.
BESIDE_PHONE, BESIDE_PICTURE, ALONE, OF_TITLE = 9, 8, 14, 8
#: As large as it is shown.
PICTURE_SPEC = "max-600x600|format-jpeg"
#: Time for the viewer to do what he was asked to.
YOUR_TURN_MS = 2_000
#: What a narration says when it comes to its end.
FAREWELL = "来 咱们 今天 回家 练 试一试 学会 记住 演一演 两个人一组"
#: A miss that says less teaches nothing without its screen.
LEAST_MISS = 8


def storyboard_of(lesson: LessonPage) -> Storyboard:
    """The film of a lesson as it stands, of its live practice too."""
    page = PracticePage.objects.child_of(lesson).live().first()
    subject = lesson.get_parent().specific
    return lesson_storyboard(
        lesson,
        subject=Subject(subject.subject),
        practice=page.practice if page else None,
    )


def lesson_storyboard(
    lesson: LessonPage, *, subject: Subject, practice: Practice | None
) -> Storyboard:
    steps = [
        FilmStep(
            str(block.value["words"]),
            picture_of(block.value.get("picture"), block.value.get("drawing") or ""),
            block.id or "",
        )
        for block in lesson.steps
    ]
    head = [
        Scene(
            kind=SceneKind.TITLE,
            label=str(subject.label),
            words=broken(lesson.title, OF_TITLE),
            colour=subject.value,
            picture=picture_of(lesson.picture, lesson.drawing),
            key="title",
        ),
        Scene(
            kind=SceneKind.WORDS,
            label=_("今天学会"),
            words=broken(lesson.goal, ALONE),
            colour=subject.value,
            key="goal",
        ),
    ]
    told = step_scenes(steps, subject=subject, practice=practice)
    missed = miss_scenes(practice, subject=subject)
    ends = end_scenes(lesson, subject=subject)
    closing = closing_scene(lesson, subject=subject, practice=practice)
    clauses = clauses_of(lesson.text_to_read)
    # Which of the two is told first differs from narration to narration.
    ways = [[*head, *told, *missed, *order, closing] for order in (ends, ends[::-1])]
    best = max(ways, key=lambda scenes: align(scenes, clauses).score)
    return Storyboard(lesson.title, tuple(best), moved_borders(lesson.scene_borders))


@dataclass(frozen=True, slots=True)
class FilmStep:
    words: str
    picture: str  # a data: address; blank for none
    key: str  # its block's, which stays when its words change; blank before it is saved


def step_scenes(
    steps: Sequence[FilmStep], *, subject: Subject, practice: Practice | None
) -> list[Scene]:
    """Each step once at least, with its screens where the practice has some."""
    screens = screens_by_step([step.words for step in steps], practice.screens if practice else ())
    scenes: list[Scene] = []
    for number, (step, shown) in enumerate(zip(steps, screens, strict=True), 1):
        plain = Scene(
            kind=SceneKind.PICTURE if step.picture else SceneKind.WORDS,
            words=broken(step.words, BESIDE_PICTURE if step.picture else ALONE),
            colour=subject.value,
            number=number,
            picture=step.picture,
            key=step.key,
        )
        if not shown:
            scenes.append(plain)
        for count, screen in enumerate(shown):
            words = step.words if count == 0 else screen.say
            scenes.append(
                replace(
                    plain,
                    kind=SceneKind.PHONE,
                    words=broken(words, BESIDE_PHONE),
                    picture="",
                    phone=phone_of(screen),
                    told_by=(
                        f"{step.words} {screen.say} {screen.hint}" if count == 0 else screen.say
                    ),
                    key=step.key if count == 0 else f"{step.key}/{screen.id}",
                )
            )
    return scenes


def picture_of(picture: Picture | None, name: str) -> str:
    """A data: address of the picture of one's own, else of the drawing; blank for neither."""
    if picture is not None:
        with picture.get_rendition(PICTURE_SPEC).file.open("rb") as file:
            return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"
    drawn = drawing(name)
    return (drawn and f"data:image/svg+xml;base64,{b64encode(drawn.svg.encode()).decode()}") or ""


def phone_of(screen: Screen) -> Phone:
    markup = render_to_string("courses/film/screen.html", {"screen": screen})
    right = screen.right_widget
    spot = Spot(right.box.x, right.box.y, right.box.w, right.box.h) if right else None
    return Phone(_without_addresses(markup), spot)


def _without_addresses(markup: str) -> str:
    """The sprite's address has a digest in it; the drawings are named alone."""
    parts = markup.split('<use href="')
    return '<use href="'.join([parts[0], *("#" + part.partition("#")[2] for part in parts[1:])])


def miss_scenes(practice: Practice | None, *, subject: Subject) -> list[Scene]:
    """What is said to whoever presses the wrong thing, on its screen with the right place."""
    for screen in practice.screens if practice else ():
        for widget in screen.widgets:
            if widget.target and not widget.is_right and len(widget.target.miss) >= LEAST_MISS:
                return [
                    Scene(
                        kind=SceneKind.PHONE,
                        label=_("点错了不要紧"),
                        words=broken(widget.target.miss, BESIDE_PHONE),
                        colour=subject.value,
                        phone=phone_of(screen),
                        silent=True,
                    )
                ]
    return []


def end_scenes(lesson: LessonPage, *, subject: Subject) -> list[Scene]:
    return [
        Scene(
            kind=SceneKind.WARNING,
            label=_("防骗一句话"),
            words=broken(lesson.fraud_line, BESIDE_PHONE),
            colour=Subject.ANTI_FRAUD.value,
            icon="shield-warning",
            key="fraud",
        ),
        Scene(
            kind=SceneKind.WITHOUT_A_PHONE,
            label=_("不用手机怎么办"),
            words=broken(lesson.offline_route, ALONE),
            colour=subject.value,
            key="without-a-phone",
        ),
    ]


def closing_scene(lesson: LessonPage, *, subject: Subject, practice: Practice | None) -> Scene:
    words = _("打开练习机，您来做一遍。") if practice else lesson.practice_text
    return Scene(
        kind=SceneKind.CLOSING,
        label=_("现在您来试一试"),
        words=broken(words or lesson.goal, ALONE),
        colour=subject.value,
        told_by=f"{lesson.practice_text} {FAREWELL}",
        rest_ms=YOUR_TURN_MS,
        key="closing",
    )
