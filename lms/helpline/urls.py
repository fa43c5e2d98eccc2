"""Help: the pages of whoever asks for it, and those `for_staff`, who call back."""

from django.urls import path

from lms.helpline.views.answering import close, waiting_list
from lms.helpline.views.asking import call_page, help_page, sent_page, village_page

urlpatterns = [
    path("", help_page, name="help"),
    path("call/", call_page, name="help_call"),
    path("sent/", sent_page, name="help_sent"),
    path("village/", village_page, name="village"),
]

for_staff = (
    [
        path("", waiting_list, name="list"),
        path("<int:pk>/close/", close, name="close"),
    ],
    "helpline",
)
