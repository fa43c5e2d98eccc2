from django.urls import path

from media import views

app_name = "media"
urlpatterns = [
    path("progress/<uuid:key>.json", views.video_progress, name="progress"),
    path("<path:name>", views.serve_media, name="file"),
]
