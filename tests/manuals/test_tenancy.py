"""What is another manufacturer's is not there: every address of `lms.manuals`, by every method.

The addresses are collected from the urlconf, so that a new one without a line in ADDRESSES fails.
"""

from itertools import product
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.shortcuts import resolve_url
from django.urls import URLPattern, get_resolver, reverse

from lms.manuals.choices import OrganisationState, OriginalState
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.models import Manual, ManualStep, ManualVideo, Organisation, Original
from lms.manuals.review.services.decisions import close_organisation
from lms.manuals.review.services.reviews import submit
from media.models import Video
from tests.manuals.conftest import make_picture

METHODS = ("get", "head", "post", "put", "patch", "delete")
#: A word that stands in everything of theirs, and in nothing else.
THEIRS = "松影岭"

#: Address → what it takes to ask for theirs with it.
OF_ANOTHER = {
    "workbench:product": lambda t: {"pk": t.product.pk},
    "workbench:remove_product": lambda t: {"pk": t.product.pk},
    "workbench:start": lambda t: {"pk": t.product.pk},
    "workbench:picture": lambda t: {"key": t.picture.key},
    "workbench:original": lambda t: {"key": t.original.key},
    "workbench:original_leaf": lambda t: {"key": t.original.key, "number": 1},
    "workbench:manual": lambda t: {"pk": t.manual.pk},
    "workbench:take_out": lambda t: {"pk": t.manual.pk},
    "workbench:take_out_omanual": lambda t: {"pk": t.manual.pk},
    "workbench:open": lambda t: {"pk": t.manual.pk},
    "workbench:hand_in": lambda t: {"pk": t.manual.pk},
    "workbench:keep_word": lambda t: {"pk": t.manual.pk},
    "workbench:take_back": lambda t: {"pk": t.submitted.pk},
    "workbench:discard": lambda t: {"pk": t.manual.pk},
    "workbench:write": lambda t: {"pk": t.manual.pk},
    "workbench:box": lambda t: {"pk": t.manual.pk},
    "workbench:box_svg": lambda t: {"pk": t.manual.pk, "side_mm": 20},
    "workbench:box_png": lambda t: {"pk": t.manual.pk, "side_mm": 20, "resolution": 300},
    "workbench:film": lambda t: {"pk": t.manual.pk},
    "workbench:video": lambda t: {"pk": t.manual.pk},
    "workbench:subtitles": lambda t: {"pk": t.manual.pk},
    "workbench:preview": lambda t: {"pk": t.manual.pk},
    "workbench:preview_screen": lambda t: {"pk": t.manual.pk, "screen": "phone"},
    "manufacturers:document": lambda t: {"pk": t.organisation.pk, "name": "licence"},
}
#: Addresses without an argument: they answer, with nothing of theirs.
OF_ONESELF = {
    "workbench:home",
    "workbench:new_product",
    "workbench:library",
    "workbench:people",
    "workbench:bring_in",
    "workbench:new_original",
    "manufacturers:welcome",
    "manufacturers:register",
    "manufacturers:application",
}
#: Addresses for everybody, which a manual has that was never published as well.
OF_EVERYBODY = {
    "manual_by_code": {},
    "manuals:troubles": {},
    "manuals:video": {},
    "manuals:practices": {},
    "manuals:card": {},
    "manuals:pdf": {},
    "manuals:picture": {"key": None},
    "manuals:done": {"task": 1},
    "manuals:practice": {"task": 1},
    "manuals:step": {"task": 1, "step": 1},
    "manuals:answer": {"task": 1, "step": 1},
    "manuals-api:one_manual": {},
    "manuals-api:one_package": {},
}
#: Addresses for everybody that list what is live.
LISTS = {
    "manuals:front": {},
    "manuals:by_code": {},
    "manuals:wishes": {},
    "manuals:of_wish": {},
    "manuals:things": {},
    "manuals:of_kind": {"kind": "phone"},
    "manuals-api:list_manuals": {},
}
#: Addresses that are about no manual; a link to join holds its own secret (test_people.py).
ABOUT_NONE = {
    "manufacturers:join",
    "manuals-api:api-root",
    "manuals-api:openapi-json",
    "manuals-api:schema",
}
#: Addresses of the admin, where only staff come in.
OF_STAFF = {
    "organisations:index": lambda t: [],
    "organisations:index_results": lambda t: [],
    "organisations:inspect": lambda t: [t.organisation.pk],
    "organisations:history": lambda t: [t.organisation.pk],
    "organisations:history_results": lambda t: [t.organisation.pk],
    **{
        f"organisations:{name}": lambda t: [t.organisation.pk]
        for name in ("approve", "return", "suspend", "reactivate", "close")
    },
    "products:index": lambda t: [],
    "products:index_results": lambda t: [],
    "plain_words:index": lambda t: [],
    "plain_words:index_results": lambda t: [],
    "wagtailsnippets_manuals_manual:list": lambda t: [],
    "wagtailsnippets_manuals_manual:list_results": lambda t: [],
    "wagtailsnippets_manuals_manual:edit": lambda t: [t.submitted.pk],
    "wagtailsnippets_manuals_manual:history": lambda t: [t.submitted.pk],
    "wagtailsnippets_manuals_manual:history_results": lambda t: [t.submitted.pk],
    "wagtailsnippets_manuals_manual:picture": lambda t: [t.submitted.pk, t.picture.key],
    "wagtailsnippets_manuals_manual:looks": lambda t: [t.submitted.pk, "front"],
    "wagtailsnippets_manuals_manual:screen": lambda t: [t.submitted.pk, "1-1"],
}
ROOMS = {
    "workbench",
    "manufacturers",
    "manuals",
    "manuals-api",
    "organisations",
    "wagtailsnippets_manuals_manual",
}


