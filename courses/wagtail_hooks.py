from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from courses.drawing_chooser import drawing_board
from courses.films.views import StoryboardOnEdit, still
from courses.plain_pages import judge


@hooks.register("register_admin_urls")
def urls_of_drawings() -> list[URLPattern]:
    return [path("drawings/", drawing_board, name="courses_drawings")]


@hooks.register("register_admin_urls")
def urls_of_storyboards() -> list[URLPattern]:
    return [
        path("storyboards/<int:page_id>/", StoryboardOnEdit.as_view(), name="courses_storyboard"),
        path("storyboards/stills/<slug:name>.jpg", still, name="courses_still"),
    ]


@hooks.register("register_admin_urls")
def urls_of_plain_language() -> list[URLPattern]:
    return [path("plain/<slug:kind>/", judge, name="courses_plain")]


@hooks.register("insert_editor_js")
def judge_while_writing() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("admin/plain-words.js"))
