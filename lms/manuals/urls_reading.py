"""The catalogue, and each manual by the code that is printed on a box."""

from django.urls import path

from lms.manuals.views import catalogue, papers, reading

app_name = "manuals"
urlpatterns = [
    path("manuals/", catalogue.front, name="front"),
    path("manuals/wishes/", catalogue.by_wish, name="wishes"),
    path("manuals/wishes/things/", catalogue.of_wish, name="of_wish"),
    path("manuals/things/", catalogue.by_thing, name="things"),
    path("manuals/things/<slug:kind>/", catalogue.of_kind, name="of_kind"),
    path("m/<str:code>/troubles/", reading.troubles, name="troubles"),
    path("m/<str:code>/video/", reading.video, name="video"),
    path("m/<str:code>/practice/", reading.practice_list, name="practices"),
    path("m/<str:code>/card.pdf", papers.card, name="card"),
    path("m/<str:code>/manual.pdf", papers.whole, name="pdf"),
    path("m/<str:code>/pictures/<uuid:key>", reading.picture, name="picture"),
    path("m/<str:code>/<int:task>/done/", reading.task_done, name="done"),
    path("m/<str:code>/<int:task>/practice/", reading.practice, name="practice"),
    path("m/<str:code>/<int:task>/<int:step>/", reading.step_page, name="step"),
    path("m/<str:code>/<int:task>/<int:step>/answer/", reading.answer, name="answer"),
]
