"""The subtitles of a draft's own video, which its maker brings or corrects."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.editor.services.subtitles import (
    SubtitlesRefused,
    bring_subtitles,
    correct_subtitles,
    track_of,
    vouch_for_subtitles,
)
from lms.manuals.models import ManualVersion
from media.models import Video
from subtitles.cues.formats import clock
from subtitles.cues.problems import Reason
from subtitles.models import TrackCue

CUES_A_PAGE = 40


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def subtitles_page(request: MemberRequest, pk: int) -> HttpResponse:
    """`?p`: which page of them."""
    manual = manual_of(request, pk)
    draft: ManualVersion | None = manual.versions.drafts().select_related("video__video").first()
    if draft is None:
        return redirect("workbench:manual", pk)
    video = draft.video.video if draft.video else None
    if request.method == "POST" and video is not None:
        try:
            messages.success(request, _done(request, video))
        except SubtitlesRefused as reason:
            messages.error(request, str(reason))
        page = request.POST.get("p", "")
        return redirect(f"{reverse('workbench:subtitles', args=[pk])}?p={page}")
    track = video and track_of(video)
    rows = TrackCue.objects.filter(track=track).order_by("start_ms", "pk")
    shown = Paginator(rows, CUES_A_PAGE).get_page(request.GET.get("p"))
    labels = {reason.value: reason.label for reason in Reason}
    context = {
        "manual": manual,
        "draft": draft,
        "video": video,
        "track": track,
        "cues": shown,
        "lines": [
            (row, clock(row.start_ms), [labels[code] for code in row.problems if code in labels])
            for row in shown
        ],
    }
    return render(request, "manuals/editor/subtitles.html", context)


def _done(request: MemberRequest, video: Video) -> str:
    """What was done, in words. Raises SubtitlesRefused."""
    track, told = track_of(video), request.POST.get("do", "")
    if told == "bring":
        file = request.FILES.get("file")
        if file is None:
            raise SubtitlesRefused(_("请先选一个字幕文件。"))
        mended = bring_subtitles(video, content=file.read(), name=file.name or "", by=request.user)
        return _("字幕换好了。%(mended)s") % {"mended": mended}
    if track is None:
        raise SubtitlesRefused(_("还没有字幕。"))
    texts = {
        int(name.removeprefix("cue-")): "\n".join(
            line.strip() for line in str(text).splitlines() if line.strip()
        )
        for name, text in request.POST.items()
        if name.startswith("cue-") and name[4:].isascii() and name[4:].isdigit()
    }
    seen = request.POST.get("edit", "")
    edit = int(seen) if seen.isascii() and seen.isdigit() else 0
    count = correct_subtitles(track, texts=texts, edit=edit, by=request.user)
    if told == "vouch":
        vouch_for_subtitles(track, by=request.user)
        return _("存好了，记下了：字幕您核对过，都对。")
    return _("存好了，改了%(count)d条。") % {"count": count}
