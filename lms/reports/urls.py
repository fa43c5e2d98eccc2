"""Figures of units, for those who supervise them."""

from django.urls import path

from lms.reports import views
from lms.reports.learning import views as learning

app_name = "reports"
urlpatterns = [
    path("", views.my_units, name="mine"),
    path("learning/", learning.lessons, name="learning"),
    path("learning/<int:pk>/", learning.lesson, name="learning_lesson"),
    path("learning.<str:suffix>", learning.lessons_file, name="learning_file"),
    path("<str:code>/", views.unit_page, name="unit"),
    path("<str:code>/<slug:name>/", views.report_page, name="report"),
    path("<str:code>/<slug:name>.<str:suffix>", views.report_file, name="file"),
]
