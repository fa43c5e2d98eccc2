"""Officers' pages of who works where, and of their units."""

from django.urls import path

from lms.people.views import staff, units

app_name = "staff"
urlpatterns = [
    path("", staff.staff_list, name="list"),
    path("new/", staff.appoint_somebody, name="appoint"),
    path("units/", units.my_units, name="units"),
    path("units/<str:code>/", units.unit_page, name="unit"),
    path("units/<str:code>/telephone/", units.unit_telephone, name="unit_telephone"),
    path("units/<str:code>/<slug:slug>/", units.change_unit, name="change_unit"),
    path("<int:pk>/", staff.person_page, name="person"),
    path("<int:pk>/roles/new/", staff.another_role, name="another_role"),
    path("<int:pk>/slip/", staff.slip, name="slip"),
    path("<int:pk>/telephone/", staff.telephone, name="telephone"),
    path("roles/<int:pk>/end/", staff.end, name="end"),
    path("roles/<int:pk>/move/", staff.move, name="move"),
    path("roles/<int:pk>/hand-over/", staff.hand_over, name="hand_over"),
]
