"""Three invented manufacturers with six manuals, one in each state, so that a newcomer sees all.

Everything is done by the verbs, as people would do it; only the dates of one are put back
afterwards, since nobody can wait a year until a manual is overdue.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from lms.manuals.exchange import DOCUMENT_NAME, Package, read_document
from lms.manuals.models import Manual, ManualVersion, Membership, Organisation, Tally
from lms.manuals.services.decisions import approve_organisation
from lms.manuals.services.importing import import_manual
from lms.manuals.services.review import approve, return_version, stage_of, submit
from lms.manuals.services.versions import open_draft
from lms.manuals.services.writing import change_part, change_version

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
#: What was opened and understood of each step of the first manual, as a newcomer's figures.
TALLIES: Final = ((46, 31, 2), (44, 25, 9), (41, 27, 3), (40, 30, 1), (38, 26, 2), (37, 22, 7))


def starter_package(folder: str) -> Package:
    """A manual as its ZIP would hold it."""
    home = STARTER_DIR / folder
    document = read_document((home / DOCUMENT_NAME).read_bytes())
    return Package(document, {name: (home / name).read_bytes() for name in document.picture_names})


@transaction.atomic
def load_manuals() -> list[Manual]:
    """Make what is not there yet. Empty, and nothing changes, without one of the accounts."""
    names = [ADMINISTRATOR, REVIEWER, *(maker.account for maker in MAKERS)]
    people = get_user_model().objects.in_bulk(names, field_name="username")
    if len(people) < len(names):
        return []
    made: list[Manual] = []
    for maker in MAKERS:
        if not Organisation.objects.filter(code=maker.code).exists():
            organisation = add_maker(maker, people)
            made += [add_manual(folder, organisation, people) for folder in maker.folders]
    for manual in made:
        PLAYS[manual.product.model](manual, people)
    return made


def add_maker(maker: Maker, people: dict[str, Any]) -> Organisation:
    organisation = Organisation(
        name=maker.name,
        code=maker.code,
        contact=people[maker.account].last_name,
        telephone=maker.telephone,
        email=f"{maker.account}@example.com",
        applied_at=timezone.now(),
    )
    for paper in ("licence", "authorisation"):
        with (STARTER_DIR / f"papers/{paper}.png").open("rb") as file:
            getattr(organisation, paper).save(f"{paper}.png", File(file), save=False)
    organisation.save()
    Membership.objects.create(organisation=organisation, user=people[maker.account])
    return approve_organisation(organisation, by=people[ADMINISTRATOR])


def add_manual(folder: str, organisation: Organisation, people: dict[str, Any]) -> Manual:
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


def author(organisation: Organisation) -> Any:
    return organisation.members.get().user


def draft_of(manual: Manual) -> ManualVersion:
    return manual.versions.drafts().get()


# --- How each comes to its state --------------------------------------------------------------


def leave_as_draft(manual: Manual, people: dict[str, Any]) -> None:
    return


def hand_in(manual: Manual, people: dict[str, Any]) -> None:
    submit(draft_of(manual), by=author(manual.organisation))


def send_back(manual: Manual, people: dict[str, Any]) -> None:
    hand_in(manual, people)
    return_version(
        manual.versions.get(),
        by=people[REVIEWER],
        note="“怎么烧一锅水”第2步：请写明水装到哪里，装太满会溢出来。图上也画一条线。",
    )


def publish(manual: Manual, people: dict[str, Any]) -> None:
    hand_in(manual, people)
    while stage_of(Manual.objects.get(pk=manual.pk)):
        approve(manual.versions.get(), by=people[REVIEWER])
    manual.refresh_from_db()


def publish_and_count(manual: Manual, people: dict[str, Any]) -> None:
    publish(manual, people)
    version = manual.versions.get()
    first = version.tasks.all()[0]
    Tally.objects.create(version=version, views=52)
    Tally.objects.bulk_create(
        Tally(version=version, step=step, views=views, understood=understood, unclear=unclear)
        for step, (views, understood, unclear) in zip(first.steps.all(), TALLIES, strict=True)
    )


def publish_and_write_on(manual: Manual, people: dict[str, Any]) -> None:
    """What is live stays live while its next version is being reviewed."""
    publish(manual, people)
    draft = open_draft(manual)
    change_version(draft, software_version="5.3")
    change_part(
        draft.tasks.all()[0].steps.all()[0], expected="屏幕上写着名字。不认识的，可以不接。"
    )
    hand_in(manual, people)


def publish_long_ago(manual: Manual, people: dict[str, Any]) -> None:
    publish(manual, people)
    today = timezone.localdate()
    manual.versions.update(
        checked_on=today - timedelta(days=400), review_due=today - timedelta(days=35)
    )


#: By the product's model.
PLAYS: Final = {
    "QH-21": publish_and_count,
    "QH-68": leave_as_draft,
    "SY-5": publish_and_write_on,
    "SY-9": publish_long_ago,
    "WT-1": hand_in,
    "WT-3": send_back,
}
