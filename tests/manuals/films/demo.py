"""The demo's manuals as versions that are in no database, for what only reads them."""

from typing import Any

from PIL import Image

from lms.manuals.models import (
    Manual,
    ManualPicture,
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
    Product,
)
from lms.manuals.starter.loading import STARTER_DIR, starter_package


def unsaved_version(folder: str) -> ManualVersion:
    """With its parts, as `with_content` would fetch them."""
    told = starter_package(folder).document
    product = Product(**told.product.model_dump())
    fields = ("title", "service_telephone")
    version = ManualVersion(
        pk=1,
        manual=Manual(product=product),
        **{name: getattr(told, name) for name in fields},
    )
    version._prefetched_objects_cache = {
        "warnings": [ManualWarning(words=words) for words in told.warnings],
        "tasks": [unsaved_task(task, folder) for task in told.tasks],
        "troubles": [ManualTrouble(**trouble.model_dump()) for trouble in told.troubles],
    }
    return version


def unsaved_task(told: Any, folder: str) -> ManualTask:
    task = ManualTask(pk=1, title=told.title)
    steps = []
    for step in told.steps:
        words = step.model_dump(include={"words", "alt", "warning", "expected"})
        mark = step.marker.model_dump() if step.marker else {}
        made = ManualStep(**words, **{f"marker_{side}": number for side, number in mark.items()})
        if step.picture:
            name = f"{folder}/{step.picture}"
            with Image.open(STARTER_DIR / name) as opened:
                size = opened.size
            made.picture = ManualPicture(file=name, width=size[0], height=size[1])
        steps.append(made)
    task._prefetched_objects_cache = {"steps": steps}
    return task
