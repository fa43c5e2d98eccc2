"""Every address of the site. Wagtail's pages come last, since they take whatever is left."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms.helpline import urls as helpline_urls
from lms.manuals.api import api as manuals_api
from lms.manuals.views.reading import manual_page


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Touches nothing else, so that it never lies about itself."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("lms.accounts.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("classes/help/", include(helpline_urls.for_staff)),
    path("classes/", include("lms.attendance.urls")),
    path("classes/", include("lms.classes.urls")),
    path("classes/", include("lms.people.urls")),
    path("classes/", include("lms.rosters.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("handouts/", include("courses.urls")),
    path("help/", include(helpline_urls)),
    path("here/", include("lms.attendance.urls_here")),
    path("manufacturers/", include("lms.manuals.urls_registration")),
    path("media/", include("media.urls")),
    path("my/", include("courses.progress.urls")),
    path("reports/", include("lms.reports.urls")),
    path("roll/", include("lms.attendance.urls_roll")),
    path("subtitles/", include("subtitles.urls")),
    path("workbench/", include("lms.manuals.urls_workbench")),
    path("manuals/api/", manuals_api.urls),
    path("", include("lms.manuals.urls_reading")),
    path("m/<str:code>/", manual_page, name="manual_by_code"),
    path("", include("lms.tv.urls")),
    path("", include(wagtail_urls)),
]
