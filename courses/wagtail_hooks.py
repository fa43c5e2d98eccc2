from django.urls import URLPattern, path
from wagtail import hooks

from courses.drawing_chooser import drawing_board
from courses.films.views import StoryboardOnEdit, still


@hooks.register("register_admin_urls")
def urls_of_drawings() -> list[URLPattern]:
    return [path("drawings/", drawing_board, name="courses_drawings")]


@hooks.register("register_admin_urls")
def urls_of_storyboards() -> list[URLPattern]:
    return [
        path("storyboards/<int:page_id>/", StoryboardOnEdit.as_view(), name="courses_storyboard"),
        path("storyboards/stills/<slug:name>.jpg", still, name="courses_still"),
    ]
