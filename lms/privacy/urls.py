"""One's own data: what is kept, what for, taken away, deleted."""

from django.urls import path

from lms.privacy.views import kept, notice

app_name = "privacy"
urlpatterns = [
    path("", notice.notice, name="notice"),
    path("answer/", notice.answer, name="answer"),
    path("kept/", kept.kept, name="kept"),
    path("kept/my-data.zip", kept.take_away, name="take_away"),
    path("kept/delete/", kept.delete, name="delete"),
]
