"""A learner's own telephone."""

from django.urls import path

from lms.attendance.views import here

urlpatterns = [
    path("", here.here, name="here"),
    path("<slug:token>/", here.scanned, name="here_scanned"),
]
