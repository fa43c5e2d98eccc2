"""What the roll on a teacher's phone asks for and hands over of alerts."""

from django.urls import path

from lms.alerts.views import phone

urlpatterns = [path("", phone.on_the_roll, name="roll_alerts")]
