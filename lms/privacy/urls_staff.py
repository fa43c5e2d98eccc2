"""The same for a learner who comes to the desk; and who looked at learners' data."""

from django.urls import path

from lms.privacy.views import desk, looks

app_name = "desk"
urlpatterns = [
    path("looks/", looks.looks, name="looks"),
    path("looks.<str:ending>", looks.looks_file, name="looks_file"),
    path("learners/<int:pk>/", desk.kept, name="kept"),
    path("learners/<int:pk>/data.zip", desk.take_away, name="take_away"),
]
