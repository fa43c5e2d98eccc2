"""For those who write them: officers and the police liaison; and teachers, who read them out."""

from django.urls import path

from lms.alerts.views import desk, emergencies, met_desk, read_outs

app_name = "alert_desk"
urlpatterns = [
    path("", desk.mine, name="mine"),
    path("new/", desk.write, name="write"),
    path("<int:pk>/", desk.one, name="one"),
    path("<int:pk>/change/", desk.change, name="change"),
    path("<int:pk>/confirm/", desk.confirm, name="confirm"),
    path("<int:pk>/back/", desk.send_back, name="send_back"),
    path("<int:pk>/withdraw/", desk.withdraw, name="withdraw"),
    path("emergency/new/", emergencies.write, name="write_emergency"),
    path("emergency/<int:pk>/", emergencies.one, name="emergency"),
    path("emergency/<int:pk>/confirm/", emergencies.confirm, name="confirm_emergency"),
    path("emergency/<int:pk>/withdraw/", emergencies.withdraw, name="end_emergency"),
    path("emergency/<int:pk>/seen/", emergencies.seen, name="see_emergency"),
    path("met/", met_desk.mine, name="met"),
    path("met/new/", met_desk.note, name="note_met"),
    path("met/<int:pk>/drill/", met_desk.drill, name="met_to_drill"),
    path("met/<int:pk>/aside/", met_desk.aside, name="met_aside"),
    path("<int:pk>/read/<int:session>/", read_outs.tick, name="read_out"),
]
