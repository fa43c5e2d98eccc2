"""What a phone noted without a network comes once into the record under which it was learnt."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from courses.choices import Tallied
from courses.progress.models import LearnerRecord, LessonMark, LessonTally
from courses.progress.records import forget, join
from lms.accounts.choices import Purpose
from lms.offline.models import NotedOffline
from lms.offline.services import KNOWN_DAYS, forget_old
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db

MINUTE_MS = 60_000


def now_ms() -> int:
    return int(timezone.now().timestamp() * 1000)


class Phone:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.greet()

    def greet(self) -> None:
        self.owner = self.client.get("/kept/news.json").json()["owner"]

    def note(self, lesson, kind, *, ago_ms=MINUTE_MS, **more) -> dict:
        event = {"id": str(uuid4()), "lesson": lesson.pk, "kind": kind, "at": now_ms() - ago_ms}
        return event | more

    def send(self, *events, owner=None, clock_ms=0) -> dict[str, str]:
        body = {"now": now_ms() + clock_ms, "owner": owner or self.owner, "events": events}
        answer = self.client.post("/kept/learnt/", json.dumps(body), "application/json")
        assert answer.status_code == 200
        return {each["id"]: each["outcome"] for each in answer.json()["answers"]}


@pytest.fixture
def lesson():
    return make_lessons(1, "smart-tech")[0]


@pytest.fixture
def phone(client):
    return Phone(client)


def test_read_and_answered_is_done_and_sent_twice_it_is_there_once(phone, lesson):
    read, quiz = phone.note(lesson, "read"), phone.note(lesson, "quiz")
    assert set(phone.send(read, quiz).values()) == {"stored"}
    first = LessonMark.objects.get()
    assert first.done_at
    assert set(phone.send(quiz, read).values()) == {"known"}
    assert NotedOffline.objects.count() == 2
    assert LessonMark.objects.get().done_at == first.done_at


def test_the_same_twice_in_one_letter_counts_once(phone, lesson):
    unclear = phone.note(lesson, "unclear", step=1)
    phone.send(unclear, unclear, phone.note(lesson, "unclear"))
    rows = LessonTally.objects.filter(kind=Tallied.UNCLEAR)
    words = lesson.steps[0].value["words"]
    assert {(row.place, row.times) for row in rows} == {(words[:40], 1), ("", 1)}


def test_parts_of_the_film_are_put_together_in_any_order(phone, lesson):
    later, earlier = phone.note(lesson, "seen", parts=0b1100), phone.note(lesson, "seen", parts=0b1)
    phone.send(later)
    phone.send(earlier, later)
    assert LessonMark.objects.get().seen_parts == 0b1101


def test_it_was_learnt_when_it_was_learnt_and_a_wrong_clock_is_put_right(phone, lesson):
    day_ms = 24 * 3600 * 1000
    ahead = 3 * day_ms  # the phone lives three days in the future
    event = phone.note(lesson, "practised", ago_ms=day_ms - ahead)
    phone.send(event, clock_ms=ahead)
    ago = timezone.now() - LessonMark.objects.get().practised_at
    assert abs(ago - timedelta(days=1)) < timedelta(minutes=1)


def test_nothing_is_learnt_in_the_future(phone, lesson):
    phone.send(phone.note(lesson, "read", ago_ms=-10 * MINUTE_MS))
    assert LessonMark.objects.get().read_at <= timezone.now()


def test_it_belongs_to_the_record_under_which_it_was_noted(phone, lesson, django_user_model):
    """Somebody else signs in on the phone before it is sent."""
    before = phone.owner
    phone.send(phone.note(lesson, "practised"))  # begins the screen's record
    mine = LearnerRecord.objects.get()
    other = django_user_model.objects.create_user("other")
    phone.client.force_login(other)
    phone.greet()
    assert phone.owner != before
    phone.send(phone.note(lesson, "read"), owner=before)
    assert LessonMark.objects.get().record == mine
    assert LessonMark.objects.get().read_at
    assert not LearnerRecord.objects.filter(user=other).exists()


def test_who_has_signed_in_gets_what_the_joined_screen_noted(phone, lesson, django_user_model):
    before = phone.owner
    phone.send(phone.note(lesson, "practised"))
    screens = LearnerRecord.objects.get()
    own = LearnerRecord.objects.create(user=django_user_model.objects.create_user("elder"))
    join(own, screens)
    phone.send(phone.note(lesson, "read"), owner=before)
    assert LessonMark.objects.get(record=own).read_at


def test_an_accounts_word_is_the_same_each_time(client, django_user_model, lesson):
    user = django_user_model.objects.create_user("elder")
    client.force_login(user)
    phone = Phone(client)
    word = phone.owner
    phone.greet()
    assert phone.owner == word
    agrees(user, yes=True)
    phone.send(phone.note(lesson, "read"))
    assert LessonMark.objects.get().record.user == user


def agrees(user, *, yes: bool) -> None:
    user.agreements.create(purpose=Purpose.LEARNING, given=yes, version="x")


def test_who_wants_nothing_kept_is_obeyed(client, django_user_model, lesson):
    user = django_user_model.objects.create_user("elder")
    client.force_login(user)
    agrees(user, yes=False)
    phone = Phone(client)
    assert set(phone.send(phone.note(lesson, "read")).values()) == {"gone"}
    assert not LearnerRecord.objects.exists()


def test_what_was_deleted_does_not_come_back(phone, lesson):
    phone.send(phone.note(lesson, "read"))
    word = phone.owner
    forget(LearnerRecord.objects.get())
    assert not NotedOffline.objects.exists()
    stranger = Phone(Client())
    assert set(stranger.send(stranger.note(lesson, "quiz"), owner=word).values()) == {"gone"}
    assert not LearnerRecord.objects.exists()


def test_a_forged_word_writes_nothing(phone, lesson):
    body = {"now": now_ms(), "owner": phone.owner[:-3] + "abc"}
    body["events"] = [phone.note(lesson, "read")]
    answer = phone.client.post("/kept/learnt/", json.dumps(body), "application/json")
    assert answer.status_code == 400
    assert not LessonMark.objects.exists()


def test_what_is_not_understood_is_answered_and_the_rest_is_taken(phone, lesson):
    good = phone.note(lesson, "read")
    bad = [
        phone.note(lesson, "finished"),
        phone.note(lesson, "seen", parts=-1),
        phone.note(lesson, "seen", parts="1"),
        phone.note(lesson, "read") | {"at": 10**20},
        {"id": "no uuid", "lesson": lesson.pk, "kind": "read", "at": now_ms()},
        {"id": str(uuid4())},
    ]
    outcomes = phone.send(*bad, good)
    assert outcomes.pop(good["id"]) == "stored"
    assert set(outcomes) == {each["id"] for each in bad}
    assert set(outcomes.values()) == {"malformed"}


@pytest.mark.parametrize("body", ["", "[]", "{}", "<html>", '{"owner": "x", "now": 1}', "[" * 9000])
def test_what_is_no_letter_at_all_is_refused(client, body):
    assert client.post("/kept/learnt/", body, "application/json").status_code == 400


def test_a_letter_too_long_is_refused(phone, lesson):
    events = [phone.note(lesson, "read") for _ in range(101)]
    body = json.dumps({"now": now_ms(), "owner": phone.owner, "events": events})
    assert phone.client.post("/kept/learnt/", body, "application/json").status_code == 400


def test_a_lesson_that_has_gone_leaves_the_phone(phone, lesson):
    lesson.unpublish()
    assert set(phone.send(phone.note(lesson, "read")).values()) == {"gone"}


def test_ids_are_forgotten_when_no_phone_sends_them_again(phone, lesson):
    phone.send(phone.note(lesson, "read"))
    assert forget_old() == 0
    long_ago = datetime.now(UTC) - timedelta(days=KNOWN_DAYS + 1)
    NotedOffline.objects.update(received_at=long_ago)
    assert forget_old() == 1
    assert LessonMark.objects.get().read_at, "what was learnt stays"


def test_too_many_letters_are_put_off(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"kept_learning": "1/10m/ip"}
    client.post("/kept/learnt/", "{}", "application/json")
    answer = client.post("/kept/learnt/", "{}", "application/json")
    assert answer.status_code == 429
    assert answer["Retry-After"]
