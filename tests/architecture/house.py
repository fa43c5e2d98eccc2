"""The house as it stands: its files, and its storeys as pyproject.toml tells import-linter."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import models

PROJECT = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["tool"]
PACKAGES = PROJECT["importlinter"]["root_packages"]
NOT_OURS = {".git", ".venv", "node_modules", "var", "vendor", "__pycache__"}


def our_files(checkout: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(checkout.rglob(pattern)):
        if not NOT_OURS & set(path.relative_to(checkout).parts):
            yield path


def storeys() -> list[list[str]]:
    """From the top down; each holds its packages."""
    [contract] = [c for c in PROJECT["importlinter"]["contracts"] if c["id"] == "storeys"]
    return [re.findall(r"[\w.]+", layer) for layer in contract["layers"]]


def home(model: type[models.Model]) -> tuple[int, str] | None:
    """How high the model's package stands (0 is the ground) and its name; None: not ours."""
    for height, packages in enumerate(reversed(storeys())):
        for package in packages:
            if f"{model.__module__}.".startswith(f"{package}."):
                return height, package
    return None


def upward_keys(candidates: Iterable[type[models.Model]]) -> Iterator[str]:
    """Each foreign key or many-to-many of ours that leads up, or sideways to a sibling.

    Generic foreign keys lead anywhere by design and are not fields with a target.
    """
    for model in candidates:
        here = home(model)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model
            there = home(target) if target else None
            if here and there and here != there and there[0] >= here[0]:
                yield f"{model.__module__}.{model.__qualname__}.{field.name} leads to {there[1]}"
