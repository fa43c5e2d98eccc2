from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from media.models import Attachment
from media.models.pictures import is_published
from media.narration.viewsets import NarrationViewSet
from media.viewsets import VideoChooserViewSet, VideoViewSet


@hooks.register("register_admin_viewset")
def register_video_viewsets() -> list[object]:
    return [VideoViewSet(), VideoChooserViewSet(), NarrationViewSet()]


@hooks.register("before_serve_document")
def keep_private_until_published(document: Attachment, request: HttpRequest) -> None:
    """A document is there for everybody once something that is published leads to it; until then
    for whoever may enter the admin. Raises Http404."""
    if request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin"):
        return
    if not is_published(document):
        raise Http404


@hooks.register("insert_global_admin_css")
def link_admin_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/staff.css"))


@hooks.register("insert_editor_js")
def send_films_in_pieces() -> SafeString:
    """On every page with a form: a lesson's video may be uploaded in a window that opens on it."""
    return format_html(
        '<script type="module" src="{}"></script>', static("admin/resumable-upload.js")
    )
