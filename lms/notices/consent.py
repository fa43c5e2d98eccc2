"""Who may be sent a short message, and to which number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.accounts.choices import Purpose
from lms.accounts.models import Agreement, User
from lms.accounts.sms import sms_gateway
from lms.accounts.telephones import TelephoneRefused, normalised
from lms.notices.choices import OF_CLASSES, NoticeReason, Why
from lms.notices.models import Wish
from lms.people.models import Learner


@dataclass(frozen=True)
class Reach:
    """`number` blank: by no short message, and `why` says why not."""

    learner: Learner
    number: str
    why: str = ""


def number_of_learner(learner: Learner) -> str:
    """The one that was confirmed with the account, else the one in the register; blank when none
    of them takes short messages."""
    if learner.user is not None and learner.user.telephone:
        return learner.user.telephone
    try:
        return normalised(learner.telephone)
    except TelephoneRefused:
        return ""


def number_of_person(person: User) -> str:
    return person.telephone


def answers_of(learners: Iterable[Learner]) -> dict[int, bool]:
    """By learner's key, what was said last about short messages of classes, at the desk or in the
    account; who never said is left out. Two queries."""
    rows = list(learners)
    last: dict[int, tuple[datetime, bool]] = {}

    def heard(key: int, at: datetime, given: bool) -> None:
        if key not in last or at >= last[key][0]:
            last[key] = at, given

    said = Wish.objects.filter(learner__in=[row.pk for row in rows])
    for key, at, given in said.values_list("learner", "said_at", "given").order_by("said_at", "pk"):
        heard(key, at, given)
    by_user = {row.user_id: row.pk for row in rows if row.user_id is not None}
    agreed = Agreement.objects.filter(user__in=by_user, purpose=Purpose.NEWS)
    answers = agreed.values_list("user", "answered_at", "given").order_by("answered_at", "pk")
    for user, at, given in answers:
        heard(by_user[user], at, given)
    return {key: given for key, (_at, given) in last.items()}


def reach_of(learners: Sequence[Learner], reason: str) -> list[Reach]:
    """In their order. Only what is about classes was agreed to; an emergency asks nobody (个人信息
    保护法, article 13, 4); nothing else goes to learners by short message."""
    if sms_gateway() is None:
        return [Reach(learner, "", Why.NO_GATEWAY) for learner in learners]
    answers = answers_of(learners) if reason in OF_CLASSES else {}
    return [_reach(learner, reason, answers) for learner in learners]


def _reach(learner: Learner, reason: str, answers: dict[int, bool]) -> Reach:
    number = number_of_learner(learner)
    if not number:
        return Reach(learner, "", Why.BAD_NUMBER if learner.telephone else Why.NO_NUMBER)
    if reason == NoticeReason.EMERGENCY:
        return Reach(learner, number)
    given = answers.get(learner.pk)
    if given is None:
        return Reach(learner, "", Why.NOT_ASKED)
    return Reach(learner, number) if given else Reach(learner, "", Why.SAID_NO)
