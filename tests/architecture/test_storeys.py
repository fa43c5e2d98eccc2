"""Imports and foreign keys point down, never up (ARCHITECTURE.md, Storeys)."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from courses.models import LessonPage
from lms.people.models import Learner
from tests.architecture.house import PACKAGES, upward_keys


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.prefix) / "bin/lint-imports", "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied_house(checkout: Path, tmp_path: Path) -> Path:
    return copy_house(checkout, tmp_path)


def copy_house(checkout: Path, folder: Path) -> Path:
    shutil.copy(checkout / "pyproject.toml", folder)
    for package in PACKAGES:
        modules = shutil.ignore_patterns("static", "locale", "*.mp[34]", "*.png", "__pycache__")
        shutil.copytree(checkout / package, folder / package, ignore=modules)
    return folder


def test_no_import_points_up(checkout):
    result = lint_imports(checkout)
    assert result.returncode == 0, result.stdout


#: Module, the line that is planted there, and the contract that it breaks.
PLANTED = [
    ("media/planted.py", "import courses.models", "Imports point down"),
    ("media/planted.py", "from subtitles import apps", "Imports point down"),
    ("lms/accounts/planted.py", "import media.models", "Imports point down"),
    ("courses/planted.py", "from lms.accounts.models import User", "knows nothing of"),
    ("lms/limits.py", "import lms.accounts.models", "Imports point down"),
    ("lms/corridor/__init__.py", "", "has a storey"),
    ("lms/units/queries.py", "import lms.people.models", "Imports point down"),
    ("lms/people/names.py", "import lms.people.models", "Inside a room"),
    ("lms/classes/drawer.py", "", "Inside a room"),
    ("media/ffmpeg/sizes.py", "import media.pipeline.stages", "The rooms of media"),
    ("media/drawer.py", "", "The rooms of media"),
    ("media/ffmpeg/sizes.py", "import media.ffmpeg.ladder", "Inside media.ffmpeg"),
    ("media/pipeline/stages.py", "import media.pipeline.services", "Inside media.pipeline"),
    ("media/uploads/drawer.py", "", "Inside media.uploads"),
    ("media/narration/sentences.py", "import media.narration.stage", "Inside media.narration"),
    ("courses/progress/records.py", "import courses.models", "progress imports no pages"),
    ("subtitles/engines/speech.py", "import subtitles.models", "Inside subtitles"),
    ("subtitles/cues/cue.py", "import subtitles.cues.building", "Inside the rooms of subtitles"),
    ("subtitles/review/drawer.py", "", "Inside the rooms of subtitles"),
    ("lms/manuals/drawer.py", "", "The rooms of the manuals"),
    ("lms/manuals/review/drawer.py", "", "Inside a room of the manuals"),
    ("lms/manuals/readability/rules.py", "import lms.manuals.review", "rooms of the manuals"),
    ("lms/manuals/editor/parts.py", "import lms.manuals.editor.forms", "Inside a room of"),
    ("lms/manuals/models/manuals.py", "import lms.manuals.models.reviews", "The models of the"),
]


@pytest.fixture(scope="module")
def broken(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each broken contract, by its name, where all of it is planted at once."""
    house = copy_house(checkout, tmp_path_factory.mktemp("house"))
    for module in {module for module, _line, _contract in PLANTED}:
        lines = [line for at, line, _contract in PLANTED if at == module]
        (house / module).parent.mkdir(exist_ok=True)
        (house / module).write_text("\n".join([*lines, ""]))
    result = lint_imports(house)
    assert result.returncode == 1
    _kept, _line, said = result.stdout.partition("\nBroken contracts\n")
    names_and_words = re.split(r"\n(\S.*)\n-{4,}\n", said)[1:]
    return dict(zip(names_and_words[::2], names_and_words[1::2], strict=True))


@pytest.mark.parametrize(("module", "line", "contract"), PLANTED)
def test_a_planted_import_is_refused(broken, module, line, contract):
    dotted = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    leads_to = f" -> {line.split()[1]}" if line else ""
    said = "".join(said for name, said in broken.items() if contract in name)
    assert re.search(rf"\b{re.escape(dotted + leads_to)}\b", said), said


def test_every_package_at_the_top_is_known_to_the_linter(checkout):
    others = {"tests", "benchmarks", "deploy"}  # deploy/web.py is gunicorn's
    modules = {path.relative_to(checkout).parts[0] for path in checkout.glob("[a-z]*/**/*.py")}
    assert modules - others - {"var", "node_modules"} == set(PACKAGES)


def draw_house(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "bin/draw-house"), *options]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


def test_the_picture_of_the_house_shows_the_imports_as_they_are(checkout):
    assert draw_house(checkout, "--check").returncode == 0, "bin/draw-house draws it anew"


def test_a_picture_without_a_planted_import_is_stale(copied_house, checkout):
    (copied_house / "docs/images").mkdir(parents=True)
    shutil.copytree(checkout / "bin", copied_house / "bin")
    shutil.copy(checkout / "ARCHITECTURE.md", copied_house)
    assert draw_house(copied_house).returncode == 0
    assert draw_house(copied_house, "--check").returncode == 0
    (copied_house / "lms/units/planted.py").write_text("import media.models\n")
    assert draw_house(copied_house, "--check").returncode == 1


def test_no_foreign_key_points_up():
    assert list(upward_keys(apps.get_models(include_auto_created=True))) == []


@pytest.mark.parametrize("relation", [models.ForeignKey, models.OneToOneField])
@isolate_apps("media")
def test_a_planted_foreign_key_is_refused(relation):
    class Planted(models.Model):
        __module__ = "media.models.planted"
        lesson = relation(LessonPage, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "media"

    [found] = upward_keys([Planted])
    assert found.endswith("Planted.lesson leads to courses")


@isolate_apps("lms.units")
def test_a_planted_foreign_key_between_rooms_is_refused():
    class Planted(models.Model):
        __module__ = "lms.units.models"
        learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "units"

    [found] = upward_keys([Planted])
    assert found.endswith("Planted.learner leads to lms.people")


@isolate_apps("media")
def test_a_planted_many_to_many_is_refused():
    class Planted(models.Model):
        __module__ = "media.models.planted"
        lessons = models.ManyToManyField(LessonPage, related_name="+")

        class Meta:
            app_label = "media"

    [found] = upward_keys([Planted])
    assert found.endswith("Planted.lessons leads to courses")
