"""The review desk: a page of the Wagtail admin, and what its script asks of the server."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from subtitles.choices import Origin
from subtitles.models import HotWord, Track, TrackVersion
from subtitles.review import queries, services
from subtitles.review.desk_words import desk_words
from subtitles.tracks import publishing
from subtitles.tracks.importing import UnreadableFile, read_cues

BESIDE = (Origin.MACHINE, Origin.FILM)  # versions offered beside the track

MAY_REVIEW = permission_required("subtitles.change_track")


class BadRequest(Exception):
    """What the script sent makes no sense."""


def answers(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Turn a function of a track and what was sent into a view that speaks JSON.

    How it is told what could not be kept: lms/static/autosave/protocol.js.
    """

    @wraps(view)
    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        track = get_object_or_404(Track, pk=pk)
        try:
            return JsonResponse(view(request, track))
        except services.EditConflict as conflict:
            theirs = queries.cues_as_json(track, conflict.theirs)
            conflicts = {row["id"]: row for row in theirs}
            refusal = {"message": str(conflict), "conflicts": conflicts, "gone": conflict.gone}
            return JsonResponse(refusal, status=409)
        except services.BadCue as reason:
            refused = {} if reason.cue is None else {reason.cue: str(reason)}
            return JsonResponse({"message": str(reason), "refused": refused}, status=422)
        except services.NotFinished as reason:
            refused = {row.pk: str(reason) for row in reason.cues}
            return JsonResponse({"message": str(reason), "refused": refused}, status=422)
        except UnreadableFile as reason:
            refusal = {"message": str(reason), "faults": reason.faults}
            return JsonResponse(refusal, status=422)
        except (BadRequest, KeyError, TypeError, ValueError):
            return JsonResponse({"message": _("没有看懂，请刷新页面再试。")}, status=400)

    return require_POST(MAY_REVIEW(answer))


def reviewer_of(request: HttpRequest) -> AbstractUser:
    """Who is signed in; MAY_REVIEW has let nobody else pass."""
    assert isinstance(request.user, AbstractUser)
    return request.user


def sent(request: HttpRequest) -> dict[str, Any]:
    body = json.loads(request.body)
    if not isinstance(body, dict):
        raise BadRequest
    return body


def state_as_json(track: Track) -> dict[str, Any]:
    return {"edit": track.edit, "state": track.state, "stateWords": track.get_state_display()}


@require_safe
@MAY_REVIEW
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    tracks = Track.objects.select_related("video", "reviewed_by")
    track = get_object_or_404(tracks, pk=pk)
    video = track.video
    moving = video.moving_renditions
    start = {
        **state_as_json(track),
        "track": track.pk,
        "cues": queries.cues_as_json(track, track.cues.all()),
        "rules": queries.rules_as_json(),
        "words": desk_words(),
        "ends": video.duration_ms,
        "urls": {
            name: reverse(f"tracks:{name}", args=[pk])
            for name in ("change", "news", "seen", "sign", "finish", "word", "import")
        },
    }
    context = {
        "track": track,
        "video": video,
        #: The smallest: it comes at once, and a desk shows it no larger.
        "film": moving[-1] if moving else None,
        "start": start,
        "header_title": _("核对字幕：%(video)s") % {"video": video},
        "breadcrumbs_items": [
            {"url": reverse("tracks:index"), "label": _("字幕")},
            {"url": "", "label": str(video)},
        ],
        "beside": track.versions.filter(origin__in=BESIDE, edit=None).first(),
    }
    return render(request, "subtitles/admin/desk.html", context)


@answers
def change(request: HttpRequest, track: Track) -> dict[str, Any]:
    edits = [
        services.CueEdit(
            cue=None if edit["id"] is None else int(edit["id"]),
            base=int(edit.get("base", 0)),
            gone=bool(edit.get("gone", False)),
            start_ms=int(edit.get("start", 0)),
            end_ms=int(edit.get("end", 0)),
            text=str(edit.get("text", "")),
            chapter=str(edit.get("chapter", "")),
        )
        for edit in sent(request)["edits"]
    ]
    return changed_as_json(services.change_cues(track, by=reviewer_of(request), edits=edits))


def changed_as_json(changed: Any) -> dict[str, Any]:
    return {
        **state_as_json(changed.track),
        "cues": queries.cues_as_json(changed.track, changed.cues),
        "made": changed.made,
    }


@answers
def news(request: HttpRequest, track: Track) -> dict[str, Any]:
    """What changed since the edit that the desk has seen, who else is at it, what was looked at."""
    body = sent(request)
    others = services.note_reviewer(track, user=reviewer_of(request), cue=body.get("cue"))
    told = {
        **state_as_json(track),
        "others": queries.reviewers_as_json(others),
        "seen": list(track.cues.exclude(seen_at=None).values_list("pk", flat=True)),
    }
    if track.edit != int(body["since"]):
        rows = track.cues.filter(noted__gt=int(body["since"]))
        told["cues"] = queries.cues_as_json(track, rows)
        told["ids"] = list(track.cues.values_list("pk", flat=True))
    return told


