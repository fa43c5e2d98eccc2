"""The work ledger."""

from django.urls import path

from lms.ledger.views import acts, imports, lists, rows, starter

app_name = "ledger"
urlpatterns = [
    path("", lists.ledger, name="list"),
    path("timetable/", lists.timetable, name="timetable"),
    path("table.xlsx", lists.table_file, name="file"),
    path("new/", rows.new, name="new"),
    path("starter/", starter.bring_in, name="starter"),
    path("tables/", imports.send, name="send"),
    path("tables/<int:pk>/", imports.preview, name="preview"),
    path("tables/<int:pk>/undo/", imports.undo, name="undo"),
    path("<int:pk>/", rows.row, name="row"),
    path("<int:pk>/edit/", rows.edit, name="edit"),
    path("<int:pk>/progress/", rows.progress, name="progress"),
    path("<int:pk>/close/", acts.close, name="close"),
    path("<int:pk>/reopen/", acts.reopen, name="reopen"),
    path("<int:pk>/take-away/", acts.take_away, name="take_away"),
    path("<int:pk>/press/", acts.press, name="press"),
    path("<int:pk>/answer/", acts.answer, name="answer"),
    path("<int:pk>/evidence/", acts.add_evidence, name="add_evidence"),
    path("<int:pk>/evidence/<int:piece>/", acts.evidence_file, name="evidence"),
    path("<int:pk>/evidence/<int:piece>/back/", acts.take_back, name="take_back"),
]
