"""A draft that one writes in, and what its page sends."""

from types import SimpleNamespace

from django.urls import reverse

from lms.manuals.editor.parts import TYPED_FIELDS, key_of, mark_of

JSON = {"accept": "application/json"}


def open_editor(manual, maker):
    """A manual's draft before one of its makers' people."""
    draft = manual.open_version()
    [task] = draft.tasks.all()
    first, last = task.steps.all()
    url = reverse("workbench:write", args=[manual.pk])
    return SimpleNamespace(
        manual=manual, draft=draft, task=task, first=first, last=last, url=url, maker=maker
    )


def boxes(row, **changed):
    """What a page sends of a part: all its boxes, as they are or `changed`, and its mark."""
    values = {name: getattr(row, name) for name in TYPED_FIELDS[type(row)]} | changed
    sent = {f"{key_of(row)}-{name}": "" if v is None else v for name, v in values.items()}
    return sent | {f"{key_of(row)}-seen": mark_of(row)}


def save(editor, *sent, client=None, **more):
    data = {name: value for each in sent for name, value in each.items()} | more
    response = (client or editor.maker).post(editor.url, data, headers=JSON)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)
