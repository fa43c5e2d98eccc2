"""Pages for manufacturers before their workbench is open: welcome, application, its documents."""

from django.urls import path

from lms.manuals.editor.views import people, registration

app_name = "manufacturers"
urlpatterns = [
    path("", registration.welcome, name="welcome"),
    path("register/", registration.register, name="register"),
    path("join/<str:token>/", people.join_page, name="join"),
    path("application/", registration.application, name="application"),
    path("documents/<int:pk>/<slug:name>/", registration.document, name="document"),
]
