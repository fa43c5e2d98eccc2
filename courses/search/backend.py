"""Wagtail's database search with Chinese cut into pieces, without which it finds none.

Works on SQLite (FTS5) and PostgreSQL (tsvector) alike, since both see nothing but words parted by
blanks: what goes into the index and what is asked are cut in the same way (`chinese.py`).
"""

import copy
from typing import Any

from modelsearch.backends import database
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.query import PlainText, SearchQuery

from courses.search.chinese import MATCH_NOTHING, index_words, rewrite, rewrite_beginning


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  # as Wagtail looks for it
    """The search backend of the database in use, with Chinese cut on the way in and when asked."""
    plain: Any = database.SearchBackend(dict(params))

    class ChineseIndex(plain.index_class):
        def add_items(self, model: Any, objs: Any) -> None:
            super().add_items(model, [Cut(obj) for obj in objs])

    class ChineseBackend(type(plain)):  # type: ignore[misc]
        index_class = ChineseIndex

        def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            operator = kwargs.get("operator") or "and"
            return super().search(rewrite(as_query(query, operator)), *args, **kwargs)

        def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            words = query.query_string if isinstance(query, PlainText) else query
            # What Wagtail makes of a quotation mark alone has no words at all.
            begun = "" if isinstance(words, SearchQuery) else rewrite_beginning(words)
            if not begun:
                return super().search(MATCH_NOTHING, *args, **kwargs)
            return super().autocomplete(begun, *args, **kwargs)

    return ChineseBackend(dict(params))


def as_query(query: str | SearchQuery | None, operator: str) -> SearchQuery:
    if isinstance(query, SearchQuery):
        return query
    return PlainText(query or "", operator=operator)


class Cut:
    """An object for the index: its key, and its search fields with their words cut."""

    def __init__(self, obj: Any) -> None:
        self.obj = obj
        self.pk = obj.pk

    def get_search_fields(self) -> list[Any]:
        return [cut_field(field) for field in self.obj.get_search_fields()]


def cut_field(field: Any) -> Any:
    """The same field, its value cut."""
    cut = copy.copy(field)
    if isinstance(field, RelatedFields):
        cut.fields = [cut_field(each) for each in field.fields]
        cut.get_value = lambda obj: field.get_value(uncut(obj))
    elif isinstance(field, SearchField | AutocompleteField):
        cut.get_value = lambda obj: cut_value(field.get_value(uncut(obj)))
    return cut


def uncut(obj: Any) -> Any:
    return obj.obj if isinstance(obj, Cut) else obj


def cut_value(value: Any) -> Any:
    """Cuts the words of a text, or of the texts of a list or dictionary, as a block's may be."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return [cut_value(each) for each in value]
    if isinstance(value, dict):
        return {key: cut_value(each) for key, each in value.items()}
    return index_words(str(value))
