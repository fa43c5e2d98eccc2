"""Figures of units, for those who supervise them."""

from django.urls import path

from lms.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.my_units, name="mine"),
    path("<str:code>/", views.unit_page, name="unit"),
    path("<str:code>/<slug:name>/", views.report_page, name="report"),
    path("<str:code>/<slug:name>.<str:suffix>", views.report_file, name="file"),
]
