"""Something to look at: learners who agreed or did not, a class that was called off and told, and
what staff were told."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from lms.attendance.demo import DEMO_CLASSES, VILLAGE
from lms.attendance.services.rescheduling import cancel_session
from lms.classes.models import ClassGroup
from lms.notices.audiences import Audience
from lms.notices.choices import HowSaid, NoticeReason
from lms.notices.models import Notice
from lms.notices.services.classes import tell_class
from lms.notices.services.people import note_wish
from lms.notices.services.telling import tell
from lms.people.models import Learner

#: So many of a class have a telephone (invented), and so many of these agreed; two said no.
WITH_TELEPHONE, AGREED, REFUSED = 20, 14, 2


@transaction.atomic
def make_demo_notices() -> list[Notice]:
    """Empty, and nothing changes, without the demo's village, or when it was done before."""
    title = DEMO_CLASSES[0].title
    group = (
        ClassGroup.objects.filter(unit__code=VILLAGE, title=title).select_related("unit").first()
    )
    people = get_user_model().objects.in_bulk(["teacher", "street"], field_name="username")
    if group is None or len(people) < 2 or Notice.objects.filter(unit=group.unit).exists():
        return []
    teacher, officer = people["teacher"], people["street"]
    learners = list(Audience(class_group=group).learners())
    for number, learner in enumerate(learners[:WITH_TELEPHONE]):
        Learner.objects.filter(pk=learner.pk).update(telephone=f"1990001{number:04}")
        if number < AGREED + REFUSED:
            given = number < AGREED
            note_wish(learner, given=given, how=HowSaid.IN_PERSON, recorded_by=teacher)
    notices = [
        tell(
            reason=NoticeReason.WORK,
            audience=Audience(people=[teacher, officer]),
            unit=group.unit,
            staff_text="有学员接连三次没有来，请打个电话问一问。",
            address="/classes/",
        )
    ]
    ahead = group.sessions.filter(starts_at__gt=timezone.now()).order_by("-starts_at").first()
    if ahead is not None:
        cancel_session(ahead, reason="活动室检修电路", recorded_by=teacher)
        notices.append(tell_class(ahead, made_by=teacher, more="下一次照常"))
    return notices
