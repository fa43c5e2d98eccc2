"""月报, at /returns/."""

from django.urls import path

from lms.returns.views import acts, pages, rules

app_name = "returns"
OF_ONE = "<str:code>/<str:slug>/"
urlpatterns = [
    path("", pages.mine, name="mine"),
    path("rules/", rules.rules, name="rules"),
    path("rules/days/", rules.set_days, name="days"),
    path("rules/form/", rules.upload, name="upload"),
    path("rules/form/sample.xlsx", rules.sample, name="sample"),
    path("rules/without-classes/", rules.declare, name="declare"),
    path("rules/without-classes/<int:pk>/withdraw/", rules.withdraw, name="withdraw"),
    path(OF_ONE, pages.unit_page, name="unit"),
    path(OF_ONE + "submit/", acts.submit, name="submit"),
    path(OF_ONE + "approve/", acts.approve, name="approve"),
    path(OF_ONE + "send-back/", acts.back, name="back"),
    path(OF_ONE + "missing/", acts.missing, name="missing"),
    path(OF_ONE + "missing-below/", acts.missing_below, name="missing_below"),
    path(OF_ONE + "expected/", acts.expected, name="expected"),
    path(OF_ONE + "lock/", acts.lock, name="lock"),
    path(OF_ONE + "unlock/", acts.unlock, name="unlock"),
    path(OF_ONE + "return.pdf", pages.paper, name="pdf"),
    path(OF_ONE + "return.xlsx", pages.workbook, name="xlsx"),
]
