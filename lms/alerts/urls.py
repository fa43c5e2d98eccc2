"""Alerts for everybody: to read, on paper, as a feed; 我遇到了; what screens ask."""

from django.urls import path

from lms.alerts.views import feeds, meeting, reading, screens

app_name = "alerts"
urlpatterns = [
    path("", reading.here, name="here"),
    path("<int:pk>/", reading.alert, name="alert"),
    path("<int:pk>/poster.pdf", reading.poster, name="poster"),
    path("feed.xml", feeds.all_alerts, name="feed"),
    path("feed/<str:code>.xml", feeds.alerts_of_unit, name="feed_of_unit"),
    path("known/", screens.known, name="known"),
    path("lobby.json", screens.lobby, name="lobby"),
    path("met/", meeting.met, name="met"),
    path("met/thanks/", meeting.thanks, name="thanks"),
    path("now.json", screens.now, name="now"),
]