def addresses():
    """Name → pattern of every address that is ours, by its namespace or by whose code answers."""

    def walk(patterns, spaces=()):
        for each in patterns:
            if isinstance(each, URLPattern):
                module = getattr(each.callback, "view_class", each.callback).__module__
                if ROOMS & set(spaces) or module.startswith("lms.manuals"):
                    yield ":".join([*spaces, each.name or str(each.pattern)]), str(each.pattern)
            else:
                space = (each.namespace,) if each.namespace else ()
                yield from walk(each.url_patterns, (*spaces, *space))

    return dict(walk(get_resolver().url_patterns))


def everything():
    """All rows of the room, as they stand."""
    models = sorted(apps.get_app_config("manuals").get_models(), key=lambda each: each.__name__)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def theirs(cast, make_manual):
    """松影岭's product with a manual that is being written, one that was handed in, a video."""
    organisation = cast.rivals
    title = f"{THEIRS}手机怎么用"
    manual = make_manual(organisation, model=f"{THEIRS}-1", title=title)
    submitted = make_manual(organisation, model=f"{THEIRS}-2", title=title)
    draft = manual.open_version()
    submit(submitted.open_version(), by=cast.rival)
    film = Video.objects.create(title=f"{THEIRS}的视频", original=ContentFile(b"film", "a.mp4"))
    video = ManualVideo.objects.create(organisation=organisation, video=film)
    writing.change_version(draft, video=video)
    step = ManualStep.objects.filter(task__version=draft)[0]
    original = Original.objects.create(
        organisation=organisation, manual=manual, name=f"{THEIRS}.pdf", state=OriginalState.DRAFTED
    )
    original.folder.mkdir(parents=True)
    (original.folder / "page-001.jpg").write_bytes(b"a page")
    return SimpleNamespace(
        organisation=organisation,
        product=manual.product,
        manual=manual,
        submitted=submitted,
        draft=draft,
        step=step,
        picture=step.picture,
        video=video,
        original=original,
    )


