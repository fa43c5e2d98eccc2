"""A version of a manual as a storyboard: title, warnings, each task with its steps, what one should
see, troubles, the telephone, and "now you".

Here the words that are said come from the same parts as the scenes, so each scene knows its own.
They are Chinese, whatever language the page is in on which the film is asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from courses.choices import Subject
from courses.films.lines import broken
from courses.films.storyboard import OF_TITLE, YOUR_TURN_MS, picture_of
from lms.manuals.covers import DRAWINGS
from lms.manuals.models import ManualStep, ManualTask, ManualVersion
from media.films.layout import SIZES, has_room, words_box
from media.films.storyboard import Figure, Scene, SceneKind, Spot, Storyboard
from subtitles.cues import CueRules, wrap_lines

COLOUR: Final = Subject.SMART_TECH.value
CARE: Final = Subject.ANTI_FRAUD.value
#: More lines are not read in the time that they stand: then rather smaller letters.
MOST_LINES: Final = 4
#: Pixels of the letters for which lines are broken; short lines then get larger ones.
BESIDE_FIGURE, ALONE = 84, 112
#: Full-width characters a line.
BESIDE_FIGURE_TITLE: Final = 6
#: As people say a telephone number, one sign at a time.
SAID_DIGITS: Final = str.maketrans("0123456789", "零幺二三四五六七八九")

_ENDS = re.compile(r"[。！？!?…][”’」』）》]*$")


def storyboard_of(version: ManualVersion) -> Storyboard | None:
    """None while it has no step to show. Costs no query when it came by `with_content`."""
    tasks = [task for task in version.tasks.all() if task.told_steps()]
    if not tasks:
        return None
    scenes = [
        title_scene(version),
        *(care(warning.words) for warning in version.warnings.all() if warning.words.strip()),
    ]
    for number, task in enumerate(tasks, 1):
        scenes += task_scenes(task, number=number, of=len(tasks))
    scenes += end_scenes(version)
    return Storyboard(title_of(version), tuple(scenes))


def script_of(storyboard: Storyboard) -> str:
    """What is read aloud: a line a scene."""
    return "\n".join(scene.said for scene in storyboard.scenes if scene.said)


def title_of(version: ManualVersion) -> str:
    return version.title.strip() or str(version.manual.product)


# --- The scenes -------------------------------------------------------------------------------


def title_scene(version: ManualVersion) -> Scene:
    """Like its cover: its first picture, else a drawing of its kind."""
    product, title = version.manual.product, title_of(version)
    steps = [step for task in version.tasks.all() for step in task.steps.all()]
    figures = [figure for step in steps if (figure := figure_of(step))]
    first = replace(figures[0], spot=None) if figures else None
    scene = Scene(
        kind=SceneKind.TITLE,
        label=f"{product.brand} {product.model}",
        words=broken(title, BESIDE_FIGURE_TITLE if first else OF_TITLE),
        colour=COLOUR,
        picture="" if first else picture_of(None, DRAWINGS[product.kind]),
        figure=first,
        said=sentence(title),
    )
    return scene if has_room(scene, SIZES[-1]) else fitted(scene, title)


def care(words: str) -> Scene:
    """A warning, of the whole product or before a step."""
    scene = Scene(
        kind=SceneKind.WARNING,
        label="小心",
        words="",
        colour=CARE,
        icon="shield-warning",
        said=sentence(f"小心：{words}"),
    )
    return fitted(scene, words)


def task_scenes(task: ManualTask, *, number: int, of: int) -> Iterator[Scene]:
    """Its name, then its steps that have words; they are counted as its pages count them."""
    if task.title.strip():
        label = f"第{number}件事" if of > 1 else ""
        scene = Scene(
            kind=SceneKind.CLOSING,
            label=label,
            words="",
            colour=COLOUR,
            said=sentence(f"{label}：{task.title}" if label else task.title),
        )
        yield fitted(scene, task.title)
    told = task.told_steps()
    for place, step in enumerate(task.steps.all(), 1):
        if step in told:
            yield from step_scenes(step, number=place)


def step_scenes(step: ManualStep, *, number: int) -> Iterator[Scene]:
    """What to be careful about, what to do, and what one should see then."""
    if step.warning.strip():
        yield care(step.warning)
    figure = figure_of(step)
    plain = Scene(
        kind=SceneKind.FIGURE if figure else SceneKind.WORDS,
        words="",
        colour=COLOUR,
        number=number,
        figure=figure,
        said=sentence(f"第{number}步，{step.words}"),
    )
    yield fitted(plain, step.words)
    if step.expected.strip():
        then = replace(
            plain,
            number=0,
            label="做对了，会这样",
            figure=figure and replace(figure, spot=None),
            said=sentence(f"做对了，会这样：{step.expected}"),
        )
        yield fitted(then, step.expected)


def figure_of(step: ManualStep) -> Figure | None:
    """Its picture, with its marker as the place that the finger shows."""
    if step.picture is None:
        return None
    mark = step.marker
    return Figure(
        file=str(step.picture.file.name),
        width=step.picture.width,
        height=step.picture.height,
        spot=Spot(mark.x, mark.y, mark.w, mark.h) if mark else None,
    )


def end_scenes(version: ManualVersion) -> Iterator[Scene]:
    for trouble in version.troubles.all():
        if trouble.problem.strip() and trouble.remedy.strip():
            asked = f"{trouble.problem.rstrip('。？?')}，怎么办？"
            scene = Scene(
                kind=SceneKind.WITHOUT_A_PHONE,
                label=asked,
                words="",
                colour=COLOUR,
                said=sentence(asked + trouble.remedy),
            )
            yield fitted(scene, trouble.remedy)
    if number := version.service_telephone.strip():
        said = "，".join(re.findall(r"\w+", number.translate(SAID_DIGITS)))
        yield Scene(
            kind=SceneKind.WORDS,
            label="还是不会，就打客服电话",
            words=number,
            colour=COLOUR,
            said=sentence(f"还是不会，就打客服电话：{said}"),
        )
    where = "在练习机上" if version.manual.product.is_phone else "看着图"
    words = f"{where}练一练，点错不要紧。"
    scene = Scene(
        kind=SceneKind.CLOSING,
        label="现在您来试一试",
        words="",
        colour=COLOUR,
        rest_ms=YOUR_TURN_MS,
        said=sentence(f"现在您来试一试：{words}"),
    )
    yield fitted(scene, words)


# --- Words ------------------------------------------------------------------------------------


def sentence(words: str) -> str:
    """On one line, with a mark at its end."""
    line = " ".join(words.split())
    return line if _ENDS.search(line) else f"{line}。"


def fitted(scene: Scene, words: str) -> Scene:
    """The scene with these words in as large letters as there is room for; drafts may have more
    than there is room for, whose end is left out of the picture. It is said all the same."""
    shown = " ".join(words.split()).removesuffix("。")
    largest = BESIDE_FIGURE if scene.figure else ALONE
    for most in (MOST_LINES, len(shown)):
        for size in [size for size in SIZES if size <= largest]:
            lines = lines_of(scene, shown, size=size)
            filled = replace(scene, words="\n".join(lines))
            if len(lines) <= most and has_room(filled, size):
                return filled
    return fitted(scene, shown[: len(shown) * 9 // 10].rstrip("…") + "…")


def lines_of(scene: Scene, words: str, *, size: int) -> tuple[str, ...]:
    columns = words_box(scene).width // size
    return wrap_lines(words, rules=CueRules(line_width=columns))
