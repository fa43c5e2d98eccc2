"""The pages of manuals: what they hold, a step a page, practices, troubles."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.urls import reverse

from courses.practice import PracticeMoment, play
from lms.manuals.catalogue.practices import practice_of
from lms.manuals.catalogue.queries import shown_version
from lms.manuals.catalogue.views.reading import TASKS_A_SCREEN, page_context, step_context
from lms.manuals.films.queries import film_to_watch
from lms.manuals.models import Manual, ManualPicture, ManualTask, ManualVersion
from lms.packs.reader.films import film_of
from lms.packs.reader.folder import PAGES
from lms.packs.reader.links import IN_MEDIA
from lms.packs.reader.practices import answers_of
from lms.packs.reader.rendering import PageWriter

MANUALS_A_SCREEN = 6
FRONT = "manuals:front"


def versions_of(manuals: Sequence[Manual]) -> list[ManualVersion]:
    """What elders read of each now; a manual that is hidden is left out."""
    found = [version for manual in manuals if (version := shown_version(manual))]
    return sorted(found, key=lambda version: (str(version.manual.product), version.manual.pk))


def addresses_of(versions: Sequence[ManualVersion], films: Mapping[int, str]) -> dict[str, str]:
    """Where each page lies in the pack, by its address on the site. ``films``: by the manual's
    key, the path of its film."""
    front = reverse(FRONT)
    found = dict(_screens(front, "manuals", Paginator(versions, MANUALS_A_SCREEN)))
    for version in versions:
        found |= _of_version(version)
        if version.manual.pk in films:
            found[_address("video", version.manual)] = f"{PAGES}/{_name(version.manual)}-video.html"
    return found


def _name(manual: Manual) -> str:
    return f"manual-{manual.short_code.lower()}"


def _screens(address: str, name: str, screens: Paginator) -> Iterator[tuple[str, str]]:
    yield address, f"{PAGES}/{name}.html"
    for number in screens.page_range[1:]:
        yield f"{address}?p={number}", f"{PAGES}/{name}-p{number}.html"


def _of_version(version: ManualVersion) -> dict[str, str]:
    manual, tasks = version.manual, list(version.tasks.all())
    name = _name(manual)
    found = dict(_screens(manual.get_short_url(), name, _tasks(version)))
    for number, task in enumerate(tasks, 1):
        for step in range(1, len(task.steps.all()) + 1):
            found[_address("step", manual, number, step)] = f"{PAGES}/{name}-{number}-{step}.html"
        found[_address("done", manual, number)] = f"{PAGES}/{name}-{number}-done.html"
        found[_address("practice", manual, number)] = f"{PAGES}/{name}-{number}-practice.html"
    found[_address("troubles", manual)] = f"{PAGES}/{name}-troubles.html"
    if len(tasks) == 1:  # straight to it, as on the site
        found[_address("practices", manual)] = found[_address("practice", manual, 1)]
    else:
        found |= dict(_screens(_address("practices", manual), f"{name}-practices", _list(version)))
    return found


def _address(name: str, manual: Manual, *numbers: int) -> str:
    return reverse(f"manuals:{name}", args=[manual.short_code, *numbers])


def _tasks(version: ManualVersion) -> Paginator:
    return Paginator(list(version.tasks.all()), TASKS_A_SCREEN)


def _list(version: ManualVersion) -> Paginator:
    return Paginator(list(version.tasks.all()), TASKS_A_SCREEN + 1)


def picture_url(picture: ManualPicture) -> str:
    return IN_MEDIA + quote(str(picture.file.name))


def write_manuals(
    writer: PageWriter, versions: Sequence[ManualVersion], films: Mapping[int, str]
) -> None:
    front = reverse(FRONT)
    for screen in Paginator(versions, MANUALS_A_SCREEN):
        _write(writer, "packs/reader/manuals.html", {"versions": screen}, _on_screen(front, screen))
    for version in versions:
        _write_version(writer, version, films.get(version.manual.pk))


def _write_version(writer: PageWriter, version: ManualVersion, film: str | None) -> None:
    manual, common = version.manual, page_context(version)
    for screen in _tasks(version):
        here = _on_screen(manual.get_short_url(), screen)
        front = {**common, "tasks": screen, "film": film}
        _write(writer, "manuals/catalogue/manual.html", front, here)
    if film is not None:
        shown = film_of(film_to_watch(version), path=film, key=f"manual-{manual.pk}")
        here = _address("video", manual)
        _write(writer, "manuals/catalogue/video.html", {**common, "video": shown}, here)
    tasks = list(version.tasks.all())
    if len(tasks) > 1:
        for screen in _list(version):
            here = _on_screen(_address("practices", manual), screen)
            _write(writer, "manuals/catalogue/practices.html", {**common, "tasks": screen}, here)
    _write(writer, "manuals/catalogue/troubles.html", common, _address("troubles", manual))
    for number, task in enumerate(tasks, 1):
        _write_task(writer, version, task, number, is_last=number == len(tasks))


def _write_task(
    writer: PageWriter, version: ManualVersion, task: ManualTask, number: int, *, is_last: bool
) -> None:
    steps = len(task.steps.all())
    for step in range(1, steps + 1):
        context = step_context(version, number, step, url_of=picture_url)
        here = _address("step", version.manual, number, step)
        _write(writer, "manuals/catalogue/step.html", context, here)
    done = page_context(version) | {
        "task": task,
        "task_number": number,
        "last_step": steps,
        "can_practise": bool(task.told_steps()),
        "next_task": None if is_last else number + 1,
    }
    _write(writer, "manuals/catalogue/done.html", done, _address("done", version.manual, number))
    _write_practice(writer, version, task, _address("practice", version.manual, number))


def _write_practice(
    writer: PageWriter, version: ManualVersion, task: ManualTask, here: str
) -> None:
    played = practice_of(task, url_of=picture_url)
    at = writer.links.pages[here]
    told = task.told_steps()

    def context(moment: PracticeMoment) -> dict[str, Any]:
        return page_context(version) | {
            "task": task,
            "moment": moment,
            "warning": told[moment.number - 1].warning if moment.screen else "",
            "way_back": version.manual.get_short_url(),
        }

    def render(moment: PracticeMoment) -> str:
        template = "manuals/catalogue/parts/player.html"
        return writer.part(template, context(moment), at=at, here=here)

    data = {"answers": answers_of(played, render)}
    template = "manuals/catalogue/practice.html"
    writer.page(template, context(play(played)), at=at, here=here, data=data)


def _write(writer: PageWriter, template: str, context: dict[str, Any], here: str) -> None:
    writer.page(template, context, at=writer.links.pages[here], here=here)


def _on_screen(address: str, screen: Any) -> str:
    return address if screen.number == 1 else f"{address}?p={screen.number}"
