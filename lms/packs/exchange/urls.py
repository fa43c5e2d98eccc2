"""At /packs/: another city's lessons, brought as a ZIP."""

from django.urls import path

from lms.packs.exchange import views

urlpatterns = [
    path("bring-in/", views.bring_in, name="bring_in"),
    path("bring-in/<uuid:token>/", views.brought, name="brought"),
    path("bring-in/<uuid:token>/take/", views.take_in, name="take_in"),
]
