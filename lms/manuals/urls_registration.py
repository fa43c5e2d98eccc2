"""Pages of whoever wants to publish manuals, before the workbench is open."""

from django.urls import path

from lms.manuals.views import registration

app_name = "manufacturers"
urlpatterns = [
    path("", registration.welcome, name="welcome"),
    path("register/", registration.register, name="register"),
    path("application/", registration.application, name="application"),
    path("papers/<int:pk>/<slug:name>/", registration.paper, name="paper"),
]
