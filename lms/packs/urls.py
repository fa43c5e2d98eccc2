"""课程盘, at /packs/."""

from django.urls import URLPattern, URLResolver, path

from lms.packs.exchange.urls import urlpatterns as by_hand
from lms.packs.line.urls import urlpatterns as by_line
from lms.packs.making import views
from lms.packs.taking.urls import urlpatterns as by_stick

app_name = "packs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("<int:pk>/", views.making, name="making"),
    path("<int:pk>/<int:number>.zip", views.part, name="part"),
    *by_stick,
    *by_hand,
    *by_line,
]
