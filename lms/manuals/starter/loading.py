"""Three invented manufacturers with six manuals, one in each state, for a newcomer to look at.

Everything is done by the services, as people would do it. Only the dates of one manual are set back
afterwards, to have one that is overdue.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.manuals.choices import MemberRole
from lms.manuals.editor.services.registration import DOCUMENT_NAMES
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.editor.services.writing import change_part, change_version
from lms.manuals.exchange.documents import read_document
from lms.manuals.exchange.packages import DOCUMENT_NAME, Package
from lms.manuals.exchange.services import import_manual
from lms.manuals.films.services import ask_for_film
from lms.manuals.models import Manual, ManualTally, ManualVersion, Membership, Organisation
from lms.manuals.review.services.decisions import approve_organisation
from lms.manuals.review.services.reviews import approve, return_version, stage_of, submit

STARTER_DIR = Path(__file__).parent
#: Accounts of make_demo_accounts.
ADMINISTRATOR, REVIEWER = "admin", "reviewer"


@dataclass(frozen=True)
class Maker:
    """An invented manufacturer. No region begins with 99, so nobody has its code."""

    account: str
    name: str
    code: str
    telephone: str
    folders: tuple[str, ...]


MAKERS: Final = (
    Maker(
        "maker1",
        "晴禾坡康护器具有限公司（示例）",
        "91990000MA0QHPKA19",
        "400-000-0021",
        ("blood-pressure", "hearing-aid"),
    ),
    Maker(
        "maker2",
        "松影岭通信器材有限公司（示例）",
        "91990000MA0GYLTX22",
        "400-000-0005",
        ("big-phone", "speaker"),
    ),
    Maker(
        "maker3",
        "苇塘月家用电器有限公司（示例）",
        "91990000MA0WTYJD3F",
        "400-000-0001",
        ("television-box", "cooker"),
    ),
)
#: Of each step of the first manual: opened, understood, not understood.
TALLIES: Final = ((46, 31, 2), (44, 25, 9), (41, 27, 3), (40, 30, 1), (38, 26, 2), (37, 22, 7))


def starter_package(folder: str) -> Package:
    """A manual as its ZIP would hold it."""
    home = STARTER_DIR / folder
    document = read_document((home / DOCUMENT_NAME).read_bytes())
    return Package(document, {name: (home / name).read_bytes() for name in document.picture_names})


@transaction.atomic
def load_manuals() -> list[Manual]:
    """Make the manufacturers that do not exist yet. Without one of the accounts nothing is made."""
    names = [ADMINISTRATOR, REVIEWER, *(maker.account for maker in MAKERS)]
    people = User.objects.in_bulk(names, field_name="username")
    if len(people) < len(names):
        return []
    made: list[Manual] = []
    for maker in MAKERS:
        if not Organisation.objects.filter(code=maker.code).exists():
            organisation = add_maker(maker, people)
            made += [add_manual(folder, organisation, people) for folder in maker.folders]
    for manual in made:
        STATES[manual.product.model](manual, people)
    return made


def add_maker(maker: Maker, people: dict[str, User]) -> Organisation:
    organisation = Organisation(
        name=maker.name,
        code=maker.code,
        contact=people[maker.account].last_name,
        telephone=maker.telephone,
        email=f"{maker.account}@example.com",
        applied_at=timezone.now(),
    )
    for name in DOCUMENT_NAMES:
        with (STARTER_DIR / f"documents/{name}.png").open("rb") as file:
            getattr(organisation, name).save(f"{name}.png", File(file), save=False)
    organisation.save()
    Membership.objects.create(
        organisation=organisation, user=people[maker.account], role=MemberRole.OWNER
    )
    return approve_organisation(organisation, by=people[ADMINISTRATOR])


def add_manual(folder: str, organisation: Organisation, people: dict[str, User]) -> Manual:
    """As a draft that says when it was checked."""
    manual = import_manual(
        starter_package(folder), organisation=organisation, by=author(organisation)
    )
    today = timezone.localdate()
    change_version(
        draft_of(manual),
        checked_on=today - timedelta(days=40),
        review_due=today + timedelta(days=325),
    )
    return manual


def author(organisation: Organisation) -> User:
    return organisation.members.get().user


def draft_of(manual: Manual) -> ManualVersion:
    return manual.versions.drafts().get()


# --- Bringing each into its state -------------------------------------------------------------


def leave_as_draft(manual: Manual, people: dict[str, User]) -> None:
    """Its maker has looked at its film."""
    ask_for_film(draft_of(manual))


def hand_in(manual: Manual, people: dict[str, User]) -> None:
    submit(draft_of(manual), by=author(manual.organisation))


def send_back(manual: Manual, people: dict[str, User]) -> None:
    hand_in(manual, people)
    return_version(
        manual.versions.get(),
        by=people[REVIEWER],
        note="“怎么烧一锅水”第2步：请写明水装到哪里，装太满会溢出来。图上也画一条线。",
    )


def publish(manual: Manual, people: dict[str, User]) -> None:
    hand_in(manual, people)
    reviewers = cycle((people[REVIEWER], people[ADMINISTRATOR]))
    while stage_of(Manual.objects.get(pk=manual.pk)):
        approve(manual.versions.get(), by=next(reviewers))
    manual.refresh_from_db()


def publish_and_count(manual: Manual, people: dict[str, User]) -> None:
    publish(manual, people)
    version = manual.versions.get()
    first = version.tasks.all()[0]
    ManualTally.objects.create(version=version, views=52)
    ManualTally.objects.bulk_create(
        ManualTally(version=version, step=step, views=views, understood=understood, unclear=unclear)
        for step, (views, understood, unclear) in zip(first.steps.all(), TALLIES, strict=True)
    )


def publish_and_write_on(manual: Manual, people: dict[str, User]) -> None:
    """One version is live while the next is being reviewed."""
    publish(manual, people)
    draft = open_draft(manual)
    change_version(draft, software_version="5.3")
    change_part(
        draft.tasks.all()[0].steps.all()[0], expected="屏幕上写着名字。不认识的，可以不接。"
    )
    hand_in(manual, people)


def publish_long_ago(manual: Manual, people: dict[str, User]) -> None:
    publish(manual, people)
    today = timezone.localdate()
    manual.versions.update(
        checked_on=today - timedelta(days=400), review_due=today - timedelta(days=35)
    )


#: By the product's model.
STATES: Final = {
    "QH-21": publish_and_count,
    "QH-68": leave_as_draft,
    "SY-5": publish_and_write_on,
    "SY-9": publish_long_ago,
    "WT-1": hand_in,
    "WT-3": send_back,
}
