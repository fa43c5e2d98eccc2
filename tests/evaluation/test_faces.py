"""五个笑脸: one question at a time, once a day a screen, by village and month, nobody's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lms.evaluation.choices import AnsweredOn, Face, FaceQuestion
from lms.evaluation.models import FaceTally, PaperAnswers
from lms.evaluation.queries import results_of
from lms.evaluation.services.answers import AnswersRefused, key_in_paper, take_back_paper
from lms.helpline.my_village import COOKIE as VILLAGE_COOKIE
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db

STREET, QUESTIONS = "440103001", len(FaceQuestion)


@pytest.fixture
def screen(units):
    """A television that knows its village."""
    browser = Client()
    browser.cookies[VILLAGE_COOKIE] = VILLAGE
    return browser


def press(browser, question, face, address="/faces/"):
    return browser.post(address, {"question": question, "face": face})


def answer_all(browser, face=5, address="/faces/"):
    browser.get(address)
    for question in FaceQuestion:
        press(browser, question.value, face, address)


def month():
    return timezone.localdate().replace(day=1)


def this_month():
    return Period(PeriodKind.MONTH, month())


def test_a_screen_without_a_village_is_asked_for_it_first(units):
    page = Client().get("/faces/")
    assert 'href="/help/village/?next=%2Ffaces%2F"' in page.content.decode()
    assert "先选您的村居" in words(page)


def test_one_question_at_a_time_with_five_faces_for_the_keys(screen):
    page = screen.get("/faces/").content.decode()
    for face in Face:
        assert f'name="face" value="{face.value}" data-digit="{face.value}"' in page
    asked = [question for question in FaceQuestion if str(question.label) in page]
    assert asked == [FaceQuestion.CLEAR]


def test_the_next_one_follows_and_at_the_end_are_thanks(screen):
    answer_all(screen)
    page = screen.get("/faces/")
    assert "谢谢您" in words(page)
    assert 'name="face"' not in page.content.decode()
    rows = FaceTally.objects.values_list("question", "face", "answered_on", "times")
    assert set(rows) == {(question.value, 5, "screen", 1) for question in FaceQuestion}


def test_it_is_counted_by_the_screens_village_and_the_month(screen, units):
    answer_all(screen)
    assert set(FaceTally.objects.values_list("unit", "month")) == {(units[VILLAGE].pk, month())}


def test_the_address_on_a_sheet_names_the_unit(units):
    answer_all(Client(), address=f"/faces/{STREET}/")
    assert set(FaceTally.objects.values_list("unit__code", flat=True)) == {STREET}
    assert Client().get("/faces/440199/").status_code == 404


def test_a_screen_answers_once_a_day(screen, monkeypatch):
    answer_all(screen)
    answer_all(screen, face=1)
    assert FaceTally.objects.count() == QUESTIONS
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: tomorrow)
    press(screen, FaceQuestion.CLEAR, 1)
    assert FaceTally.objects.filter(face=1).count() == 1


def test_a_browser_that_brings_no_cookie_back_is_not_counted(units):
    for _time in range(3):
        press(Client(), FaceQuestion.CLEAR, 1, f"/faces/{VILLAGE}/")
    assert not FaceTally.objects.exists()


def test_a_cookie_that_was_made_up_is_none(screen):
    screen.get("/faces/")
    screen.cookies["faces"] = "2026-01-01"
    press(screen, FaceQuestion.CLEAR, 1)
    assert not FaceTally.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"question": "clear", "face": "6"}, {"question": "x", "face": "1"},
             {"question": "clear", "face": "x"}]
)  # fmt: skip
def test_what_is_no_answer_is_not_there(screen, sent):
    screen.get("/faces/")
    assert screen.post("/faces/", sent).status_code == 404
    assert not FaceTally.objects.exists()


def test_too_many_from_one_address_are_told_to_wait(screen, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "faces": "1/60m/ip"}
    screen.get("/faces/")
    assert press(screen, FaceQuestion.CLEAR, 5).status_code == 302
    assert press(screen, FaceQuestion.PATIENT, 5).status_code == 429


def test_nothing_that_is_kept_leads_to_a_person():
    kept = {field.name for field in FaceTally._meta.get_fields()}
    assert kept == {"id", "unit", "month", "question", "face", "answered_on", "times"}


# --- On paper ---------------------------------------------------------------------------------


@pytest.fixture
def pile(cast, units):
    return key_in_paper(
        unit=units[VILLAGE],
        month=month(),
        sheets=9,
        counts={"clear": [0, 0, 1, 3, 5], "overall": [0, 0, 0, 2, 7]},
        keyed_by=cast.teacher,
    )


def on_paper():
    rows = FaceTally.objects.filter(answered_on=AnsweredOn.PAPER, times__gt=0)
    return set(rows.values_list("question", "face", "times"))


def test_a_pile_of_paper_is_counted_with_the_rest(pile):
    assert on_paper() == {
        ("clear", 3, 1), ("clear", 4, 3), ("clear", 5, 5), ("overall", 4, 2), ("overall", 5, 7),
    }  # fmt: skip


def test_a_pile_that_was_wrong_is_taken_back_once_and_stays_to_be_seen(pile, cast):
    take_back_paper(pile, taken_back_by=cast.teacher)
    assert on_paper() == set()
    with pytest.raises(AnswersRefused):
        take_back_paper(pile, taken_back_by=cast.teacher)
    assert PaperAnswers.objects.get().taken_back_by == cast.teacher


@pytest.mark.parametrize(
    ("sheets", "ticks", "ahead"), [(0, [0] * 5, 0), (9, [0] * 5, 0), (3, [0, 0, 0, 0, 4], 0),
                                   (9, [0, 0, 0, 0, 4], 40)]
)  # fmt: skip
def test_counts_that_cannot_be_are_refused(cast, units, sheets, ticks, ahead):
    later = (timezone.localdate() + timedelta(days=ahead)).replace(day=1)
    with pytest.raises(AnswersRefused):
        key_in_paper(
            unit=units[VILLAGE],
            month=later,
            sheets=sheets,
            counts={"clear": ticks},
            keyed_by=cast.teacher,
        )
    assert not FaceTally.objects.exists()


def test_a_teacher_keys_a_pile_in_on_its_page(as_):
    browser, address = as_("teacher"), f"/evaluation/{VILLAGE}/paper/"
    sent = {"month": f"{month():%Y-%m}", "sheets": "12", "overall_5": "10", "overall_1": "2"}
    assert browser.post(address, sent)["Location"] == address
    assert on_paper() == {("overall", 5, 10), ("overall", 1, 2)}
    page = browser.get(address)
    assert "12张" in words(page)
    wrong = browser.post(address, {**sent, "overall_5": "11"})
    assert wrong.status_code == 422
    assert "比12张还多" in words(wrong)
    browser.post(f"/evaluation/paper/{PaperAnswers.objects.get().pk}/take-back/")
    assert on_paper() == set()


def test_the_sheet_has_all_questions_and_a_way_for_telephones(as_):
    browser = as_("teacher")
    page = browser.get(f"/evaluation/{VILLAGE}/sheet/")
    for question in FaceQuestion:
        assert str(question.label) in words(page)
    picture = browser.get(f"/evaluation/{VILLAGE}/sheet/code.svg")
    assert picture["Content-Type"] == "image/svg+xml"


# --- Results ----------------------------------------------------------------------------------


def tally(unit, face, times, question=FaceQuestion.OVERALL):
    FaceTally.objects.create(
        unit=unit, month=month(), question=question, face=face, answered_on="screen", times=times
    )


def test_results_are_shares_of_the_unit_and_all_below(units):
    tally(units[VILLAGE], 5, 12)
    tally(units["440103001002"], 2, 8)
    found = results_of(units[STREET], this_month())
    overall = next(row for row in found.questions.rows if "总的" in str(row.values[0]))
    assert overall.values[1:] == [20, 0.0, 0.4, 0.0, 0.0, 0.6]
    assert [row.values for row in found.units.rows] == [
        ["翠洲社区", 10, 1.0],
        ["沙面社区", 10, 0.0],
    ]
    assert "60%说好或者很好" in found.sentence
    assert results_of(units[VILLAGE], this_month()).units is None


def test_of_fewer_than_five_nothing_is_told(units):
    tally(units[VILLAGE], 1, 4)
    found = results_of(units[VILLAGE], this_month())
    overall = next(row for row in found.questions.rows if "总的" in str(row.values[0]))
    assert overall.values[1:] == ["不到5", None, None, None, None, None]
    assert "先不写" in found.sentence


def test_the_page_of_results_says_it_in_words_and_a_table(as_, units):
    tally(units[VILLAGE], 5, 12)
    page = as_("street_officer").get(f"/evaluation/{STREET}/")
    assert "沙面街道" in words(page)
    assert "100%说好或者很好" in words(page)
    assert f'href="../{VILLAGE}/"' in page.content.decode()
