"""The pages of learners, of each kind one, as tests walk them."""

import re
from collections.abc import Iterable

PAGES = [
    "/",
    "/digital-life/",
    "/digital-life/?p=3",
    "/smart-tech/scan-to-pay/",
    "/smart-tech/scan-to-pay/?answer=0",
    "/science/qr-inside/",
    "/smart-tech/scan-to-pay/practice/?screen=home&misses=2&press=2",
    "/smart-tech/scan-to-pay/practice/?screen=END",
    "/anti-fraud/drill/?round=5&class=1&hands=12.3.5",
    "/anti-fraud/drill/?round=5&said=1.0.0",
    "/display/",
    "/help/",
    "/help/call/",
    "/help/village/?in=440103",
    "/accounts/login/",
    "/accounts/code/",
    "/search/",
    "/search/?q=s",
    "/search/?q=xqz",
    "/more/",
    "/courses/",
    "/courses/going-out/",
    "/teachers/",
    "/stories/",
    "/stories/tell/",
    "/stories/video-call/",
    "/my/",
    "/my/number/",
    "/kept/",
    "/my/enter/",
    "/my/five/{anti-fraud}/before/",
    "/my/five/{anti-fraud}/before/?said=01233",
    "/my/lesson/{scan-to-pay}/unclear/?told=2",
    "/here/",
    "/tv/",
    "/tv/pair/",
    "/manuals/",
    "/m/?code=VKJN30&go=1",
    "/m/{SY-9}/",
    "/m/{QH-21}/1/4/?said=no",
    "/m/{QH-21}/1/practice/?screen=s4",
    "/faces/",
    "/faces/440103001101/",
    "/cases/",
    "/open-data/",
]

#: Of somebody who is signed in.
OWN_PAGES = [
    "/my/",
    "/my/forget/",
    "/my/certificate/{classroom}/",
    "/here/",
    "/accounts/",
    "/accounts/name/",
    "/accounts/privacy/",
    "/accounts/privacy/kept/",
    "/accounts/privacy/kept/delete/",
    "/tv/mine/",
    "/tv/confirm/",
]
#: Makes that somebody, and one who has been sent a code; prints their cookies.
ELDER = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from courses.models import ClassroomPage
from courses.progress.models import FinishedClassroom, LearnerRecord
from lms.tv.choices import PersonPicture
from lms.tv.models import Television, TelevisionPerson
elder = get_user_model().objects.create_user("elder", last_name="陈", first_name="阿婆")
classroom = ClassroomPage.objects.get(slug="anti-fraud")
record = LearnerRecord.objects.create(user=elder)
FinishedClassroom.objects.create(
    record=record, classroom=classroom, finished_at=timezone.now()
)
television = Television.objects.create(name="客厅的电视")
TelevisionPerson.objects.create(television=television, user=elder, picture=PersonPicture.values[0])
signed_in, waiting = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
signed_in.force_login(elder)
assert waiting.post("/accounts/code/", {"digits": "19900000061"}).status_code == 302
print(json.dumps({
    "classroom": str(classroom.pk),
    "signed_in": signed_in.cookies["sessionid"].value,
    "waiting": waiting.cookies["sessionid"].value,
}))
"""


def addresses(site, pages: Iterable[str]) -> list[str]:
    """Whole ones; a word in braces is a product's model, for its manual's code, or names a key."""
    return [site.url + re.sub(r"{(.+?)}", lambda m: site.codes[m[1]], page) for page in pages]
