from django.urls import path

from subtitles import views

app_name = "subtitles"
urlpatterns = [
    path("<int:track_id>.<str:suffix>", views.track_file, name="track"),
]
