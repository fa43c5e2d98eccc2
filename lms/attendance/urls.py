"""Keeping the roll on the site's own pages, and what is printed for it."""

from django.urls import path

from lms.attendance.views import (
    codes,
    doubles,
    files,
    learners,
    my_classes,
    printing,
    sessions,
    walk_ins,
)

app_name = "attendance"
urlpatterns = [
    path("", my_classes.my_classes, name="mine"),
    path("<int:pk>/sessions/", sessions.all_sessions, name="sessions"),
    path("<int:pk>/cards/", printing.cards, name="cards"),
    path("<int:pk>/learners.<str:ending>", files.class_file, name="class_file"),
    path("<int:pk>/attendance.<str:ending>", files.grid_file, name="grid_file"),
    path("learners/", learners.directory, name="directory"),
    path("learners.<str:ending>", files.directory_file, name="directory_file"),
    path("learners/cards/", printing.directory_cards, name="directory_cards"),
    path("learners/<str:number>/attendance/", learners.attendance, name="of_learner"),
    path("learners/doubles/", doubles.doubles, name="doubles"),
    path("learners/merges/", doubles.merges, name="merges"),
    path("learners/merges/<int:pk>/", doubles.merge_done, name="merge_done"),
    path("learners/<str:number>/merge/", doubles.choose_other, name="choose_other"),
    path("learners/<str:number>/merge/<str:other>/", doubles.merge, name="merge"),
    path("learners/<str:number>/apart/<str:other>/", doubles.apart, name="apart"),
    path("qr/<str:number>.svg", printing.learner_qr, name="qr"),
    path("sessions/<int:pk>/", sessions.session_page, name="session"),
    path("sessions/<int:pk>/mark/", sessions.mark, name="mark"),
    path("sessions/<int:pk>/close/", sessions.close, name="close"),
    path("sessions/<int:pk>/move/", sessions.move, name="move"),
    path("sessions/<int:pk>/cancel/", sessions.cancel, name="cancel"),
    path("sessions/<int:pk>/reopen/", sessions.reopen, name="reopen"),
    path("sessions/<int:pk>/not-held/", sessions.not_held, name="not_held"),
    path("sessions/<int:pk>/headcount/", sessions.headcount, name="headcount"),
    path("sessions/<int:pk>/headcount/correct/", sessions.correction, name="correction"),
    path("sessions/<int:pk>/help/", sessions.helper_time, name="helper_time"),
    path("sessions/<int:pk>/walk-in/", walk_ins.walk_in, name="walk_in"),
    path("sessions/<int:pk>/code/", codes.code_page, name="code"),
    path("sessions/<int:pk>/code/<int:window>.svg", codes.code_picture, name="code_picture"),
    path("sessions/<int:pk>/sheet/", printing.sheet, name="sheet"),
    path("sessions/<int:pk>/qr.svg", printing.session_qr, name="session_qr"),
]
