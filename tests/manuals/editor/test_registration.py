"""How a manufacturer comes in: the form, the queue, the decision, and what its people see."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.shortcuts import resolve_url
from django.urls import reverse

from lms.manuals.choices import OrganisationState
from lms.manuals.models import Organisation
from lms.manuals.review.services.decisions import (
    approve_organisation,
    return_application,
    suspend_organisation,
)
from tests.manuals.conftest import code_of, make_organisation, photograph, png
from tests.units.unit_pages import text_of

pytestmark = pytest.mark.django_db
REGISTER = reverse("manufacturers:register")
APPLICATION = reverse("manufacturers:application")


def typed(**changed):
    papers = {"licence": photograph(), "authorisation": photograph()}
    words = {
        "name": "晚晴智能科技有限公司",
        "code": code_of(7),
        "contact": "钟 琴",
        "telephone": "020 8123 4567",
        "email": "hello@example.cn",
        "username": "wanqing",
        "password": "yinling-2026-x",
        "password_again": "yinling-2026-x",
    }
    return papers | words | changed


@pytest.fixture
def applied(client):
    """An application that waits, and the browser of who made it."""
    answer = client.post(REGISTER, typed())
    assert answer.status_code == 302, text_of(answer)
    return Organisation.objects.get(code=code_of(7))


def test_an_application_waits_and_its_maker_sees_so(client, applied):
    assert (applied.state, applied.code) == (OrganisationState.APPLIED, code_of(7))
    assert applied.telephone == "02081234567"
    assert applied.members.get().user.username == "wanqing"
    page = text_of(client.get(APPLICATION))
    assert "等待审核" in page
    assert "晚晴智能科技有限公司" in page


def test_papers_are_drawn_anew_and_kept_where_nobody_may_fetch_them(client, applied):
    for paper in (applied.licence, applied.authorisation):
        assert paper.name.startswith("manufacturers/documents/")
        assert "执照" not in paper.name
        assert client.get(f"/media/{paper.name}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"code": "91440101MA5A00007X"}, "有一位打错了"),
        ({"code": "9144010"}, "18位"),
        ({"code": "9144010IMA5A00007K"}, "没有字母I"),
        ({"code": ""}, "还没有填"),
        ({"telephone": "81234567a"}, "电话号码不对"),
        ({"email": "hello"}, "邮箱不对"),
        ({"password_again": "another-2026-x"}, "不一样"),
        ({"password": "83920174652", "password_again": "83920174652"}, "不能全是数字"),
        ({"username": "wan qing"}, "不要有空格|中间不要空格"),
        ({"licence": SimpleUploadedFile("a.png", b"")}, "文件是空的"),
        ({"licence": SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")}, "SVG"),
        ({"authorisation": SimpleUploadedFile("a.png", png() + b"PK\x03\x04zip")}, "藏着"),
        ({"authorisation": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}, "不是照片"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client, db, django_user_model, changed, complaint
):
    answer = client.post(REGISTER, typed(**changed))
    assert answer.status_code == 422
    assert any(words in text_of(answer) for words in complaint.split("|"))
    assert not Organisation.objects.exists()
    assert not django_user_model.objects.exists()


@pytest.mark.parametrize("state", OrganisationState)
def test_a_code_that_is_registered_says_so_without_telling_by_whom(client, state):
    make_organisation(7, "康乐医疗器械有限公司", state=state)
    answer = client.post(REGISTER, typed(code=code_of(7).lower()))
    assert answer.status_code == 422
    assert "已经登记过了" in text_of(answer)
    for secret in ("康乐", "黎明", "81234567", 'hello@example.cn"'):
        assert secret not in text_of(answer).replace("020 8123 4567", "")
    assert Organisation.objects.count() == 1


def test_a_sign_in_name_that_is_taken_is_refused_whatever_its_case(client, django_user_model):
    django_user_model.objects.create_user("WanQing")
    assert "有人用了" in text_of(client.post(REGISTER, typed()))


def test_too_many_applications_from_one_place_are_refused(client, settings):
    settings.RATE_LIMITS = {
        **settings.RATE_LIMITS,
        "manufacturer_apply": "1/60m/ip",
    }
    client.post(REGISTER, typed())
    client.logout()
    answer = client.post(REGISTER, typed(code=code_of(8), username="other"))
    assert "次数太多" in text_of(answer)
    assert Organisation.objects.count() == 1


# --- The queue, and what its maker does then ----------------------------------------------------


def test_a_return_tells_why_and_can_be_mended(client, applied, cast):
    return_application(applied, by=cast.reviewer, note="授权书上看不见公章。")
    page = text_of(client.get(APPLICATION))
    assert "授权书上看不见公章。" in page
    words = typed(name="晚晴智能有限公司", licence="", authorisation=photograph())
    before = applied.licence.name, applied.authorisation.name
    assert client.post(APPLICATION, words).status_code == 302
    applied.refresh_from_db()
    assert (applied.state, applied.name) == (OrganisationState.APPLIED, "晚晴智能有限公司")
    assert applied.licence.name == before[0]
    assert applied.authorisation.name != before[1]
    assert client.post(APPLICATION, words | {"name": "又改"}).status_code == 200
    applied.refresh_from_db()
    assert applied.name == "晚晴智能有限公司"


def test_an_approval_shows_the_way_to_the_workbench(client, applied, cast, settings):
    approve_organisation(applied, by=cast.reviewer)
    assert "/workbench/" in client.get(APPLICATION).content.decode()
    settings.STAFF_SECOND_FACTOR = True
    assert "加一道锁" in text_of(client.get(APPLICATION))


def test_a_suspension_is_told_with_its_reason(client, applied, cast):
    approve_organisation(applied, by=cast.reviewer)
    suspend_organisation(applied, by=cast.reviewer, note="型号和实物不一样")
    page = text_of(client.get(APPLICATION))
    assert "型号和实物不一样" in page
    assert "/workbench/" not in page


def test_whoever_works_for_one_does_not_apply_again(client, applied):
    for address in (REGISTER, reverse("manufacturers:welcome")):
        assert client.get(address).url == APPLICATION
    assert client.post(REGISTER, typed(code=code_of(9), username="again")).url == APPLICATION
    assert Organisation.objects.count() == 1


SIGN_IN, OK, NONE = "sign-in", 200, 404
#: Who → what one's own application answers, 康乐's licence, and a paper that is none.
ACCESS = {
    "anonymous": (SIGN_IN, SIGN_IN, SIGN_IN),
    "stranger": (NONE, NONE, NONE),
    "editor": (NONE, NONE, NONE),
    "rival": (OK, NONE, NONE),
    "maker": (OK, OK, NONE),
    "colleague": (OK, OK, NONE),
    "reviewer": (NONE, OK, NONE),
    "superuser": (NONE, OK, NONE),
}


@pytest.mark.parametrize(("who", "outcomes"), ACCESS.items())
def test_who_may_see_an_application_and_its_papers(as_, cast, who, outcomes):
    client = as_(who)
    papers = [
        reverse("manufacturers:document", args=[cast.organisation.pk, name])
        for name in ("licence", "contact")
    ]
    for address, outcome in zip([APPLICATION, *papers], outcomes, strict=True):
        answer = client.get(address)
        answer.getvalue()  # to its end, which closes the file
        if outcome == SIGN_IN:
            assert answer.url.startswith(resolve_url(settings.LOGIN_URL))
        else:
            assert answer.status_code == outcome, address


# --- In the admin -------------------------------------------------------------------------------


def test_staff_see_who_waits_first_and_decide_with_a_note(as_, applied, cast):
    client = as_("reviewer")
    index = text_of(client.get(reverse("organisations:index")))
    assert index.index("康乐医疗") != -1
    page = text_of(client.get(reverse("organisations:inspect", args=[applied.pk])))
    assert code_of(7) in page
    answer = client.post(reverse("organisations:return", args=[applied.pk]), follow=True)
    assert "请写明原因" in text_of(answer)
    client.post(reverse("organisations:return", args=[applied.pk]), {"note": "看不清"})
    applied.refresh_from_db()
    assert applied.state == OrganisationState.RETURNED
    assert applied.decisions.get().decided_by == cast.reviewer
    assert "看不清" in text_of(client.get(reverse("organisations:inspect", args=[applied.pk])))


@pytest.mark.parametrize("who", ["editor", "maker", "stranger", "anonymous"])
def test_nobody_else_decides_or_looks(as_, applied, who):
    client = as_(who)
    for address in (
        reverse("organisations:index"),
        reverse("organisations:inspect", args=[applied.pk]),
    ):
        assert client.get(address).status_code == 302
    for name in ("approve", "return", "suspend", "reactivate", "close"):
        address = reverse(f"organisations:{name}", args=[applied.pk])
        assert client.post(address, {"note": "好"}).status_code == 302
    applied.refresh_from_db()
    assert applied.state == OrganisationState.APPLIED


def test_deciding_does_not_answer_to_a_link(as_, applied):
    address = reverse("organisations:approve", args=[applied.pk])
    assert as_("reviewer").get(address).status_code == 405