@answers
def seen(request: HttpRequest, track: Track) -> dict[str, Any]:
    """Somebody was in these cues, or played them."""
    cues = [int(cue) for cue in sent(request)["cues"]]
    services.note_seen(track, by=reviewer_of(request), cues=cues)
    return {"seen": cues}


@answers
def sign(request: HttpRequest, track: Track) -> dict[str, Any]:
    """Let a cue's broken rules pass, or say that its doubtful words are right, by name."""
    body = sent(request)
    verb = {"rules": services.waive_rules, "words": services.confirm_words}[body["what"]]
    changed = verb(track, cue=int(body["id"]), base=int(body["base"]), by=reviewer_of(request))
    return changed_as_json(changed)


@answers
def finish(request: HttpRequest, track: Track) -> dict[str, Any]:
    return state_as_json(services.finish_review(track, by=reviewer_of(request)))


@answers
def word(request: HttpRequest, track: Track) -> dict[str, Any]:
    """Put a corrected word on the list."""
    body = sent(request)
    hot_word = HotWord(word=str(body["word"]), heard=str(body.get("heard", ""))[:20])
    if not request.user.has_perm("subtitles.add_hotword"):
        raise services.BadCue(_("您不能改常用词，请告诉管理员。"))
    try:
        hot_word.full_clean()
    except ValidationError as e:
        raise services.BadCue(" ".join(e.messages)) from e
    hot_word.save()
    return {"word": hot_word.word}


@answers
def import_file(request: HttpRequest, track: Track) -> dict[str, Any]:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise BadRequest
    read = read_cues(file.read(), name=file.name or "", end_ms=track.video.duration_ms)
    services.replace_cues(track, by=reviewer_of(request), rows=read.rows)
    return {"count": len(read.rows), "mended": read.mended}


@require_safe
@MAY_REVIEW
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    track = get_object_or_404(Track.objects.select_related("video", "corrected_by"), pk=pk)
    context = {
        "track": track,
        "versions": track.versions.select_related("made_by"),
        "header_title": _("字幕的版本：%(video)s") % {"video": track.video},
        "breadcrumbs_items": crumbs(track, {"url": "", "label": _("版本")}),
    }
    return render(request, "subtitles/admin/versions.html", context)


@require_safe
@MAY_REVIEW
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    versions = TrackVersion.objects.select_related("track__video", "made_by")
    kept = get_object_or_404(versions, track=pk, number=number)
    context = {
        "track": kept.track,
        "version": kept,
        "differences": queries.differences(kept, kept.track),
        "header_title": f"{kept.track.video}: {kept}",
        "breadcrumbs_items": crumbs(
            kept.track,
            {"url": reverse("tracks:versions", args=[pk]), "label": _("版本")},
            {"url": "", "label": str(kept)},
        ),
    }
    return render(request, "subtitles/admin/version.html", context)


def crumbs(track: Track, *more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"url": reverse("tracks:index"), "label": _("字幕")},
        {"url": reverse("tracks:desk", args=[track.pk]), "label": str(track.video)},
        *more,
    ]


@require_POST
@MAY_REVIEW
def adopt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    kept = get_object_or_404(TrackVersion, track=pk, number=number)
    services.adopt_version(kept.track, number=number, by=reviewer_of(request))
    messages.success(request, _("已经换成%(version)s，换之前的也留着。") % {"version": kept})
    return redirect("tracks:desk", pk)


@require_POST
@MAY_REVIEW
def listen_again(request: HttpRequest, pk: int) -> HttpResponse:
    track = get_object_or_404(Track.objects.select_related("video"), pk=pk)
    if publishing.listen_again(track.video):
        messages.success(
            request, _("已经排队，机器再听写一遍。人改过的字幕不会动，新听写的放在版本里。")
        )
    else:
        messages.warning(request, _("机器正在听写，请等它做完。"))
    return redirect("tracks:versions", pk)


def urlpatterns() -> list[Any]:
    return [
        path("desk/<int:pk>/", desk, name="desk"),
        path("desk/<int:pk>/change/", change, name="change"),
        path("desk/<int:pk>/news/", news, name="news"),
        path("desk/<int:pk>/seen/", seen, name="seen"),
        path("desk/<int:pk>/sign/", sign, name="sign"),
        path("desk/<int:pk>/finish/", finish, name="finish"),
        path("desk/<int:pk>/word/", word, name="word"),
        path("desk/<int:pk>/import/", import_file, name="import"),
        path("desk/<int:pk>/versions/", versions, name="versions"),
        path("desk/<int:pk>/versions/<int:number>/", version, name="version"),
        path("desk/<int:pk>/versions/<int:number>/adopt/", adopt, name="adopt"),
        path("desk/<int:pk>/listen-again/", listen_again, name="listen_again"),
    ]
