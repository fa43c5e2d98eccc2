"""Teachers' and officers' pages."""

from django.urls import path

from lms.schools.views import calendars, classes, enrolments, printing, sessions

app_name = "classes"
urlpatterns = [
    path("", classes.my_classes, name="mine"),
    path("new/", classes.choose_village, name="new"),
    path("new/<str:code>/", classes.new_class, name="new_in"),
    path("my.ics", calendars.my_calendar, name="my_calendar"),
    path("<int:pk>/", classes.class_page, name="class"),
    path("<int:pk>/edit/", classes.edit_class, name="edit"),
    path("<int:pk>/enrol/number/", enrolments.enrol_by_number, name="enrol_number"),
    path("<int:pk>/enrol/name/", enrolments.enrol_by_name, name="enrol_name"),
    path("<int:pk>/leave/<int:enrolment>/", enrolments.leave, name="leave"),
    path("<int:pk>/cards/", printing.cards, name="cards"),
    path("<int:pk>/calendar.ics", calendars.class_calendar, name="calendar"),
    path("qr/<str:number>.svg", printing.learner_qr, name="qr"),
    path("sessions/<int:pk>/", sessions.session_page, name="session"),
    path("sessions/<int:pk>/mark/", sessions.mark, name="mark"),
    path("sessions/<int:pk>/close/", sessions.close, name="close"),
    path("sessions/<int:pk>/move/", sessions.move, name="move"),
    path("sessions/<int:pk>/cancel/", sessions.cancel, name="cancel"),
    path("sessions/<int:pk>/headcount/", sessions.headcount, name="headcount"),
    path("sessions/<int:pk>/help/", sessions.helper_time, name="help"),
    path("sessions/<int:pk>/sheet/", printing.sheet, name="sheet"),
    path("sessions/<int:pk>/qr.svg", printing.session_qr, name="session_qr"),
]
