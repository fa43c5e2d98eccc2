"""Notices: those of a class, who is to be called, what it cost."""

from django.urls import path

from lms.notices.views import costs, groups, pushed, sent, telling, wishes

app_name = "notices"
urlpatterns = [
    path("sessions/<int:pk>/", telling.session, name="session"),
    path("sent/", sent.followed, name="followed"),
    path("sent/<int:pk>/", sent.sent, name="sent"),
    path("sent/<int:pk>/paper/", sent.paper, name="paper"),
    path("calls/<int:pk>/", sent.call, name="call"),
    path("costs/", costs.costs, name="costs"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<int:pk>/remove/", groups.remove, name="remove_group"),
    path("wishes/<str:number>/", wishes.wish, name="wish"),
    path("classes/<int:pk>/wishes/", wishes.of_class, name="wishes_of_class"),
    path("push/", pushed.push, name="push"),
]
