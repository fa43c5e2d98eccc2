"""Setting a class up, who is in it, when it does not meet."""

from django.urls import path

from lms.classes.views import adding, calendars, classes, closing_days, enrolments

app_name = "classes"
urlpatterns = [
    path("new/", classes.choose_village, name="new"),
    path("new/<str:code>/", classes.new_class, name="new_in"),
    path("my.ics", calendars.my_calendar, name="my_calendar"),
    path("calendar/reset/", calendars.reset_key, name="reset_calendar"),
    path("<int:pk>/", classes.class_page, name="class"),
    path("<int:pk>/edit/", classes.edit_class, name="edit"),
    path("<int:pk>/add/", adding.add, name="add"),
    path("<int:pk>/enrol/number/", enrolments.enrol_by_number, name="enrol_number"),
    path("<int:pk>/enrol/name/", enrolments.enrol_by_name, name="enrol_name"),
    path("<int:pk>/leave/<int:enrolment>/", enrolments.leave, name="leave"),
    path("<int:pk>/calendar.ics", calendars.class_calendar, name="calendar"),
    path("days/", closing_days.days_page, name="days"),
    path("days/close/", closing_days.close, name="close_days"),
    path("days/open/<str:code>/<str:first>/<str:last>/", closing_days.open_again, name="open_days"),
    path("days/correct/", closing_days.correct, name="correct_calendar"),
    path("days/correct/<int:pk>/drop/", closing_days.drop, name="drop_correction"),
]
