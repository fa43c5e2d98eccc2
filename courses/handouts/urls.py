from django.urls import path

from courses.handouts import views

app_name = "courses"
urlpatterns = [
    path("lesson-<int:pk>.pdf", views.lesson_pdf, name="lesson_handout"),
    path("classroom-<int:pk>.pdf", views.classroom_pdf, name="classroom_pack"),
]
