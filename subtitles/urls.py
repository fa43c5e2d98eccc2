from django.urls import path

from subtitles import views

app_name = "subtitles"
urlpatterns = [
    path("narration/<int:narration_id>.vtt", views.narration_file, name="narration"),
    path("<uuid:key>/<int:track_id>.<str:suffix>", views.track_file, name="track"),
]
