"""A manual's video: uploaded, processed and subtitled like a lesson's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.services.videos import VideoRefused, add_video, remove_video
from lms.manuals.editor.services.writing import change_version
from lms.manuals.models import Manual, ManualVersion, ManualVideo
from media.pipeline.queries import VideoProgress, progress_of
from media.pipeline.services import try_again
from media.uploads.forms import VideoUploadForm
from subtitles.models import Track


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def video_page(request: MemberRequest, pk: int) -> HttpResponse:
    """The draft's video, how far its processing is, and the choice of another one."""
    manual = manual_of(request, pk)
    draft: ManualVersion | None = manual.versions.drafts().select_related("video__video").first()
    if draft is None:
        return redirect("workbench:manual", pk)
    form = VideoUploadForm(
        request.POST if request.POST.get("do") == "bring" else None,
        request.FILES or None,
        initial={"title": draft.title},
    )
    if request.method == "POST":
        try:
            if _done(request, draft, form):
                return redirect("workbench:video", pk)
        except (VersionRefused, VideoRefused) as reason:
            messages.error(request, str(reason))
            return redirect("workbench:video", pk)
    for field in form.fields.values():
        field.widget.attrs["class"] = "field__input"
    status = 422 if form.errors else 200
    context = _context(request, manual, draft) | {"form": form}
    return render(request, "manuals/editor/video.html", context, status=status)


def _done(request: MemberRequest, draft: ManualVersion, form: VideoUploadForm) -> bool:
    """Whether what was asked is done. False: the upload form has errors to show."""
    match request.POST.get("do", ""):
        case "bring":
            if not form.is_valid():
                return False
            brought = add_video(form.instance, organisation=request.organisation, by=request.user)
            change_version(draft, video=brought)
            messages.success(request, _("传好了。下面可以看到处理到哪一步。"))
        case "use":
            change_version(draft, video=_own(request))
        case "drop":
            change_version(draft, video=None)
        case "remove":
            remove_video(_own(request))
            messages.success(request, _("视频删掉了。"))
        case "again":
            try_again(_own(request).video)
    return True


def _own(request: MemberRequest) -> ManualVideo:
    number = request.POST.get("video", "")
    videos = ManualVideo.objects.of(request.organisation).select_related("video")
    return get_object_or_404(videos, pk=number if number.isascii() and number.isdigit() else None)


def _context(request: MemberRequest, manual: Manual, draft: ManualVersion) -> dict[str, object]:
    shown = draft.video
    others = ManualVideo.objects.of(request.organisation).select_related("video")
    return {
        "manual": manual,
        "product": manual.product,
        "draft": draft,
        "shown": shown,
        "progress": _progress(shown),
        "subtitles": _subtitles(shown),
        "others": others.exclude(pk=shown.pk) if shown else others,
    }


def _progress(shown: ManualVideo | None) -> VideoProgress | None:
    return progress_of(shown.video) if shown else None


def _subtitles(shown: ManualVideo | None) -> Track | None:
    """Reviewed or not; None while there are none."""
    if shown is None:
        return None
    language = shown.video.spoken_language
    return Track.objects.filter(video=shown.video, language=language).first()
