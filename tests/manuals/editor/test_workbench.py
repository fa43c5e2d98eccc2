"""The workbench: products, handing in, videos, previews. (Who gets in: test_tenancy.)"""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.manuals.choices import ProductKind, VersionState
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.pictures import keep_picture
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.models import (
    ManualPicture,
    ManualStep,
    ManualTally,
    ManualVersion,
    ManualVideo,
    Product,
)
from lms.manuals.models.reviews import Review
from lms.manuals.readability.queries import blocking_findings_of
from lms.manuals.review.services.reviews import return_version, submit
from lms.manuals.urls_workbench import urlpatterns
from media.models import Video
from subtitles.choices import TrackState
from subtitles.models import Track
from tests.manuals.conftest import photograph, png
from tests.manuals.editor.editor_page import fresh, open_editor


@pytest.fixture
def editor(make_manual, as_):
    """A draft of 康乐's that may be handed in, before one of its people."""
    return open_editor(make_manual(), as_("maker"))


# --- Who gets in ------------------------------------------------------------------------------


def addresses(own):
    """Every address of the workbench, with the ids of `own`."""
    arguments = {"key": own.picture.key, "screen": "front", "side_mm": 20, "resolution": 300}
    for pattern in urlpatterns:
        if str(pattern.pattern).startswith("originals/<"):
            continue  # tests/manuals/exchange/test_original_pages.py
        names = re.findall(r"<\w+:(\w+)>", str(pattern.pattern))
        number = own.product.pk if "products/" in str(pattern.pattern) else own.manual.pk
        yield reverse(
            f"workbench:{pattern.name}", kwargs={n: arguments.get(n, number) for n in names}
        )


@pytest.fixture
def own(make_manual):
    manual = make_manual()
    return SimpleNamespace(
        manual=manual, product=manual.product, picture=ManualPicture.objects.first()
    )


def test_a_colleague_sees_every_page(own, as_):
    browser = as_("colleague")
    answers = {url: browser.get(url).status_code for url in addresses(own)}
    posts_only = {url for url, status in answers.items() if status == 405}
    assert {url.rstrip("/").rpartition("/")[2] for url in posts_only} == {
        "remove", "start", "open", "take-back", "discard", "keep-word",
    }  # fmt: skip
    assert {status for url, status in answers.items() if url not in posts_only} == {200}


def test_a_picture_is_served_by_its_key_to_its_owners_only(cast, as_):
    kept = keep_picture(organisation=cast.organisation, file=SimpleUploadedFile("a.png", png()))
    url = reverse("workbench:picture", args=[kept.key])
    response = as_("maker").get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert as_("rival").get(url).status_code == 404
    assert as_("maker").get(f"/media/{kept.file.name}").status_code == 404


# --- News -------------------------------------------------------------------------------------


def test_the_first_page_tells_of_an_approval_for_a_week(as_, make_manual, publish):
    manual = publish(make_manual())
    home = reverse("workbench:home")
    assert "审过了" in as_("maker").get(home).content.decode()
    assert "审过了" not in as_("rival").get(home).content.decode()
    before = timezone.now() - timedelta(days=8)
    ManualVersion.objects.filter(manual=manual).update(published_at=before)
    assert "审过了" not in as_("maker").get(home).content.decode()


def test_the_first_page_tells_of_a_return_and_then_of_no_earlier_approval(
    cast, as_, make_manual, publish
):
    manual = publish(make_manual())
    version = submit(open_draft(manual), by=cast.maker)
    return_version(version, by=cast.reviewer, note="第二步的图看不清。")
    page = as_("maker").get(reverse("workbench:home")).content.decode()
    assert "退回来了" in page
    assert "审过了" not in page


# --- Products ---------------------------------------------------------------------------------

PRODUCT = {"brand": "康乐", "model": "BP-9", "name": "血压计", "kind": "medical"}


