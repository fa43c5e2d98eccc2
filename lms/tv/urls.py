from django.urls import path

from lms.tv import views

app_name = "tv"
urlpatterns = [
    path("search/", views.search, name="search"),
]
