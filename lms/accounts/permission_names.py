"""Rights have names in the database, which Django makes in English ("Can add video")."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

VERBS: Final = {
    "add": "可以添加",
    "change": "可以修改",
    "delete": "可以删除",
    "view": "可以查看",
    "publish": "可以发布",
    "lock": "可以锁定",
    "unlock": "可以解锁",
}


def name_permissions(app_config: AppConfig, **announced: Any) -> None:
    """Receiver of post_migrate, after the one that makes them."""
    permissions = apps.get_model("auth", "Permission")._default_manager
    with translation.override(settings.LANGUAGE_CODE):
        wanted = dict(names_in(app_config))
    found = permissions.filter(content_type__app_label=app_config.label)
    changed = []
    for permission in found.select_related("content_type"):
        by_model = (permission.content_type.model, permission.codename)
        name = wanted.get(by_model, permission.name)
        if name != permission.name:
            permission.name = name
            changed.append(permission)
    permissions.bulk_update(changed, ["name"])


def names_in(app_config: AppConfig) -> Iterator[tuple[tuple[str, str], str]]:
    """By the model's name and the right's code."""
    for model in app_config.get_models():
        options = model._meta
        model_name = str(options.model_name)
        for action, verb in VERBS.items():
            yield (model_name, f"{action}_{model_name}"), f"{verb}{options.verbose_name}"
        for code, name in options.permissions:
            yield (model_name, code), gettext(str(name))