def test_every_address_has_its_line():
    told = {*OF_ANOTHER, *OF_ONESELF, *OF_EVERYBODY, *LISTS, *ABOUT_NONE, *OF_STAFF}
    assert set(addresses()) == told


# One test of each kind for all addresses, since to make the cast costs more than to ask; each of
# them finds everything as it was.


@pytest.mark.parametrize("who", ["maker", "stranger", "reviewer"])
def test_theirs_is_not_there_by_any_method(as_, theirs, who):
    client, before = as_(who), everything()
    for name, arguments in OF_ANOTHER.items():
        if (who, name) == ("reviewer", "manufacturers:document"):
            continue  # whoever decides looks at it
        address = reverse(name, kwargs=arguments(theirs))
        answers = {method: getattr(client, method)(address).status_code for method in METHODS}
        assert set(answers.values()) <= {404, 405}, (name, answers)
        assert 404 in answers.values(), (name, answers)
        assert everything() == before, name


def test_who_has_not_signed_in_is_sent_to_do_so(as_, theirs):
    client, before = as_("anonymous"), everything()
    for name, arguments in OF_ANOTHER.items():
        answer = client.post(reverse(name, kwargs=arguments(theirs)))
        if answer.status_code != 405:
            assert answer.url.startswith(resolve_url(settings.LOGIN_URL)), name
    assert everything() == before


def test_nothing_of_theirs_is_told_on_ones_own_pages(as_, theirs):
    client = as_("maker")
    for name, query in product(sorted(OF_ONESELF), ("", f"?q={THEIRS}")):
        page = client.get(reverse(name) + query, follow=True).content.decode()
        assert THEIRS not in page.replace(f"q={THEIRS}", ""), (name, query)


def test_what_was_never_published_is_not_there_for_anybody(as_, theirs):
    before, manuals = everything(), (theirs.manual, theirs.submitted)
    for who in ("anonymous", "maker", "rival", "superuser"):
        client = as_(who)
        for name, manual in product(sorted(OF_EVERYBODY), manuals):
            cache.clear()  # how often an address has asked
            arguments = OF_EVERYBODY[name] | {"code": manual.short_code}
            if "key" in arguments:
                arguments["key"] = theirs.picture.key
            address = reverse(name, kwargs=arguments)
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert answers <= {404, 405}, (who, name, answers)
            assert 404 in answers, (who, name)
            assert everything() == before, (who, name)


def test_lists_show_only_what_is_live(as_, theirs):
    client = as_("anonymous")
    for name, arguments in LISTS.items():
        address = reverse(name, kwargs=arguments)
        page = client.get(address, {"w": "怎么接电话", "q": THEIRS}).content.decode()
        assert f"{THEIRS}手机怎么用" not in page, name


@pytest.mark.parametrize("who", ["maker", "rival"])
def test_no_manufacturer_comes_into_the_admin(as_, theirs, who):
    client, before = as_(who), everything()
    for name, arguments in OF_STAFF.items():
        address = reverse(name, args=arguments(theirs))
        answers = {method: getattr(client, method)(address).status_code for method in METHODS}
        assert set(answers.values()) == {302}, (name, answers)
        assert everything() == before, name


def test_a_manual_goes_out_of_one_workbench_and_into_anothers_as_a_draft(as_, cast, make_manual):
    """But for its brand and model, which belong to one organisation."""
    own = make_manual()
    package = as_("maker").get(reverse("workbench:take_out", args=[own.pk])).content
    bring = reverse("workbench:bring_in")
    answer = as_("rival").post(bring, {"package": SimpleUploadedFile("m.zip", package)})
    assert answer.status_code == 422
    assert "已经登记过" in answer.content.decode()
    assert not Manual.objects.of(cast.rivals).exists()
    answer = as_("maker").post(bring, {"package": SimpleUploadedFile("m.zip", package)})
    brought = Manual.objects.of(cast.organisation).exclude(pk=own.pk).get()
    assert answer.url == reverse("workbench:write", args=[brought.pk])
    assert brought.open_version().title == own.open_version().title
    answer = as_("maker").post(bring, {"package": SimpleUploadedFile("m.zip", package[:-40])})
    assert answer.status_code == 422


