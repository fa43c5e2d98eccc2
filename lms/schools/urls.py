from django.urls import path

from lms.schools.api import api
from lms.schools.views import roll

urlpatterns = [
    path("", roll.roll_page, name="roll"),
    path("manifest.webmanifest", roll.manifest, name="roll_manifest"),
    path("service-worker.js", roll.service_worker, name="roll_service_worker"),
    path("sign-out", roll.sign_out, name="roll_sign_out"),
    path("api/", api.urls),
]
