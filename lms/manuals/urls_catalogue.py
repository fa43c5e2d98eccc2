"""The catalogue, and each manual by its printed code."""

from django.urls import path

from lms.manuals.catalogue.views import finding, pdfs, reading

app_name = "manuals"
urlpatterns = [
    path("manuals/", finding.front, name="front"),
    path("manuals/wishes/", finding.by_wish, name="wishes"),
    path("manuals/wishes/things/", finding.of_wish, name="of_wish"),
    path("manuals/things/", finding.by_thing, name="things"),
    path("manuals/things/<slug:kind>/", finding.of_kind, name="of_kind"),
    path("m/", finding.by_code, name="by_code"),
    path("m/<str:code>/troubles/", reading.troubles, name="troubles"),
    path("m/<str:code>/video/", reading.video, name="video"),
    path("m/<str:code>/practice/", reading.practice_list, name="practices"),
    path("m/<str:code>/card.pdf", pdfs.card, name="card"),
    path("m/<str:code>/manual.pdf", pdfs.whole, name="pdf"),
    path("m/<str:code>/pictures/<uuid:key>", reading.picture, name="picture"),
    path("m/<str:code>/<int:task>/done/", reading.task_done, name="done"),
    path("m/<str:code>/<int:task>/practice/", reading.practice, name="practice"),
    path("m/<str:code>/<int:task>/<int:step>/", reading.step_page, name="step"),
    path("m/<str:code>/<int:task>/<int:step>/answer/", reading.answer, name="answer"),
]
