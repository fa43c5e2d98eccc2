"""Lists of learners as spreadsheets."""

from django.urls import path

from lms.rosters.learners import views

app_name = "rosters"
urlpatterns = [
    path("<int:pk>/roster/", views.class_roster, name="send"),
    path("roster/", views.choose_village, name="villages"),
    path("roster/template.<str:ending>", views.template, name="template"),
    path("roster/<str:code>/", views.village_roster, name="send_to"),
    path("rosters/<int:pk>/", views.preview, name="preview"),
    path("rosters/<int:pk>/left-out.csv", views.left_out, name="left_out"),
    path("rosters/<int:pk>/undo/", views.undo, name="undo"),
]
