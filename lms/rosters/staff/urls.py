"""Lists of staff as spreadsheets."""

from django.urls import path

from lms.rosters.staff import views

app_name = "staff_lists"
urlpatterns = [
    path("", views.send, name="send"),
    path("template.<str:ending>", views.template, name="template"),
    path("<int:pk>/", views.preview, name="preview"),
    path("<int:pk>/left-out.csv", views.left_out, name="left_out"),
    path("<int:pk>/slips.pdf", views.slips, name="slips"),
    path("<int:pk>/undo/", views.undo, name="undo"),
]
