"""One cast for the tests of manuals: two manufacturers, who reviews, and a stranger."""

import io
from datetime import timedelta
from itertools import cycle
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from stdnum.cn import uscc

from lms.manuals.choices import MemberRole, OrganisationState, ProductKind
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.products import add_product
from lms.manuals.editor.services.versions import start_manual
from lms.manuals.models import ManualPicture, Membership, Organisation, OrganisationDecision
from lms.manuals.review.services.reviews import approve, stage_of, submit
from tests.units.unit_pages import with_permissions

RIGHTS = ("access_admin", "review_manual", "decide_organisation")


def code_of(number: int) -> str:
    """A 统一社会信用代码 with the right check digit, of an invented organisation."""
    base = f"91440101MA5A{number:05d}"
    return base + uscc.calc_check_digit(base)


def png(colour="steelblue", size=(320, 240)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def photograph(name="执照.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), content_type="image/png")


def make_organisation(number, name, *users, state=OrganisationState.ACTIVE):
    organisation = Organisation.objects.create(
        name=name,
        code=code_of(number),
        state=state,
        contact="黎明",
        telephone="020-81234567",
        email="hello@example.cn",
        licence=ContentFile(png(), "a.png"),
        authorisation=ContentFile(png(), "b.png"),
        applied_at=timezone.now(),
    )
    if state in {OrganisationState.RETURNED, OrganisationState.SUSPENDED}:
        OrganisationDecision.objects.create(
            organisation=organisation, state=state, note="授权书没有盖章"
        )
    for user in users:
        role = MemberRole.OWNER if user == users[0] else MemberRole.EDITOR
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return organisation


def make_picture(organisation, colour="steelblue"):
    content = png(colour)
    return ManualPicture.objects.create(
        organisation=organisation,
        file=ContentFile(content, "x.png"),
        original_name=f"{colour}.png",
        width=320,
        height=240,
        size_bytes=len(content),
        digest=f"{colour:0>64}",
    )


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def cast(db, django_user_model):
    """康乐 and 松影岭, each with a person; a colleague of 康乐's; two reviewers; a stranger."""

    def person(username, *rights):
        return with_permissions(django_user_model.objects.create_user(username), *rights)

    cast = SimpleNamespace(
        maker=person("maker"),
        colleague=person("colleague"),
        rival=person("rival"),
        reviewer=person("reviewer", *RIGHTS),
        second_reviewer=person("reviewer2", *RIGHTS),
        editor=person("editor", "access_admin"),
        stranger=person("stranger"),
    )
    cast.organisation = make_organisation(1, "康乐医疗器械有限公司", cast.maker, cast.colleague)
    cast.rivals = make_organisation(2, "松影岭电子有限公司", cast.rival)
    return cast


@pytest.fixture
def make_manual(cast):
    """A function: a manual with a draft that may be handed in."""

    def make_manual(
        organisation=None, *, by=None, model="KL-1", kind=ProductKind.PHONE, title="大字手机怎么用"
    ):
        organisation = organisation or cast.organisation
        by = by or organisation.members.first().user
        product = add_product(
            organisation=organisation, brand="康乐", model=model, name="手机", kind=kind
        )
        manual = start_manual(product=product, by=by, title=title)
        draft = manual.open_version()
        fill(draft)
        return manual

    return make_manual


def fill(draft):
    today = timezone.localdate()
    writing.change_version(
        draft,
        service_telephone="400-123-4567",
        checked_on=today,
        review_due=today + timedelta(days=365),
    )
    if draft.manual.product.needs_safety_review:
        writing.add_warning(draft, words="手湿的时候不要碰插头。")
    task = writing.add_task(draft, title="怎么接电话")
    picture = make_picture(draft.manual.organisation, colour=f"#{draft.manual_id:06x}")
    for words, expected in (("按绿色的键。", ""), ("把手机放到耳边。", "听到对方说话。")):
        writing.add_step(
            task, words=words, picture=picture, alt="手机正面，绿色的键亮着", expected=expected
        )
    return draft


@pytest.fixture
def publish(cast):
    """A function: hand a manual's draft in and approve it to the end, by two people in turns."""

    def publish(manual):
        version = submit(manual.open_version(), by=manual.organisation.members.first().user)
        reviewers = cycle((cast.reviewer, cast.second_reviewer))
        while stage_of(manual):
            approve(version, by=next(reviewers))
        manual.refresh_from_db()
        return manual

    return publish


@pytest.fixture
def as_(client, cast, django_user_model):
    """The browser of one of the cast by name, or of "anonymous" or "superuser"."""
    cast.superuser = django_user_model.objects.create_superuser("root")

    def as_(who):
        client.logout()
        if who != "anonymous":
            client.force_login(getattr(cast, who))
        return client

    return as_
