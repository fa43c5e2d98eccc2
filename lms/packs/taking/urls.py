"""At /packs/: a stick in this machine, and whose packs are trusted."""

from django.urls import path

from lms.packs.taking import key_views, views

urlpatterns = [
    path("sticks/", views.sticks, name="sticks"),
    path("sticks/<slug:key>/", views.stick, name="stick"),
    path("takings/<int:pk>/", views.pack_taking, name="pack_taking"),
    path("back/", views.back, name="back"),
    path("keys/", key_views.keys, name="keys"),
    path("keys/own/", key_views.own_key, name="own_key"),
    path("keys/<slug:key_id>/end/", key_views.end_key, name="end_key"),
]
