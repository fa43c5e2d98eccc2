"""Pages as a pack tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from courses.models import ClassroomPage, CoursePage, DrillPage, LessonPage, PracticePage
from lms.manuals.exchange.documents import document_of, pictures_by_name
from lms.manuals.models import Manual, ManualVersion
from lms.packs.exchange import document as told
from lms.packs.exchange.content import blocks_of
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.written_files import Desk
from lms.packs.refusals import PackError
from media.choices import SpokenLanguage
from media.films.storyboard import moved_borders
from media.models import Film, Narration, Picture, Video
from subtitles.choices import TrackState
from subtitles.models import TrackCue


class Writer:
    """Makes the parts of one pack; what they name is copied by its desk."""

    def __init__(self, desk: Desk, *, rights: told.Rights) -> None:
        self.desk, self.rights = desk, rights
        self.pictures: dict[str, told.Picture] = {}
        #: Of pages that came from elsewhere, which stay whose they were.
        rows = TakenPart.objects.filter(page__isnull=False)
        self.taken = {row.page_id: row for row in rows}

    # Pages

    def page(self, page: Any) -> dict[str, Any]:
        row = self.taken.get(page.pk)
        rights = self.rights
        if row is not None and row.source:
            rights = told.Rights(licence=row.licence, source=row.source)
        return {
            "key": self.key(page),
            "slug": page.slug,
            "title": page.title,
            "seo_title": page.seo_title,
            "search_description": page.search_description,
            "rights": rights.model_dump(),
        }

    def key(self, page: Any) -> str:
        row = self.taken.get(page.pk)
        return row.key if row else str(page.translation_key)

    def classroom(
        self,
        page: ClassroomPage,
        lessons: Sequence[dict[str, Any]],
        drills: Sequence[DrillPage],
        keys: Mapping[int, str],
    ) -> dict[str, Any]:
        return {
            **self.page(page),
            **fields(page, "subject", "short_name", "introduction"),
            "lessons": lessons,
            "drills": [self.drill(drill, keys) for drill in drills],
        }

    def lesson(self, page: LessonPage, film: Video | None) -> dict[str, Any]:
        practice = PracticePage.objects.child_of(page).live().first()
        return {
            **self.page(page),
            **fields(page, "goal", "drawing", "makes_film", "practice_kind", "practice_text"),
            **fields(page, "fraud_line", "offline_route", "narration", "scenarios"),
            "picture": self.picture(page.picture),
            "scene_borders": [asdict(each) for each in moved_borders(page.scene_borders or [])],
            "steps": [self.step(each) for each in blocks_of(page, "steps")],
            "quizzes": [flat(each) for each in blocks_of(page, "quizzes")],
            "practice": practice and self.practice(practice),
            "spoken": self.spoken(page),
            "film": film and self.film(film, page),
        }

    def step(self, block: dict[str, Any]) -> dict[str, Any]:
        value = block["value"]
        shown = value.get("picture") or {}
        return {
            **flat({**block, "value": {"words": value["words"]}}),
            "drawing": value.get("drawing") or "",
            "picture": shown.get("image")
            and {
                "file": self.picture(Picture.objects.get(pk=shown["image"])),
                "alt": shown.get("alt_text"),
                "decorative": shown.get("decorative"),
            },
        }

    def practice(self, page: PracticePage) -> dict[str, Any]:
        screens = []
        for block in blocks_of(page, "screens"):
            screen = flat(block)
            if block["type"] == "picture":
                screen["picture"] = self.picture(Picture.objects.get(pk=screen["picture"]))
            screens.append(screen)
        return {**self.page(page), "screens": screens}

    def drill(self, page: DrillPage, keys: Mapping[int, str]) -> dict[str, Any]:
        items = [flat(block) for block in blocks_of(page, "items")]
        for item in items:
            item["lessons"] = [keys[pk] for pk in item.get("lessons") or [] if pk in keys]
        return {**self.page(page), **fields(page, "introduction", "items_a_round"), "items": items}

    def series(self, page: CoursePage, keys: Mapping[int, str]) -> dict[str, Any]:
        shelf = page.get_parent().specific
        chosen = page.chosen_lessons.values_list("lesson", flat=True)
        return {
            **self.page(page),
            **fields(page, "introduction", "about"),
            "picture": self.picture(page.picture),
            "shelf": fields(shelf, "slug", "title", "introduction"),
            "lessons": [keys[pk] for pk in chosen if pk in keys],
        }

    # What they show and say

    def picture(self, picture: Picture | None) -> str | None:
        if picture is None:
            return None
        name = self.desk.keep(picture.file, "pictures")
        focus = [
            picture.focal_point_x,
            picture.focal_point_y,
            picture.focal_point_width,
            picture.focal_point_height,
        ]
        self.pictures[name] = told.Picture(
            file=name,
            title=picture.title or name,
            description=picture.description,
            focus=focus if None not in focus else None,
            rights=self.rights,
        )
        return name

    def spoken(self, page: LessonPage) -> dict[str, Any] | None:
        narration = Narration.objects.filter(page_id=page.pk).first()
        if narration is None or not narration.reads_the_text:
            return None
        return {
            "file": self.desk.keep(narration.audio, "sounds"),
            **fields(narration, "duration_ms", "voice", "sentences"),
            "rights": self.rights.model_dump(),
        }

    def film(self, video: Video, page: LessonPage) -> dict[str, Any]:
        files, has_words = self.desk.files_of(video, page.pk)
        made = None if page.video_id else Film.objects.filter(video=video).first()
        language = SpokenLanguage(video.spoken_language).value
        cues = TrackCue.objects.filter(track__video=video, track__language=language)
        cues = cues.select_related("track").order_by("start_ms", "pk")
        shown = list(cues) if made is None else []
        poster = self.desk.keep(video.poster, "pictures") if video.poster else None
        return {
            "title": video.title[:120] or page.title[:120],
            "is_made": made is not None,
            "spoken_language": language,
            "duration_ms": video.duration_ms,
            "files": [each.model_dump() for each in files],
            "has_words_in_picture": has_words,
            "poster": poster,
            "thumbnails": [
                {"at_ms": each.at_ms, "file": self.desk.keep(each.file, "pictures")}
                for each in video.thumbnails.all()
            ],
            "scenes": made.scenes if made else [],
            "said": made.said if made else [],
            "cues": [fields(each, "start_ms", "end_ms", "text", "chapter") for each in shown],
            "is_reviewed": bool(shown) and shown[0].track.state != TrackState.MACHINE,
            "rights": self.rights.model_dump(),
        }

    # Manuals

    def manual(self, manual: Manual) -> dict[str, Any] | None:
        """None where elders do not see it."""
        if manual.published_version_id is None or not manual.live:
            return None
        version = ManualVersion.objects.with_content().get(pk=manual.published_version_id)
        maker = manual.product.organisation
        return {
            "code": manual.short_code,
            "maker": fields(maker, "name", "code"),
            "document": document_of(version).model_dump(mode="json"),
            "pictures": {
                name: self.desk.keep(picture.file, "pictures")
                for name, picture in pictures_by_name(version).items()
            },
            "rights": told.Rights(licence=self.rights.licence, source=maker.name).model_dump(),
        }


def fields(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def flat(block: dict[str, Any]) -> dict[str, Any]:
    """Type and id beside what the block says. Raises PackError for a block without an id."""
    if not block["id"]:
        raise PackError(_("有一课存得不完整，请打开它再发布一次。"))
    return {"type": block["type"], "id": block["id"], **block["value"]}
