from django.urls import path

from lms.tv.views import screens, search, start, televisions

app_name = "tv"
urlpatterns = [
    path("more/", search.more, name="more"),
    path("search/", search.search, name="search"),
    path("search/sought/", search.sought, name="sought"),
    path("tv/", televisions.who, name="who"),
    path("tv/start/", start.start, name="start"),
    path("tv/watch/<int:pk>/", televisions.watch_as, name="watch_as"),
    path("tv/pair/", televisions.pair, name="pair"),
    path("tv/pair/state.json", televisions.pair_state, name="pair_state"),
    path("tv/pair/finish/", televisions.finish, name="finish"),
    path("tv/confirm/", televisions.confirm, name="confirm"),
    path("tv/mine/", televisions.mine, name="mine"),
    path("tv/on-phone/", televisions.on_phone, name="on_phone"),
    path("tv/mine/<int:pk>/name/", televisions.rename, name="rename"),
    path("tv/mine/<int:pk>/revoke/", televisions.revoke, name="revoke"),
    path("screen/worker.js", screens.service_worker, name="screen_worker"),
    path("screen/<slug:slug>/", screens.screen, name="screen"),
    path("screen/<slug:slug>/playlist.json", screens.playlist, name="playlist"),
]
