"""Every address of the site. Wagtail's pages come last, since they take whatever is left."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps import Sitemap
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from courses.finding import new_lessons, robots, sitemap
from lms.boxes import urls as boxes_urls
from lms.helpline import urls as helpline_urls
from lms.manuals.catalogue.sitemap import ManualSitemap
from lms.manuals.catalogue.views.reading import manual_page
from lms.manuals.exchange.api import api as manuals_api
from lms.operations.watching.middleware import FOR_WATCHERS
from lms.people.views.first_password import first_password
from lms.reports.admin_exports import export_by_our_writer

admin_urls = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, export_by_our_writer)

handler500 = "lms.failures.tell"

SITEMAPS = {"pages": Sitemap, "manuals": ManualSitemap}

urlpatterns = [
    *(path(address[1:], view, name=address[1:]) for address, view in FOR_WATCHERS.items()),
    path("lessons.xml", new_lessons, name="new_lessons"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("", include("lms.accounts.urls")),
    path("", include("lms.evaluation.urls")),
    path("accounts/first-password/", first_password, name="first_password"),
    path("accounts/notices/", include("lms.notices.urls_own")),
    path("accounts/privacy/", include("lms.privacy.urls")),
    path("admin/", include(admin_urls)),
    path("alerts/", include("lms.alerts.urls")),
    path("box/", include(boxes_urls.here)),
    path("boxes/", include("lms.boxes.urls")),
    path("classes/alerts/", include("lms.alerts.urls_staff")),
    path("classes/help/", include(helpline_urls.for_staff)),
    path("classes/", include("lms.attendance.urls")),
    path("classes/", include("lms.classes.urls")),
    path("classes/", include("lms.people.urls")),
    path("classes/", include("lms.rosters.learners.urls")),
    path("desk/", include("lms.privacy.urls_staff")),
    path("documents/", include(wagtaildocs_urls)),
    path("handouts/", include("courses.handouts.urls")),
    path("help/", include(helpline_urls)),
    path("here/", include("lms.attendance.urls_here")),
    path("ledger/", include("lms.ledger.urls")),
    path("manufacturers/", include("lms.manuals.urls_registration")),
    path("media/", include("media.urls")),
    path("my/", include("courses.my_learning.urls")),
    path("notices/", include("lms.notices.urls")),
    path("packs/", include("lms.packs.urls")),
    path("people/lists/", include("lms.rosters.staff.urls")),
    path("people/", include("lms.people.urls_staff")),
    path("reports/", include("lms.reports.urls")),
    path("returns/", include("lms.returns.urls")),
    path("roll/alerts/", include("lms.alerts.urls_roll")),
    path("roll/", include("lms.attendance.urls_roll")),
    path("subtitles/", include("subtitles.urls")),
    path("work/", include("lms.work.urls")),
    path("workbench/", include("lms.manuals.urls_workbench")),
    path("manuals/api/", manuals_api.urls),
    path("", include("lms.manuals.urls_catalogue")),
    path("m/<str:code>/", manual_page, name="manual_by_code"),
    path("", include("lms.tv.urls")),
    path("", include("lms.offline.urls")),
    path("", include(wagtail_urls)),
]
