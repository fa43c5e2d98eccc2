"""Something to look at: answers of a month, a case that is public and one that waits, a year's
open figures."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from lms.evaluation.choices import Face, FaceQuestion
from lms.evaluation.models import OpenFigures, TypicalCase
from lms.evaluation.services.answers import count_answer, key_in_paper
from lms.evaluation.services.cases import CaseWords, choose_case, send_up, submit_case
from lms.evaluation.services.open_figures import publish_figures
from lms.units.models import Unit

VILLAGE = "440103001101"
#: Who holds which role there: the accounts are those of make_demo_accounts.
TEACHER, STREET, DISTRICT, CITY = "teacher", "street", "district", "city"
#: How often each face was pressed, from very bad to very good.
PRESSED = (1, 1, 3, 9, 14)
PUBLIC_CASE = CaseWords(
    title="榕树下的手机课",
    situation="村里的老人多，会用手机的少。挂号、付款都要等儿女回来。",
    deed="每周二、四下午在榕树下的活动中心上课，一次只学一件事。\n"
    "志愿者一个人带两三位老人，学会了再走。\n学完的人第二天教给隔壁邻居。",
    outcome="三个月里来了三十多位，大多数人能自己挂号，会看清楚了再付款。",
    names_people=False,
)
WAITING_CASE = CaseWords(
    title="上门教，送到床边",
    situation="有几位老人走不动，来不了班上。",
    deed="老师每两周上门一次，带上放大的讲义和一部练习用的手机。",
    outcome="半年去了二十多次，能用手机和家里人通视频了。",
    names_people=False,
)


@transaction.atomic
def make_demo_evaluation() -> bool:
    """False, and nothing is made, without the village or the accounts, or where there is a case
    already."""
    village = Unit.objects.filter(code=VILLAGE).first()
    names = (TEACHER, STREET, DISTRICT, CITY)
    people = get_user_model().objects.in_bulk(names, field_name="username")
    if village is None or len(people) < len(names) or TypicalCase.objects.exists():
        return False
    for question in FaceQuestion:
        for face, times in zip(Face, PRESSED, strict=True):
            for _time in range(times):
                count_answer(unit=village, question=question, face=face)
    key_in_paper(
        unit=village,
        month=timezone.localdate().replace(day=1),
        sheets=12,
        counts={question.value: [0, 0, 1, 4, 7] for question in FaceQuestion},
        keyed_by=people[TEACHER],
    )
    case = submit_case(unit=village, told=PUBLIC_CASE, submitted_by=people[TEACHER])
    send_up(case, by=people[STREET])
    send_up(case, by=people[DISTRICT])
    choose_case(case, by=people[CITY])
    submit_case(unit=village, told=WAITING_CASE, submitted_by=people[TEACHER])
    if not OpenFigures.objects.exists():
        publish_figures(year=timezone.localdate().year - 1, made_by=people[CITY])
    return True
