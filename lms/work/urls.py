"""我的工作."""

from django.urls import path

from lms.work import views

app_name = "work"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("begin/", views.begin, name="begin"),
    path("queue/", views.queue, name="queue"),
    path("without-class/", views.without_class, name="without_class"),
]
