"""What the Wagtail admin lets one download, written by our writer.

Wagtail's own has no care for what begins like a formula, and stops at a sign that XML cannot hold.
Every list and report of the admin that can be downloaded, Wagtail's, ours and those to come, comes
through here, since `lms.urls` puts it round all of them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from lms.accounts.models import User
from lms.people.choices import Looked
from lms.people.services.looks import note_look
from lms.tables import CSV, Column, Shape, Sheet, Value, as_download, write_csv, write_xlsx

View = Callable[..., HttpResponseBase]


class AdminExport(SpreadsheetExportMixin):
    """Laid over a view that can be downloaded."""

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> HttpResponse:
        columns = [
            Column(field, self.get_heading(queryset, field), Shape.MIXED)
            for field in self.list_export
        ]
        rows = [
            [
                self.exported(field, value, spreadsheet_format)
                for field, value in self.to_row_dict(item).items()
            ]
            for item in queryset
        ]
        name = self.get_filename()
        if spreadsheet_format == CSV:
            content = write_csv(columns, rows)
        else:
            content = write_xlsx(Sheet(title=name, columns=columns, rows=rows))
        answer = as_download(content, file_name=f"{name}.{spreadsheet_format}")
        answer.written = name, len(rows)  # type: ignore[attr-defined]  # for the log of looks
        return answer

    def exported(self, field: str, value: Any, spreadsheet_format: str) -> Value:
        """As the view would write it; but a moment by the clock on the wall, not Greenwich's."""
        if isinstance(value, datetime) and field not in self.custom_field_preprocess:
            return value
        return cast(Value, self.preprocess_field_value(field, value, spreadsheet_format))


def export_by_our_writer(view: View) -> View:
    """For `decorate_urlpatterns`: the view as it is, unless a file is asked of it."""
    view_class = getattr(view, "view_class", None)
    if view_class is None or not issubclass(view_class, SpreadsheetExportMixin):
        return view
    ours: Any = type(view_class.__name__, (AdminExport, view_class), {})
    export = never_cache(require_admin_access(ours.as_view(**cast(Any, view).view_initkwargs)))

    def page_or_file(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("export") not in SpreadsheetExportMixin.FORMATS:
            return view(request, *args, **kwargs)
        answer = export(request, *args, **kwargs)
        if hasattr(answer, "written"):
            name, rows = answer.written
            user = cast(User, request.user)
            note_look(user, Looked.ADMIN, rows=rows, about=name, taken=True)
        return answer

    page_or_file.export_class = ours  # type: ignore[attr-defined]
    return page_or_file
