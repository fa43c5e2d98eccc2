"""What of a pack is new here, what changed, and what stays as it is."""

from hashlib import sha1
from pathlib import Path
from typing import Any

from courses.models import (
    ClassroomPage,
    CoursePage,
    DrillPage,
    HomePage,
    LessonPage,
    PracticePage,
    ShelfPage,
)
from lms.packs.exchange import document as told
from lms.packs.exchange.arriving import Arrived
from lms.packs.exchange.content import digest_of, give
from lms.packs.exchange.films_in import digest_of_film
from lms.packs.exchange.finding import is_starters_own, page_for
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.taken import Outcome, TakenPage
from lms.packs.exchange.values import Values
from media.models import Picture

#: In a preview, of what is not here yet: a key that no row has.
NOT_YET = -1


class Preview:
    """Goes through a pack and says of each page what would become of it."""

    def __init__(self, pack: told.CoursePack, arrived: Arrived, *, publish: bool) -> None:
        self.pack, self.arrived, self.publish = pack, arrived, publish
        rows = TakenPart.objects.filter(page__isnull=False)
        self.rows = {row.key: row for row in rows}
        self.pictures: dict[str, int] = {}
        self.lessons = self.known_lessons()
        self.values = Values(self.pictures, self.lessons)
        self.taken: list[TakenPage] = []
        self.outcomes: dict[str, Outcome] = {}

    def known_lessons(self) -> dict[str, int]:
        """By their keys: what was taken before, else what was written here."""
        written = LessonPage.objects.values_list("translation_key", "pk")
        found = {str(key): pk for key, pk in written}
        lessons = set(found.values())
        taken = {key: row.page_id for key, row in self.rows.items()}
        return found | {key: pk for key, pk in taken.items() if pk in lessons and pk}

    def take(self) -> list[TakenPage]:
        home = self.home()
        self.take_pictures()
        rooms = [(entry, self.take_room(entry, home)) for entry in self.pack.classrooms]
        for entry, room in rooms:  # drills lead back to lessons of any room
            for drill in entry.drills:
                self.take_page(DrillPage, drill, room, self.values.of_drill(drill))
        for series in self.pack.series:
            shelf = self.shelf(series.shelf, home)
            self.take_page(CoursePage, series, shelf, self.values.of_series(series))
        return self.taken

    def take_room(self, entry: told.Classroom, home: Any) -> Any:
        room = self.take_page(ClassroomPage, entry, home, self.values.of_classroom(entry))
        for lesson in entry.lessons:
            self.take_lesson(lesson, room)
        return room

    def take_lesson(self, entry: told.Lesson, room: Any) -> Any:
        row = self.rows.get(entry.key)
        video = self.video_of(entry, row)
        values = self.values.of_lesson(entry, video=video)
        lesson = self.take_page(LessonPage, entry, room, values, of=entry)
        self.lessons[entry.key] = lesson.pk if lesson is not None else NOT_YET
        practice = None
        if entry.practice:
            values = self.values.of_practice(entry.practice)
            practice = self.take_page(PracticePage, entry.practice, lesson, values, of=entry)
        self.follow(entry, lesson, practice)
        return lesson

    def take_page(
        self,
        kind: type[Any],
        entry: told.PagePart,
        parent: Any,
        values: dict[str, Any],
        *,
        of: told.Lesson | None = None,
    ) -> Any | None:
        """The page as it stands now; None where there is none yet. of: the lesson that it is, or
        belongs to."""
        row = self.rows.get(entry.key)
        page = page_for(kind, entry, row=row, parent=parent)
        if page is None:
            page, outcome = self.add(kind, entry, parent, values), Outcome.NEW
        else:
            outcome = self.compare(page, entry, parent, values, row=row)
        self.outcomes[entry.key] = outcome
        name = str(kind._meta.verbose_name)
        self.taken.append(
            TakenPage(
                entry.key,
                name,
                entry.title,
                outcome,
                page=page.pk if page else None,
                lesson=of.key if of else "",
            )
        )
        return page

    def compare(
        self,
        page: Any,
        entry: told.PagePart,
        parent: Any,
        values: dict[str, Any],
        *,
        row: TakenPart | None,
    ) -> Outcome:
        latest = page.get_latest_revision_as_object()
        stands = digest_of(latest)
        if isinstance(entry, told.Lesson) and self.keeps_film(entry, values):
            values = {**values, "video_id": latest.video_id}
        give(latest, values)
        wanted = digest_of(latest)
        if stands == wanted:
            self.leave(page, entry, parent, wanted)
            return Outcome.UNTOUCHED
        known = row is not None and row.stands == stands
        if not (self.publish or known or (row is None and is_starters_own(page))):
            return Outcome.KEPT
        self.change(page, latest, entry, parent, wanted)
        return Outcome.CHANGED

    def keeps_film(self, entry: told.Lesson, values: dict[str, Any]) -> bool:
        """Whether the film that somebody chose here stays: the pack brings none. On a box it goes
        where the city took it away, and not where the pack came without its films."""
        if values["video_id"] is not None:
            return False
        return not self.publish or (entry.film is not None and not entry.film.is_made)

    # What a taker does otherwise

    def home(self) -> Any:
        return HomePage.objects.first()

    def take_pictures(self) -> None:
        for picture in self.pack.pictures:
            found = kept_picture(self.arrived.picture(picture.file))
            self.pictures[picture.file] = found.pk if found else NOT_YET

    def shelf(self, entry: told.Shelf, home: Any) -> Any:
        return home and ShelfPage.objects.child_of(home).filter(slug=entry.slug).first()

    def video_of(self, entry: told.Lesson, row: TakenPart | None) -> int | None:
        """Key of the film that somebody chose; None for none."""
        if entry.film is None or entry.film.is_made:
            return None
        if row is not None and row.film == digest_of_film(entry.film):
            return video_here(row)
        return NOT_YET if self.arrived.has(entry.film) else None

    def add(self, kind: type[Any], entry: Any, parent: Any, values: dict[str, Any]) -> Any | None:
        """A new page; None where it is only asked about."""
        return None

    def leave(self, page: Any, entry: told.PagePart, parent: Any, stands: str) -> None:
        """A page that is as the pack has it."""

    def change(
        self, page: Any, latest: Any, entry: told.PagePart, parent: Any, stands: str
    ) -> None:
        """latest: the page's newest version, with what the pack says in it."""

    def follow(self, entry: told.Lesson, lesson: Any, practice: Any) -> None:
        """After a lesson and its practice: what is heard and watched of it."""


def kept_picture(path: Path) -> Picture | None:
    """The one of the library that is the same file."""
    content = path.read_bytes()
    for found in Picture.objects.filter(file_hash=hash_of(content)):
        with found.file.storage.open(found.file.name) as file:
            if file.read() == content:
                return found
    return None


def video_here(row: TakenPart) -> int | None:
    page = LessonPage.objects.filter(pk=row.page_id).first()
    if page is None:
        return None
    key: int | None = page.get_latest_revision_as_object().video_id
    return key


def hash_of(content: bytes) -> str:
    """As the library keeps it; that two files are the same is looked at besides."""
    return sha1(content, usedforsecurity=False).hexdigest()
