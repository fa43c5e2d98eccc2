"""Help: the pages of whoever asks for it. `desk` are those of whoever answers."""

from django.urls import path

from lms.schools.views.help import call_page, help_page, sent_page, village_page
from lms.schools.views.help_desk import close, waiting_list

urlpatterns = [
    path("", help_page, name="help"),
    path("call/", call_page, name="help_call"),
    path("sent/", sent_page, name="help_sent"),
    path("village/", village_page, name="village"),
]

desk = (
    [
        path("", waiting_list, name="list"),
        path("<int:pk>/close/", close, name="close"),
    ],
    "help_desk",
)
