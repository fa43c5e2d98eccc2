"""The page of the admin on which a version is read, compared and judged."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from lms.accounts.access import SignedInRequest
from lms.manuals.catalogue.views.previewing import preview_pages_of, preview_screen
from lms.manuals.choices import ReviewStage, VersionState
from lms.manuals.films.queries import film_of
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Review, ReviewNote
from lms.manuals.readability.queries import findings_of
from lms.manuals.review.differences import differences_of
from lms.manuals.review.forms import DaysForm
from lms.manuals.review.permissions import why_not_decide, why_not_review
from lms.manuals.review.services.days import DaysRefused, change_days
from lms.manuals.review.services.notes import remove_note, write_note
from lms.manuals.review.services.reviews import ReviewRefused, approve, return_version, stage_of
from media.views import serve_stored

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
        """A note at a part, or the decision."""
        if "at" in request.POST or "take_away" in request.POST:
            return self.note_at_a_part(request)
        note = request.POST.get("note", "")[:MOST_NOTE_CHARACTERS]
        days = DaysForm(request.POST)
        try:
            self.refuse_another_version(request)
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
        """Raises ReviewRefused and DaysRefused."""
        version, by = self.versions[0], self.request.user
        asked = self.request.POST.get("stage", "")
        if asked not in ReviewStage.values:
            raise ReviewRefused(_("这一版现在不在审核。请刷新页面看看。"))
        stage = ReviewStage(asked)
        if "return" in self.request.POST:
            return return_version(version, by=by, note=note, asked=stage)
        return approve(version, by=by, note=note, asked=stage, **days.cleaned_data)

    def refuse_another_version(self, request: SignedInRequest) -> None:
        """Raises ReviewRefused when the page that was sent showed an older one."""
        if str(self.versions[0].number) != request.POST.get("number"):
            raise ReviewRefused(_("厂商又交了新的一版。请重新看。"))

    def note_at_a_part(self, request: SignedInRequest) -> HttpResponse:
        version, at = self.versions[0], request.POST.get("at", "")
        try:
            self.refuse_another_version(request)
            if "take_away" in request.POST:
                number = request.POST["take_away"]
                pk = int(number) if number.isascii() and number.isdigit() else 0
                note = get_object_or_404(version.step_notes.select_related("version"), pk=pk)
                at = str(note.key)
                remove_note(note, by=request.user)
            else:
                words = request.POST.get("words", "")
                write_note(version, key=key_of(at), words=words, by=request.user)
        except ReviewRefused as reason:
            messages.error(request, str(reason))
        return redirect(f"{request.path}#part-{at}")

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
            notes=ReviewNote.objects.filter(version__manual=self.manual).select_related(
                "version", "written_by"
            ),
            looks=preview_pages_of(version),
            film=film_of(version),
            reviews=reviews.select_related("reviewer", "version"),
            **kwargs,
        )


def key_of(told: str) -> UUID:
    """Raises Http404 for what is no part's key."""
    try:
        return UUID(told)
    except ValueError as error:
        raise Http404 from error


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
        return serve_stored(request, str(get_object_or_404(pictures, key=key).file))


class ReviewLooksView(PermissionCheckedMixin, View):
    """One screen of what was handed in newest, as a television and as a phone show it."""

    model = Manual
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int, screen: str) -> HttpResponse:
        pages = preview_pages_of(newest_handed_in(pk))
        names = [page.name for page in pages]
        if screen not in names:
            raise Http404
        number = names.index(screen)
        context = {
            "pk": pk,
            "page": pages[number],
            "before": pages[number - 1] if number else None,
            "after": pages[number + 1] if number + 1 < len(pages) else None,
        }
        return render(request, "manuals/review/looks.html", context)


class ReviewScreenView(PermissionCheckedMixin, View):
    """What stands in a frame of ReviewLooksView; `?still`: without scripts."""

    model = Manual
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int, screen: str) -> HttpResponse:
        def url_of(picture: ManualPicture) -> str:
            return reverse("wagtailsnippets_manuals_manual:picture", args=[pk, picture.key])

        return preview_screen(request, newest_handed_in(pk), screen, url_of=url_of)


def newest_handed_in(manual: int) -> ManualVersion:
    """Raises Http404."""
    versions = ManualVersion.objects.filter(manual=manual).exclude(state=VersionState.DRAFT)
    newest = versions.with_content().order_by("-number").first()
    if newest is None:
        raise Http404
    return newest
