"""Pages of a pack become pages here."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import LessonPage, PracticePage, ShelfPage
from courses.starter.loading import add_published, find_or_make_home
from lms.accounts.models import User
from lms.packs.exchange import document as told
from lms.packs.exchange.arriving import Arrived
from lms.packs.exchange.content import STREAMS, digest_of, give
from lms.packs.exchange.films_in import FilmTaker, digest_of_film
from lms.packs.exchange.finding import free_slug, is_free_key
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.pages_in import Preview, hash_of, kept_picture, video_here
from lms.packs.exchange.saved_files import Saved
from lms.packs.exchange.taken import Outcome, TakenPage
from lms.packs.refusals import PackError
from media.models import Picture, Video
from media.pipeline.publishing import delete_video


class Taker(Preview):
    """Within one transaction."""

    def __init__(
        self,
        pack: told.CoursePack,
        arrived: Arrived,
        saved: Saved,
        films: FilmTaker,
        *,
        paths: dict[str, list[Path]],
        publish: bool,
        by: User | None,
    ) -> None:
        """paths: of each lesson whose film is new here, its files, by its key."""
        super().__init__(pack, arrived, publish=publish)
        self.saved, self.films, self.paths, self.by = saved, films, paths, by
        self.new_videos: dict[str, Video] = {}

    def take(self) -> list[TakenPage]:
        taken = super().take()
        if self.publish:
            for entry in self.pack.classrooms:
                self.put_in_order(entry)
        return taken

    def home(self) -> Any:
        return find_or_make_home(_("银龄学堂"))

    # What they show

    def take_pictures(self) -> None:
        for entry in self.pack.pictures:
            path = self.arrived.picture(entry.file)
            picture = kept_picture(path) or self.add_picture(entry, path)
            self.pictures[entry.file] = picture.pk

    def add_picture(self, entry: told.Picture, path: Path) -> Picture:
        content = path.read_bytes()
        picture = Picture(
            title=entry.title,
            description=entry.description,
            uploaded_by_user=self.by,
            file=ImageFile(BytesIO(content), name=path.name),
            file_size=len(content),
            file_hash=hash_of(content),
        )
        if entry.focus:
            picture.focal_point_x, picture.focal_point_y = entry.focus[:2]
            picture.focal_point_width, picture.focal_point_height = entry.focus[2:]
        picture.save()
        self.saved.note(picture.file)
        return picture

    def shelf(self, entry: told.Shelf, home: Any) -> Any:
        found = super().shelf(entry, home)
        if found is not None:
            return found
        shelf = ShelfPage(title=entry.title, slug=entry.slug, introduction=entry.introduction)
        return self.put(shelf, home)

    def video_of(self, entry: told.Lesson, row: TakenPart | None) -> int | None:
        if entry.film is None or entry.film.is_made:
            return None
        if entry.key not in self.paths:  # the same as before, or the pack came without it
            return None if row is None else video_here(row)
        video = self.films.chosen(entry.film, self.paths[entry.key])
        self.new_videos[entry.key] = video
        return video.pk

    # Pages

    def add(self, kind: type[Any], entry: Any, parent: Any, values: dict[str, Any]) -> Any:
        page = kind(slug=free_slug(parent, entry.slug))
        if is_free_key(entry.key):
            page.translation_key = entry.key
        give(page, values)
        self.check(page)
        self.put(page, parent)
        self.note(page, entry, digest_of(page))
        return page

    def put(self, page: Any, parent: Any) -> Any:
        """Below its parent: live, or as a draft."""
        if self.publish:
            add_published(parent, page)
        else:
            page.live = False
            parent.add_child(instance=page)
            page.save_revision(user=self.by)
        return page

    def leave(self, page: Any, entry: told.PagePart, parent: Any, stands: str) -> None:
        self.note(page, entry, stands)
        if self.publish:
            self.move(page, parent)
            if not page.live or page.has_unpublished_changes:
                self.show(page.get_latest_revision_as_object())

    def change(
        self, page: Any, latest: Any, entry: told.PagePart, parent: Any, stands: str
    ) -> None:
        self.check(latest)
        if self.publish:
            self.move(page, parent)
            latest.path, latest.depth = page.path, page.depth
            self.show(latest)
            self.forget_replaced(page, latest, entry)
        else:
            latest.save_revision(user=self.by)
        self.note(page, entry, stands)

    def show(self, latest: Any) -> None:
        revision = latest.save_revision(user=self.by)
        revision.publish(user=self.by, skip_permission_checks=True)

    def move(self, page: Any, parent: Any) -> None:
        if page.get_parent().pk != parent.pk:
            page.slug = free_slug(parent, page.slug)
            page.save(update_fields=["slug"])
            page.move(parent, "last-child", user=self.by)
            page.refresh_from_db()
            parent.refresh_from_db()

    def check(self, page: Any) -> None:
        """As an editor's form would. Raises PackError."""
        try:
            for name in STREAMS.get(type(page), ()):
                stream = getattr(page, name)
                setattr(page, name, stream.stream_block.clean(stream))
            page.full_clean(exclude=["path", "depth", "slug", "content_type"])
        except ValidationError as error:
            raise PackError(
                _("课程包里的“%(title)s”有写得不对的地方，不能收。") % {"title": page.title[:60]}
            ) from error

    def note(self, page: Any, entry: told.PagePart, stands: str) -> None:
        row = self.rows.get(entry.key) or TakenPart(key=entry.key)
        row.page_id, row.stands = page.pk, stands
        row.source, row.licence = entry.rights.source, entry.rights.licence
        row.save()
        self.rows[entry.key] = row

    def put_in_order(self, entry: told.Classroom) -> None:
        """The lessons of a classroom, as they follow each other in their city."""
        wanted = [self.lessons[lesson.key] for lesson in entry.lessons]
        pages = LessonPage.objects.filter(pk__in=wanted)
        stand = list(pages.order_by("path").values_list("pk", flat=True))
        if stand == wanted:
            return
        for key in wanted:
            page = Page.objects.get(pk=key)
            page.move(page.get_parent(), "last-child", user=self.by)

    # What is heard and watched

    def follow(self, entry: told.Lesson, lesson: LessonPage, practice: PracticePage | None) -> None:
        outcome, row = self.outcomes[entry.key], self.rows.get(entry.key)
        if outcome == Outcome.KEPT or row is None:
            self.forget_video(entry)
            return
        if entry.film and not entry.film.is_made and entry.key in self.paths:
            row.film = digest_of_film(entry.film)  # by the lesson's own field
            row.save()
        if lesson.live and not self.publish:
            return  # elders hear and see what stands there now; the rest is made when it goes live
        lesson = LessonPage.objects.get(pk=lesson.pk)
        sound = entry.spoken.file[-68:-4] if entry.spoken else ""
        if entry.spoken and (row.sound != sound or outcome != Outcome.UNTOUCHED):
            row.sound = sound if self.films.sound(lesson, entry.spoken) else ""
        film, paths = entry.film, self.paths.get(entry.key)
        if film and film.is_made and paths and self.films.made(lesson, film, paths, practice):
            row.film = digest_of_film(film)
        row.save()

    def forget_video(self, entry: told.Lesson) -> None:
        """One that was made for a lesson which stays as it is."""
        video = self.new_videos.pop(entry.key, None)
        if video is not None:
            delete_video(video)

    def forget_replaced(self, page: Any, latest: Any, entry: told.PagePart) -> None:
        """In a village box: the film that an earlier pack brought, and no lesson shows now."""
        row, old = self.rows.get(entry.key), getattr(page, "video", None)
        if old is None or row is None or not row.film or old.pk == latest.video_id:
            return
        if not LessonPage.objects.filter(video=old).exists():
            transaction.on_commit(lambda: delete_video(old))
