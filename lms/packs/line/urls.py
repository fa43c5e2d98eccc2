"""At /packs/: what a box or another city fetches."""

from django.urls import path

from lms.packs.line import serving

urlpatterns = [
    path("newest/manifest", serving.manifest, name="newest_manifest"),
    path("newest/signature", serving.signature, name="newest_signature"),
    path("files/<str:sha256>", serving.file, name="file"),
]
