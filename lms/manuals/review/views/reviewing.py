"""The page of the admin on which a version is read, compared and judged."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from lms.accounts.access import SignedInRequest
from lms.manuals.choices import VersionState
from lms.manuals.films.queries import film_of
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Review
from lms.manuals.readability.queries import findings_of
from lms.manuals.review.differences import differences_of
from lms.manuals.review.forms import DaysForm
from lms.manuals.review.permissions import why_not_decide, why_not_review
from lms.manuals.review.services.days import DaysRefused, change_days
from lms.manuals.review.services.reviews import ReviewRefused, approve, return_version, stage_of
from media.views import serve_file

MOST_NOTE_CHARACTERS = 600


class ReviewView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The version in review, else the newest that was handed in.

    `?against` is the number of the version that it is compared with; without it, that is the live
    one, else the newest earlier one.
    """

    request: SignedInRequest
    model = Manual
    permission_required = "change"
    template_name = "manuals/review/review.html"
    index_url_name = edit_url_name = ""  # set by the viewset
    header_icon = "doc-full"
    page_title = gettext_lazy("审核说明书")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.manual: Manual = get_object_or_404(
            Manual.objects.select_related("product__organisation"), pk=kwargs["pk"]
        )
        handed_in = self.manual.versions.exclude(state=VersionState.DRAFT).with_content()
        self.versions = list(handed_in.order_by("-number"))
        if not self.versions:
            raise Http404

    def post(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note = request.POST.get("note", "")[:MOST_NOTE_CHARACTERS]
        days = DaysForm(request.POST)
        try:
            if str(self.versions[0].number) != request.POST.get("number"):
                raise ReviewRefused(_("厂商又交了新的一版。请重新看。"))
            if not days.is_valid() and "return" not in request.POST:
                raise DaysRefused(_("日子没有写对，请看标红的地方。"))
            if "days" in request.POST:
                manual = change_days(self.manual, by=request.user, **days.cleaned_data)
                messages.success(request, days_in_words(manual))
                return redirect(reverse(self.edit_url_name, args=[manual.pk]))
            version = self.judge(note, days)
        except (ReviewRefused, DaysRefused) as reason:
            messages.error(request, str(reason))
            return self.render_to_response(self.get_context_data(note=note, days=days))
        messages.success(request, outcome_in_words(version))
        return redirect(f"{reverse(self.index_url_name)}?show=waiting")

    def judge(self, note: str, days: DaysForm) -> ManualVersion:
        version, by = self.versions[0], self.request.user
        if "return" in self.request.POST:
            return return_version(version, by=by, note=note)
        return approve(version, by=by, note=note, **days.cleaned_data)

    def get_page_subtitle(self) -> str:
        return self.versions[0].title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(self.index_url_name), "label": _("厂商说明书")}
        here = {"url": "", "label": self.versions[0].title, "sublabel": ""}
        return [*self.breadcrumbs_items, index, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version, *earlier = self.versions
        against = version_to_compare(earlier, self.request.GET.get("against", ""))
        is_waiting = version.state == VersionState.SUBMITTED
        reviews = Review.objects.filter(version__manual=self.manual)
        manual = self.manual
        kwargs.setdefault(
            "days",
            DaysForm(initial={"shows_from": manual.shows_from, "shows_until": manual.shows_until}),
        )
        return super().get_context_data(
            manual=manual,
            asks_days=is_last_question(manual) if is_waiting else has_days(manual),
            days_told=days_in_words(manual) if has_days(manual) else "",
            why_no_days=why_not_decide(self.request.user, version),
            version=version,
            earlier=earlier,
            against=against,
            differences=differences_of(version, old=against) if against else [],
            stage=stage_of(manual) if is_waiting else None,
            waits=is_waiting,
            why_not=why_not_review(self.request.user, version),
            approvals=version.reviews.select_related("reviewer") if is_waiting else [],
            findings=findings_of(version),
            film=film_of(version),
            reviews=reviews.select_related("reviewer", "version"),
            **kwargs,
        )


def is_last_question(manual: Manual) -> bool:
    """Whether the next yes publishes what waits for a review."""
    state = manual.current_workflow_state
    return bool(state and state.is_at_final_task)


def has_days(manual: Manual) -> bool:
    """Whether there is anything to plan: it waits for its day, is seen, or went on its day."""
    return manual.live or manual.expired or manual.shows_from is not None


def days_in_words(manual: Manual) -> str:
    """From when and until when elders see it."""
    told = {"from": f"{manual.shows_from}", "until": f"{manual.shows_until}"}
    if manual.shows_from and manual.shows_until:
        return _("%(from)s起给老人看，看到%(until)s为止。") % told
    if manual.shows_from:
        return _("%(from)s起给老人看。") % told
    if manual.expired:
        return _("看到%(until)s为止，已经收起来了。") % told
    if manual.shows_until:
        return _("老人看得到，看到%(until)s为止。") % told
    return _("老人看得到。")


def outcome_in_words(version: ManualVersion) -> str:
    """Of the answer that was just given."""
    match version.state:
        case VersionState.PUBLISHED:
            return _("“%(title)s”已经上线。") % {"title": version.title}
        case VersionState.PLANNED:
            return _("“%(title)s”审完了。%(days)s") % {
                "title": version.title,
                "days": days_in_words(Manual.objects.get(pk=version.manual_id)),
            }
        case VersionState.RETURNED:
            return _("“%(title)s”已经退回，厂商会看到您的意见。") % {"title": version.title}
        case _:
            return _("“%(title)s”这一步通过，还要再审一次。") % {"title": version.title}


def version_to_compare(earlier: list[ManualVersion], number: str) -> ManualVersion | None:
    """The one of that number, else the live one, else the newest; None when there is none."""
    for version in earlier:
        if str(version.number) == number:
            return version
    live = [each for each in earlier if each.state == VersionState.PUBLISHED]
    return next(iter([*live, *earlier]), None)


class ReviewPictureView(PermissionCheckedMixin, View):
    """A picture of a version that was handed in."""

    model = Manual
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
        versions = ManualVersion.objects.filter(manual=pk).exclude(state=VersionState.DRAFT)
        pictures = ManualPicture.objects.filter(steps__task__version__in=versions).distinct()
        return serve_file(request, Path(get_object_or_404(pictures, key=key).file.path))
