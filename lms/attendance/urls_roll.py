"""The roll on a teacher's phone: its page, and what it asks for and hands over."""

from django.urls import path

from lms.attendance.api import api
from lms.attendance.views import roll

urlpatterns = [
    path("", roll.roll_page, name="roll"),
    path("manifest.webmanifest", roll.manifest, name="roll_manifest"),
    path("service-worker.js", roll.service_worker, name="roll_service_worker"),
    path("sign-out", roll.sign_out, name="roll_sign_out"),
    path("api/", api.urls),
]
