"""From what a pack tells of a page to the values of its fields here."""

from collections.abc import Mapping, Sequence
from typing import Any

from courses.drawings import drawing
from lms.packs.exchange import document as told
from lms.packs.exchange.content import CHOSEN


class Values:
    """pictures: keys of rows by names in the pack; lessons: keys of pages by their keys in it."""

    def __init__(self, pictures: Mapping[str, int], lessons: Mapping[str, int]) -> None:
        self.pictures, self.lessons = pictures, lessons

    def of_all(self, entry: told.PagePart) -> dict[str, Any]:
        return {
            "title": entry.title,
            "seo_title": entry.seo_title,
            "search_description": entry.search_description,
        }

    def of_classroom(self, entry: told.Classroom) -> dict[str, Any]:
        return self.of_all(entry) | {
            "subject": entry.subject,
            "short_name": entry.short_name,
            "introduction": entry.introduction,
        }

    def of_lesson(self, entry: told.Lesson, *, video: int | None) -> dict[str, Any]:
        return self.of_all(entry) | {
            "goal": entry.goal,
            "drawing": known(entry.drawing),
            "picture_id": self.picture(entry.picture),
            "video_id": video,
            "makes_film": entry.makes_film,
            "scene_borders": [each.model_dump() for each in entry.scene_borders],
            "steps": [self.step(each) for each in entry.steps],
            "practice_kind": entry.practice_kind,
            "practice_text": entry.practice_text,
            "quizzes": [block(each) for each in entry.quizzes],
            "fraud_line": entry.fraud_line,
            "offline_route": entry.offline_route,
            "narration": entry.narration,
            "scenarios": list(entry.scenarios),
        }

    def step(self, entry: told.Step) -> dict[str, Any]:
        value: dict[str, Any] = {"words": entry.words, "drawing": known(entry.drawing)}
        if shown := entry.picture:
            value["picture"] = {
                "image": self.picture(shown.file),
                "alt_text": shown.alt,
                "decorative": shown.decorative,
            }
        return {"type": entry.type, "id": entry.id, "value": value}

    def of_practice(self, entry: told.PackedPractice) -> dict[str, Any]:
        return self.of_all(entry) | {"screens": [self.screen(each) for each in entry.screens]}

    def screen(self, entry: told.DrawnScreen | told.PictureScreen) -> dict[str, Any]:
        made = block(entry)
        if isinstance(entry, told.PictureScreen):
            made["value"]["picture"] = self.picture(entry.picture)
        return made

    def of_drill(self, entry: told.Drill) -> dict[str, Any]:
        items = []
        for each in entry.items:
            item = block(each)
            item["value"]["lessons"] = self.known_lessons(each.lessons)
            items.append(item)
        return self.of_all(entry) | {
            "introduction": entry.introduction,
            "items_a_round": entry.items_a_round,
            "items": items,
        }

    def of_series(self, entry: told.Series) -> dict[str, Any]:
        return self.of_all(entry) | {
            "introduction": entry.introduction,
            "about": entry.about,
            "picture_id": self.picture(entry.picture),
            CHOSEN: self.known_lessons(entry.lessons),
        }

    def known_lessons(self, keys: Sequence[str]) -> list[int]:
        """Those that are here, now or from an earlier pack."""
        return [self.lessons[key] for key in keys if key in self.lessons]

    def picture(self, name: str | None) -> int | None:
        return self.pictures[name] if name else None


def block(entry: told.Part) -> dict[str, Any]:
    value = entry.model_dump(mode="json")
    return {"type": value.pop("type"), "id": value.pop("id"), "value": value}


def known(name: str) -> str:
    """A newer version may have drawings that this one has not."""
    return name if drawing(name) else ""
