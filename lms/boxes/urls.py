"""Boxes: the city's pages for officers, and what boxes send by line. `here`: the box's own page."""

from django.urls import path

from lms.boxes.views import desk, line
from lms.boxes.views.here import box_page, speak_now

app_name = "boxes"
urlpatterns = [
    path("", desk.boxes, name="list"),
    path("new/", desk.new, name="new"),
    path("<int:pk>/", desk.one, name="one"),
    path("<int:pk>/code/", desk.another_code, name="code"),
    path("<int:pk>/revoke/", desk.revoke, name="revoke"),
    path("<int:pk>/again/", desk.again, name="again"),
    path("<int:pk>/lines/<int:line>/drop/", desk.drop_line, name="drop_line"),
    path("line/hello/", line.hello, name="hello"),
    path("line/letters/", line.letters, name="letters"),
    path("line/snapshot/", line.snapshot, name="snapshot"),
]

here = [
    path("", box_page, name="box_here"),
    path("speak/", speak_now, name="box_speak"),
]
