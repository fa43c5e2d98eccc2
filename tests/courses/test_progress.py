"""Learner records: when a lesson is done, and how two records become one without loss."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.choices import Verdict
from courses.drill import AnswerTally, Item, Round
from courses.models import (
    ClassroomPage,
    DrillPage,
    LessonPage,
)
from courses.progress.marking import (
    mark_practised,
    mark_quiz_tried,
    mark_read,
    mark_seen,
    note_drill_round,
    note_opened,
)
from courses.progress.models import (
    WHOLE_FILM,
    DrillRound,
    FinishedClassroom,
    LearnerRecord,
    LessonMark,
    is_code,
    new_code,
)
from courses.progress.records import (
    forget,
    forget_unused,
    give_code,
    join,
    keep_in_account,
    record_of_code,
    record_of_key,
)
from courses.progress.summary import summarise_progress
from courses.starter.loading import Loaded, load_drill
from tests.courses.lessons import CURRICULUM, make_lessons

pytestmark = pytest.mark.django_db

SEVENTEEN_PARTS, EIGHTEEN_PARTS = 2**17 - 1, 2**18 - 1
FIRST_HALF, SECOND_HALF = 2**10 - 1, WHOLE_FILM - (2**10 - 1)


@pytest.fixture
def lessons():
    return make_lessons()


@pytest.fixture
def one():
    return LearnerRecord.objects.create()


@pytest.fixture
def other():
    return LearnerRecord.objects.create()


def is_done(record, lesson) -> bool:
    return LessonMark.objects.filter(record=record, lesson=lesson, done_at__isnull=False).exists()


def finish(record, *lessons):
    for lesson in lessons:
        mark_read(record, lesson=lesson)
        mark_quiz_tried(record, lesson=lesson)


# --- Numbers ------------------------------------------------------------------------------------


def test_any_wrong_digit_and_any_two_swapped_ones_are_noticed():
    code = new_code()
    assert is_code(code)
    slips = {
        code[:place] + str((int(code[place]) + 3) % 10) + code[place + 1 :] for place in range(12)
    }
    slips |= {
        code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in range(11)
    } - {code}
    assert not any(is_code(slip) for slip in slips)


@pytest.mark.parametrize("typed", ["", "1", "12345678901a", "１２３４５６７８９０１２", "0" * 13])
def test_what_is_no_number_is_none(typed):
    assert not is_code(typed)


# --- When a lesson is done ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "read", "quiz", "done"),
    [
        (EIGHTEEN_PARTS, False, True, True),
        (SEVENTEEN_PARTS, False, True, False),
        (0, True, True, True),
        (0, True, False, False),
        (WHOLE_FILM, True, False, False),
        (0, False, True, False),
    ],
)
def test_a_lesson_is_done_once_watched_or_read_and_its_quiz_tried(
    one, lessons, parts, read, quiz, done
):
    mark_seen(one, lesson=lessons[0], parts=parts)
    if quiz:
        mark_quiz_tried(one, lesson=lessons[0])
    if read:
        mark_read(one, lesson=lessons[0])
    mark_practised(one, lesson=lessons[0])  # is kept, and decides nothing
    assert is_done(one, lessons[0]) is done


def test_a_lesson_without_quiz_is_done_when_it_was_read(one, lessons):
    lessons[0].quizzes = []
    lessons[0].save()
    mark_read(one, lesson=lessons[0])
    assert is_done(one, lessons[0])


def test_the_two_halves_of_a_film_are_the_film_however_often_they_were_seen(one, lessons):
    mark_quiz_tried(one, lesson=lessons[0])
    for parts in (FIRST_HALF, FIRST_HALF, FIRST_HALF):
        mark_seen(one, lesson=lessons[0], parts=parts)
    assert not is_done(one, lessons[0])
    mark_seen(one, lesson=lessons[0], parts=SECOND_HALF | 2**25)  # no film has such a part
    assert LessonMark.objects.get().seen_parts == WHOLE_FILM
    assert is_done(one, lessons[0])


def test_what_was_done_stays_as_it_was_the_first_time(one, lessons, django_assert_max_num_queries):
    finish(one, lessons[0])
    before = LessonMark.objects.values().get()
    with django_assert_max_num_queries(2):  # two looks, no writing
        finish(one, lessons[0])
    assert LessonMark.objects.values().get() == before


def test_a_classroom_is_finished_with_its_last_lesson_and_stays_so(one, lessons):
    classroom, everybodys = ClassroomPage.objects.get(), LessonPage.objects.live().public()
    finish(one, lessons[0])
    assert summarise_progress(one, [classroom], lessons=everybodys)[0].finished_at is None
    finish(one, lessons[1])
    make_lessons(3)
    [summary] = summarise_progress(one, [classroom], lessons=everybodys)
    assert (summary.done, summary.all) == (2, 3)
    assert summary.finished_at is not None


def test_lessons_that_nobody_sees_need_not_be_done(one, lessons):
    lessons[1].unpublish()
    finish(one, lessons[0])
    assert FinishedClassroom.objects.get().record == one


def ended(seed=5, *, whole_class=False) -> Round:
    items = (
        Item("短信", "谁", "话", Verdict.SCAM, "看", "做"),
        Item("短信", "谁", "话", Verdict.GENUINE, "看", "做"),
    )
    said = (AnswerTally(genuine=1), AnswerTally(scam=1))
    return Round(seed=seed, items=items, number=3, said=said, whole_class=whole_class)


@pytest.fixture
def drill(lessons):
    load_drill(
        ClassroomPage.objects.get(), CURRICULUM["drills"], dict.fromkeys(range(99), 1), Loaded()
    )
    return DrillPage.objects.get()


def test_a_round_of_a_drill_keeps_both_scores_once_and_a_class_keeps_none(one, drill):
    for _ in range(2):
        note_drill_round(one, drill=drill, ended=ended())
        note_drill_round(one, drill=drill, ended=ended(seed=6, whole_class=True))
    kept = DrillRound.objects.get()
    assert (kept.seed, kept.frauds_missed, kept.genuine_refused) == (5, 1, 1)


# --- Two become one -----------------------------------------------------------------------------


def test_joined_records_hold_what_was_done_in_either_and_nothing_twice(one, other, lessons, drill):
    first, second = lessons
    finish(one, first)
    mark_read(one, lesson=second)
    mark_seen(one, lesson=second, parts=FIRST_HALF)
    finish(other, first)
    mark_quiz_tried(other, lesson=second)
    mark_seen(other, lesson=second, parts=SECOND_HALF)
    for record, seeds in ((one, (5, 6)), (other, (6, 7))):
        for seed in seeds:
            note_drill_round(record, drill=drill, ended=ended(seed))
    first_time = LessonMark.objects.get(record=one, lesson=first).done_at
    join(one, other)
    assert set(LessonMark.objects.values_list("record", "lesson")) == {
        (one.pk, first.pk),
        (one.pk, second.pk),
    }
    assert LessonMark.objects.get(lesson=first).done_at == first_time
    assert LessonMark.objects.get(lesson=second).seen_parts == WHOLE_FILM
    assert is_done(one, second), "read in one and answered in the other"
    assert sorted(DrillRound.objects.values_list("record", "seed")) == [
        (one.pk, seed) for seed in (5, 6, 7)
    ]
    assert FinishedClassroom.objects.get().record == one


def test_the_lesson_opened_last_is_the_later_one_whichever_record_had_it(one, other, lessons):
    note_opened(other, lesson=lessons[0].pk)
    note_opened(one, lesson=lessons[1].pk)
    join(other, one)
    other.refresh_from_db()
    assert other.last_lesson_id == lessons[1].pk


def test_cards_and_screens_of_both_find_the_joined_one_and_of_those_joined_before(one, other):
    third = LearnerRecord.objects.create()
    codes = [give_code(record) for record in (one, other, third)]
    join(other, third)
    join(one, other)
    assert {record_of_code(code) for code in codes} == {one}
    assert {record_of_key(each.key) for each in (one, other, third)} == {one}
    assert give_code(one) == codes[0]


def test_a_number_that_one_of_them_has_is_the_joined_ones(one, other):
    code = give_code(other)
    join(one, other)
    assert give_code(one) == code
    assert record_of_code(code) == one


def test_joining_twice_or_with_itself_changes_nothing(one, other, lessons):
    finish(other, lessons[0])
    for _ in range(2):
        join(one, other)
        join(one, one)
    other.refresh_from_db()
    assert other.joined_into == one
    assert is_done(one, lessons[0])


def test_what_is_marked_on_a_screen_that_was_joined_meanwhile_is_not_lost(one, other, lessons):
    stale = LearnerRecord.objects.get(pk=other.pk)  # as a request found it just before
    join(one, other)
    finish(stale, lessons[0])
    assert is_done(one, lessons[0])


def test_an_account_takes_a_record_joins_a_second_and_leaves_anothers(
    one, other, lessons, django_user_model
):
    user, stranger = (django_user_model.objects.create_user(name) for name in ("chen", "he"))
    finish(other, lessons[0])
    assert keep_in_account(one, user=user)
    assert user.learner_record == one
    assert keep_in_account(other, user=user)
    assert is_done(one, lessons[0])
    assert not keep_in_account(one, user=stranger)
    assert not LearnerRecord.objects.filter(user=stranger).exists()


def test_the_database_refuses_an_accounts_record_that_leads_elsewhere(
    one, other, django_user_model
):
    user = django_user_model.objects.create_user("chen")
    with pytest.raises(IntegrityError, match="is_nobodys"), transaction.atomic():
        LearnerRecord.objects.filter(pk=one.pk).update(user=user, joined_into=other)


# --- Forgetting ---------------------------------------------------------------------------------


def test_forgetting_leaves_nothing_of_it_nor_of_what_led_to_it(one, other, lessons):
    finish(one, lessons[0])
    code = give_code(other)
    join(one, other)
    forget(one)
    assert not LearnerRecord.objects.exists()
    assert not LessonMark.objects.exists()
    assert record_of_code(code) is None


def test_records_that_nobody_uses_are_forgotten_in_their_time_but_no_accounts(django_user_model):
    today = date(2026, 6, 1)
    user = django_user_model.objects.create_user("chen")

    def unused(days, **fields):
        return LearnerRecord.objects.create(used_on=today - timedelta(days=days), **fields)

    fresh = unused(399)
    unused(401)
    carded = unused(401, code=new_code())
    led_to = unused(401)
    LearnerRecord.objects.create(joined_into=led_to, code=new_code(), used_on=date(2020, 1, 1))
    unused(1001, code=new_code())
    accounts = unused(2000, user=user)
    gone = forget_unused(
        with_code_before=today - timedelta(days=1000), without_before=today - timedelta(days=400)
    )
    assert gone == 2
    stay = LearnerRecord.objects.filter(joined_into__isnull=True)
    assert set(stay) == {fresh, carded, led_to, accounts}


def test_use_is_noted_once_a_day(one, lessons):
    assert note_opened(one, lesson=lessons[0].pk)
    assert not note_opened(one, lesson=lessons[0].pk)
    LearnerRecord.objects.update(used_on=timezone.localdate() - timedelta(days=1))
    one.refresh_from_db()
    assert note_opened(one, lesson=lessons[0].pk)


def test_no_key_of_progress_leads_to_a_page_of_ours():
    targets = {
        field.related_model._meta.app_label
        for model in apps.get_app_config("progress").get_models()
        for field in model._meta.local_fields
        if field.related_model
    }
    assert targets == {"progress", "wagtailcore", "accounts"}


def test_parts_seen_on_two_screens_finish_a_lesson_only_where_it_has_no_quiz(one, other, lessons):
    with_quiz, without = lessons
    without.quizzes = []
    without.save_revision().publish()
    for lesson in (with_quiz, without):
        mark_seen(one, lesson=lesson, parts=FIRST_HALF)
        mark_seen(other, lesson=lesson, parts=SECOND_HALF)
    join(one, other)
    assert not is_done(one, with_quiz)
    assert is_done(one, without)
