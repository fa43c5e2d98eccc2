"""What pages look like, collected for serving."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command


def collect_what_changed() -> bool:
    """Run collectstatic if a file is new or changed since it was run to its end; whether it was.
    Sites that serve the files from where they lie need none."""
    if not is_to_be_collected():
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    return True


def read_names_again() -> None:
    """For a process that was there before they were collected: it read once, when it started, what
    each file is called."""
    storage: Any = staticfiles_storage
    storage.hashed_files, storage.manifest_hash = storage.load_manifest()


def is_to_be_collected() -> bool:
    return not (settings.STATIC_ROOT is None or settings.DEBUG or all_are_collected())


def refuse_uncollected() -> None:
    """Raises ImproperlyConfigured where every page would fail, since none were collected."""
    if settings.STATIC_ROOT is None or settings.DEBUG:
        return
    storage: Any = staticfiles_storage
    if not storage.exists(storage.manifest_name):
        raise ImproperlyConfigured(
            f"Yinling does not start: style sheets and scripts are not in {settings.STATIC_ROOT}. "
            "Run manage.py set_up (deploy/manage set_up), with the same settings."
        )


def all_are_collected() -> bool:
    """By the manifest, which is written when all are in their places."""
    storage: Any = staticfiles_storage  # with a manifest, wherever STATIC_ROOT is set
    if not storage.exists(storage.manifest_name):
        return False
    written = storage.get_modified_time(storage.manifest_name)
    known, _digest = storage.load_manifest()
    return all(name in known and changed <= written for name, changed in files())


def files() -> Iterator[tuple[str, datetime]]:
    """The name and time of change of each file that collectstatic would find."""
    config = apps.get_app_config("staticfiles")
    assert isinstance(config, StaticFilesConfig)
    ignored = config.ignore_patterns
    for finder in get_finders():
        for path, storage in finder.list(ignored):
            yield path, storage.get_modified_time(path)
