from django.urls import path

from lms.tv.views import screens, search

app_name = "tv"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("screen/worker.js", screens.service_worker, name="screen_worker"),
    path("screen/<slug:slug>/", screens.screen, name="screen"),
    path("screen/<slug:slug>/playlist.json", screens.playlist, name="playlist"),
]