def test_a_product_is_added_with_its_photograph_and_written_about(cast, as_):
    browser = as_("maker")
    browser.post(reverse("workbench:new_product"), PRODUCT | {"photo": photograph()})
    product = Product.objects.of(cast.organisation).get()
    assert product.picture.organisation == cast.organisation
    response = browser.post(reverse("workbench:start", args=[product.pk]))
    manual = product.manuals.get()
    assert response.url == reverse("workbench:write", args=[manual.pk])
    assert manual.open_version().title == "康乐血压计怎么用"
    assert "康乐血压计怎么用" in browser.get(reverse("workbench:home")).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"model": "kl-1"}, "已经登记过了"),  # of a rival, who is not named
        ({"kind": "rocket"}, "请在列出的里面选一个"),
        ({"brand": ""}, "还没有填"),
        ({"catalogue_year": "1999"}, "2018年以后"),
        ({"photo": SimpleUploadedFile("a.png", b"no picture")}, "不是照片"),
    ],
)
def test_a_product_that_cannot_be_is_refused_in_words(cast, make_manual, as_, changed, words):
    make_manual(cast.rivals, by=cast.rival)
    response = as_("maker").post(reverse("workbench:new_product"), PRODUCT | changed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert cast.rivals.name not in response.content.decode()
    assert not Product.objects.of(cast.organisation).exists()


def test_a_product_is_changed_and_removed_while_nothing_is_written_about_it(cast, as_):
    browser = as_("maker")
    browser.post(reverse("workbench:new_product"), PRODUCT)
    product = Product.objects.get()
    browser.post(reverse("workbench:product", args=[product.pk]), PRODUCT | {"name": "电子血压计"})
    product.refresh_from_db()
    assert product.name == "电子血压计"
    browser.post(reverse("workbench:remove_product", args=[product.pk]))
    assert not Product.objects.exists()


# --- Handing in -------------------------------------------------------------------------------


def hand_in(editor):
    return editor.maker.post(reverse("workbench:hand_in", args=[editor.manual.pk]))


def test_the_gate_says_where_to_mend_and_then_opens(editor):
    writing.change_part(editor.last, expected="")
    page = hand_in(editor)
    assert page.status_code == 422
    assert "第1件事第2步" in page.content.decode()
    assert f"#part-{editor.last.key}" in page.content.decode()
    writing.change_part(editor.last, expected="听到对方说话。")
    assert hand_in(editor).url == reverse("workbench:manual", args=[editor.manual.pk])
    assert fresh(editor.draft).state == VersionState.SUBMITTED


def test_what_was_handed_in_can_be_taken_back_and_written_on(editor):
    hand_in(editor)
    editor.maker.post(reverse("workbench:take_back", args=[editor.manual.pk]))
    assert fresh(editor.draft).state == VersionState.WITHDRAWN
    response = editor.maker.post(reverse("workbench:open", args=[editor.manual.pk]))
    assert response.url == editor.url
    assert editor.manual.open_version().number == 2


def test_a_draft_is_thrown_away_what_elders_see_stays(editor, publish):
    live = publish(editor.manual).published_version
    editor.maker.post(reverse("workbench:open", args=[editor.manual.pk]))
    response = editor.maker.post(reverse("workbench:discard", args=[editor.manual.pk]))
    assert response.url == reverse("workbench:manual", args=[editor.manual.pk])
    assert [*editor.manual.versions.all()] == [live]


def test_its_page_shows_what_reviewers_said_and_what_was_not_understood(editor, publish, cast):
    live = publish(editor.manual).published_version
    step = ManualStep.objects.get(task__version=live, position=0)
    ManualTally.objects.create(version=live, step=step, views=9, understood=3, unclear=2)
    editor.maker.post(reverse("workbench:open", args=[editor.manual.pk]))
    version = submit(editor.manual.open_version(), by=cast.maker)
    return_version(version, by=cast.reviewer, note="第二步的图看不清。")
    page = editor.maker.get(reverse("workbench:manual", args=[editor.manual.pk])).content.decode()
    assert "第二步的图看不清。" in page
    assert "40%没看懂" in page
    assert cast.reviewer.username not in page
    assert Review.objects.filter(note="第二步的图看不清。").exists()
    assert "等您改" in editor.maker.get(reverse("workbench:home")).content.decode()


def test_the_gate_reads_what_the_database_holds(editor, cast):
    whole = lambda: ManualVersion.objects.with_content().get(pk=editor.draft.pk)  # noqa: E731
    assert blocking_findings_of(whole()) == []
    product = editor.manual.product
    Product.objects.filter(pk=product.pk).update(kind=ProductKind.HEATING)
    assert [stop.place.field for stop in blocking_findings_of(whole())] == ["warnings"]
    writing.add_warning(editor.draft, words="手湿别碰。")
    writing.change_version(editor.draft, video=make_video(cast.organisation))
    assert [stop.place.field for stop in blocking_findings_of(whole())] == ["video"]
    track = Track.objects.create(
        video=ManualVideo.objects.get().video, language="zh", engine="x", model="x"
    )
    assert [stop.place.field for stop in blocking_findings_of(whole())] == ["video"]
    track.state, track.reviewed_by = TrackState.REVIEWED, cast.reviewer
    track.reviewed_at = editor.draft.created_at
    track.save()
    assert blocking_findings_of(whole()) == []


# --- Videos and previews ----------------------------------------------------------------------


def make_video(organisation):
    video = Video.objects.create(title="怎么接电话", original="originals/x.mp4")
    return ManualVideo.objects.create(organisation=organisation, video=video)


def test_a_video_goes_the_way_of_the_lessons(editor, cast):
    url = reverse("workbench:video", args=[editor.manual.pk])
    film = SimpleUploadedFile("a.mp4", b"\0" * 200, content_type="video/mp4")
    sent = {"do": "bring", "title": "怎么接", "spoken_language": "zh", "original": film}
    editor.maker.post(url, sent)
    brought = fresh(editor.draft).video
    assert (brought.organisation, brought.video.uploaded_by) == (cast.organisation, cast.maker)
    assert Video.objects.without_stages().get() == brought.video  # the worker finds it
    assert "怎么接" in editor.maker.get(url).content.decode()
    editor.maker.post(url, {"do": "remove", "video": brought.pk})  # it is shown
    assert ManualVideo.objects.exists()
    editor.maker.post(url, {"do": "drop"})
    assert fresh(editor.draft).video is None
    editor.maker.post(url, {"do": "use", "video": brought.pk})
    assert fresh(editor.draft).video == brought
    editor.maker.post(url, {"do": "drop"})
    editor.maker.post(url, {"do": "remove", "video": brought.pk})
    assert not Video.objects.exists()


@pytest.mark.parametrize("do", ["use", "remove", "again"])
def test_another_organisations_video_is_not_there(editor, cast, do):
    theirs = make_video(cast.rivals)
    url = reverse("workbench:video", args=[editor.manual.pk])
    assert editor.maker.post(url, {"do": do, "video": theirs.pk}).status_code == 404
    assert editor.maker.post(url, {"do": do, "video": "x"}).status_code == 404
    assert ManualVideo.objects.filter(pk=theirs.pk).exists()
    assert theirs.video.title not in editor.maker.get(url).content.decode()


@pytest.mark.parametrize(
    ("screen", "status"),
    [
        ("front", 200),
        ("1-1", 200),
        ("1-2", 200),
        ("1-3", 404),
        ("2-1", 404),
        ("0-1", 404),
        ("x", 404),
    ],
)
def test_a_preview_shows_the_elders_own_page_with_the_drafts_words(editor, screen, status):
    url = reverse("workbench:preview_screen", args=[editor.manual.pk, screen])
    response = editor.maker.get(url)
    assert response.status_code == status
    if status == 200:
        page = response.content.decode()
        assert "怎么接电话" in page
        assert re.findall(r'<a\b[^>]*href="([^#"]+)"', page) == []  # nothing of it is live
    assert not editor.draft.tallies.exists()


@pytest.mark.parametrize("look", ["television", "phone", "paper", "x"])
def test_a_preview_is_leafed_through_page_by_page(editor, look):
    url = reverse("workbench:preview", args=[editor.manual.pk])
    page = editor.maker.get(url, {"as": look, "page": "1-1"}).content.decode()
    assert ("/preview/card/" if look == "paper" else "/preview/1-1/") in page
    assert ("page=1-2" in page) is (look != "paper")


def test_a_draft_on_paper_leaves_the_printed_one_alone(editor, publish):
    publish(editor.manual)
    editor.maker.get(reverse("manuals:card", args=[editor.manual.short_code]))
    [printed] = default_storage.listdir("handouts")[1]
    editor.maker.post(reverse("workbench:open", args=[editor.manual.pk]))
    paper = editor.maker.get(reverse("workbench:preview_screen", args=[editor.manual.pk, "card"]))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert printed in default_storage.listdir("handouts")[1]