# --- Theirs by a way of one's own ---------------------------------------------------------------


def test_their_step_is_not_written_through_ones_own_editor(as_, cast, theirs, make_manual):
    own = make_manual()
    before = list(ManualStep.objects.filter(pk=theirs.step.pk).values())
    key = theirs.step.key
    sent = {f"{key}-seen": "1", f"{key}-words": "改掉", "do": f"remove:{key}"}
    address = reverse("workbench:write", args=[own.pk])
    assert as_("maker").post(address, sent).status_code < 500
    assert list(ManualStep.objects.filter(pk=theirs.step.pk).values()) == before


@pytest.mark.parametrize("do", ["use", "remove", "again"])
def test_their_video_is_not_taken_removed_or_made_again(as_, theirs, make_manual, do):
    own = make_manual()
    address = reverse("workbench:video", args=[own.pk])
    answer = as_("maker").post(address, {"do": do, "video": theirs.video.pk})
    assert answer.status_code == 404
    assert own.open_version().video is None
    assert ManualVideo.objects.filter(pk=theirs.video.pk).exists()


def test_their_picture_is_not_shown_by_a_live_manuals_code(as_, theirs, make_manual, publish):
    live = publish(make_manual())
    own = live.published_version.tasks.get().steps.all()[0].picture
    shown = {
        picture: as_("maker")
        .get(reverse("manuals:picture", args=[live.short_code, picture.key]))
        .status_code
        for picture in (own, theirs.picture, make_picture(live.organisation, "red"))
    }
    assert list(shown.values()) == [200, 404, 404]


def test_no_file_is_fetched_by_guessing_its_name(as_, theirs):
    leaf = (theirs.original.folder / "page-001.jpg").relative_to(settings.MEDIA_ROOT)
    names = (theirs.picture.file.name, theirs.organisation.licence.name, leaf)
    for who in ("maker", "rival", "superuser", "anonymous"):
        client = as_(who)
        for name in names:
            assert client.get(f"/media/{name}").status_code == 404, (who, name)
            assert client.get(f"/media/videos/../{name}").status_code == 404, (who, name)


# --- Who is in, who is out ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [each for each in OrganisationState if each != OrganisationState.ACTIVE],
)
def test_whoever_is_not_active_is_out_at_the_next_request(as_, cast, make_manual, state):
    manual = make_manual()
    client = as_("maker")
    write = reverse("workbench:write", args=[manual.pk])
    assert client.get(write).status_code == 200
    Organisation.objects.filter(pk=cast.organisation.pk).update(state=state)
    before = everything()
    for address in (
        reverse("workbench:home"),
        write,
        reverse("workbench:hand_in", args=[manual.pk]),
    ):
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if answer.status_code != 405:
                assert answer.url == reverse("manufacturers:application")
    assert everything() == before


def test_the_workbench_wants_a_second_factor_where_the_site_asks_for_one(as_, settings, cast):
    settings.STAFF_SECOND_FACTOR = True
    answer = as_("maker").get(reverse("workbench:home"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/second-factor/")
    assert as_("stranger").get(reverse("workbench:home")).status_code == 404


def test_a_closed_makers_live_manual_stays_with_a_notice(as_, cast, make_manual, publish):
    manual = publish(make_manual())
    close_organisation(cast.organisation, by=cast.reviewer)
    page = as_("anonymous").get(reverse("manual_by_code", args=[manual.short_code]))
    assert page.status_code == 200
    assert "厂商已退出" in page.content.decode()


def test_a_colleague_works_on_the_same_manuals(as_, cast, make_manual):
    manual = make_manual()
    address = reverse("workbench:write", args=[manual.pk])
    assert as_("colleague").get(address).status_code == 200
    assert open_draft(manual) == Manual.objects.get(pk=manual.pk).open_version()
