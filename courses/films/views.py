"""The storyboard in the page editor: of the lesson as it stands in the form, saved or not."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.admin.views.pages.preview import PreviewOnEditView

from courses.films.drafts import draft_of
from courses.models import LessonPage
from media.films.drawing import NotDrawn
from media.films.stills import stills_folder

TEMPLATE = "courses/admin/storyboard.html"


class StoryboardOnEdit(PreviewOnEditView):
    """Reads the form as Wagtail's preview does, for whoever may edit the page."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if not isinstance(self.object, LessonPage):
            raise Http404
        form = self.get_form(request.POST)
        if not self.validate_form(form):
            fault = _("有的地方还没有填好，请先看看标红的地方。")
            return render(request, TEMPLATE, {"fault": fault})
        form.save(commit=False)
        try:
            return render(request, TEMPLATE, {"draft": draft_of(self.object)})
        except NotDrawn as reason:
            return render(request, TEMPLATE, {"fault": str(reason)})


@require_safe
@cache_control(private=True, max_age=30 * 24 * 3600, immutable=True)
def still(request: HttpRequest, name: str) -> FileResponse:
    """A scene's still, by a name that says what is on it."""
    try:
        file = (stills_folder() / f"{name}.jpg").open("rb")
    except FileNotFoundError as error:
        raise Http404(_("找不到这个文件。")) from error
    return FileResponse(file, content_type="image/jpeg")
