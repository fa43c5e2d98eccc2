"""What somebody was told: pages of the account, which no television shows."""

from django.urls import path

from lms.notices.views import mine

app_name = "my_notices"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("read/", mine.read, name="read"),
    path("digest/", mine.digest, name="digest"),
]
