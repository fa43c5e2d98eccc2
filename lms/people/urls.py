"""Teachers' and officers' pages of one learner."""

from django.urls import path

from lms.people.views import learners as views

app_name = "people"
urlpatterns = [
    path("learners/<str:number>/", views.learner_page, name="learner"),
    path("learners/<str:number>/edit/", views.edit_learner, name="edit_learner"),
    path("learners/<str:number>/erase/", views.erase, name="erase_learner"),
    path("learners/<str:number>/proxies/new/", views.new_delegate, name="new_delegate"),
    path("learners/<str:number>/proxies/<int:pk>/revoke/", views.revoke, name="revoke_delegate"),
]
