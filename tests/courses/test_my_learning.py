"""我的学习: what pages keep and show, without an account, and who may do what with it."""

import re

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from courses.models import ClassroomPage, PracticePage
from courses.progress.models import WHOLE_FILM, LearnerRecord, LessonMark, new_code
from courses.progress.records import give_code
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db

LEARNING, NUMBER, CARD, ENTER, FORGET = (
    reverse(f"my:{name}") for name in ("learning", "number", "card", "enter", "forget")
)
PASSWORD = "梧桐 树下 三点 半"


@pytest.fixture
def lessons():
    return make_lessons()


@pytest.fixture
def begun(client, lessons):
    """A browser in which the first lesson was done."""
    do(client, lessons[0])
    return client


def say_read(client, lesson):
    return client.post(reverse("my:read", args=[lesson.pk]))


def do(client, lesson):
    client.get(lesson.url)
    say_read(client, lesson)
    client.get(lesson.url, {"answer": "0"})


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def tiles(answer) -> list[str]:
    found = re.findall(r'<a class="tile.*?</a>', answer.content.decode(), re.DOTALL)
    whole = [re.sub(r'(</span>)?<(span class="(phrase|kept)"|wbr)>', "", tile) for tile in found]
    return [" ".join(re.sub(r"<[^>]+>", " ", tile).split()) for tile in whole]


def is_done(lesson) -> bool:
    return LessonMark.objects.filter(lesson=lesson, done_at__isnull=False).exists()


# --- What is kept, and for whom -----------------------------------------------------------------


def test_without_script_a_lesson_is_done_by_saying_so_and_answering(client, lessons):
    lesson = lessons[0]
    page = client.get(lesson.url)
    assert "看完这一课，再答一题，就学完了。" in words(page)
    assert page.content.decode().count(reverse("my:read", args=[lesson.pk])) == 1, "one button"
    assert say_read(client, lesson).url == lesson.url + "#quiz"
    assert "再答一题" in words(client.get(lesson.url))
    assert "这一课学完了" in words(client.get(lesson.url, {"answer": "2"}))
    assert tiles(client.get("/science/"))[0].endswith("学完了")
    assert "学完1课，共2课" in words(client.get("/"))


def test_an_answer_before_the_lesson_was_read_is_half_of_it(client, lessons):
    client.get(lessons[0].url)
    assert "题答过了。课也看完了吗？" in words(client.get(lessons[0].url, {"answer": "0"}))
    assert tiles(client.get("/science/"))[0].endswith("学了一半")


def test_the_player_tells_what_was_seen_of_a_film(client, lessons):
    client.get(lessons[0].url)
    seen = reverse("my:seen", args=[lessons[0].pk])
    assert client.post(seen, {"parts": str(WHOLE_FILM)}).status_code == 204
    assert LessonMark.objects.get().is_watched
    for nonsense in ("", "-1", "1e9", "９", "9" * 10):
        assert client.post(seen, {"parts": nonsense}).status_code == 400


def test_a_practice_played_to_its_end_is_kept(client):
    lesson = next(each for each in make_lessons(3, "smart-tech") if each.get_children().exists())
    client.get(lesson.url)
    client.get(PracticePage.objects.child_of(lesson).get().url, {"screen": "END"})
    assert LessonMark.objects.get(lesson=lesson).practised_at is not None


def test_nothing_is_written_for_who_only_looks(client, lessons):
    for page in ("/", "/science/", lessons[0].url, LEARNING, NUMBER, ENTER, FORGET):
        client.get(page)
    assert not LearnerRecord.objects.exists()


def test_nothing_is_written_for_a_search_engine_or_another_sites_form(lessons):
    stranger = Client()
    stranger.get(lessons[0].url, {"answer": "0"})
    Client(enforce_csrf_checks=True).post(reverse("my:read", args=[lessons[0].pk]))
    assert not LearnerRecord.objects.exists()


def test_a_newcomers_pages_ask_nothing_of_records(client, lessons, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as captured:
        for page in ("/", "/science/", lessons[0].url):
            client.get(page)
    assert not [query for query in captured if "progress_learnerrecord" in query["sql"]]


def test_a_forged_cookie_opens_nothing(begun, lessons):
    thief = Client()
    thief.cookies["learner_record"] = str(LearnerRecord.objects.get().key)
    assert "学完了" not in "".join(tiles(thief.get("/science/")))


def test_no_more_records_are_begun_from_one_address_than_a_village_needs(lessons, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"record": "2/60m/ip"}
    for _ in range(3):
        do(Client(), lessons[0])
    assert LearnerRecord.objects.count() == 2


def test_two_presses_at_once_begin_one_record(client, lessons):
    client.get(lessons[0].url)
    hurried = Client()  # the same screen, as it was before the first answer came back
    hurried.cookies = client.cookies.copy()
    say_read(client, lessons[0])
    hurried.get(lessons[0].url, {"answer": "0"})
    assert LearnerRecord.objects.count() == 1
    assert is_done(lessons[0])


# --- The number ---------------------------------------------------------------------------------


def get_number(client) -> str:
    client.post(NUMBER)
    return str(LearnerRecord.objects.exclude(code=None).get())


def test_the_number_goes_on_in_another_browser_where_the_first_one_stopped(begun, lessons):
    begun.get(lessons[1].url)
    code = get_number(begun)
    assert code[:4] in words(begun.get(NUMBER))
    other = Client()
    typed = f"{code[:4]} {code[4:8]} {code[8:]}"
    assert other.post(ENTER, {"number": typed}).url == LEARNING
    assert "学完了1课，一共2课" in words(other.get(LEARNING))
    home = other.get("/")
    assert f"接着学 {lessons[1].title}" in " ".join(tiles(home))
    do(other, lessons[1])
    assert "学完了2课" in words(begun.get("/"))


def test_a_number_can_be_had_before_anything_was_done(client, lessons):
    code = get_number(client)
    do(client, lessons[0])
    assert LearnerRecord.objects.get().code == code


def test_the_square_on_the_card_brings_the_number_and_waits_for_a_press(begun):
    code = get_number(begun)
    other = Client()
    page = other.get(ENTER, {"number": code})
    assert page.context["scanned"]
    assert "learner_record" not in other.cookies
    assert other.post(ENTER, {"number": code}).url == LEARNING


def test_what_was_begun_here_without_a_number_goes_along_and_anothers_card_does_not(begun, lessons):
    code = get_number(begun)
    neighbour = Client()
    do(neighbour, lessons[1])
    neighbours_code = give_code(LearnerRecord.objects.get(code=None))
    forgetful = Client()
    do(forgetful, lessons[1])
    forgetful.post(ENTER, {"number": code})
    assert "学完了2课" in words(begun.get(LEARNING)), "begun here without a number: the same person"
    forgetful.post(ENTER, {"number": neighbours_code})
    assert "学完了1课" in words(forgetful.get(LEARNING)), "of the neighbour's card, and only that"
    assert "学完了2课" in words(begun.get(LEARNING))


def test_without_script_each_key_of_the_pad_adds_its_digit(client, lessons):
    page = client.post(ENTER, {"number": "12", "digit": "3"})
    assert 'value="123"' in page.content.decode()
    assert 'value="1"' in client.post(ENTER, {"number": "12", "erase": "1"}).content.decode()


def test_a_slip_costs_no_try_and_guesses_are_stopped_even_when_right(begun):
    code = get_number(begun)
    slip = code[:-1] + str((int(code[-1]) + 1) % 10)
    guesser = Client()
    for _ in range(40):
        assert "有一位按错了" in words(guesser.post(ENTER, {"number": slip}))
    for _ in range(20):
        assert guesser.post(ENTER, {"number": new_code()}).status_code == 422
    assert guesser.post(ENTER, {"number": code}).status_code == 429
    assert "learner_record" not in guesser.cookies


# --- Paper --------------------------------------------------------------------------------------


def test_the_card_is_large_and_its_square_leads_to_the_number(begun, tmp_path, settings):
    code = get_number(begun)
    path = tmp_path / "card.pdf"
    path.write_bytes(begun.get(CARD).content)
    [page] = PdfReader(path).pages
    sizes: list[float] = []
    page.extract_text(
        visitor_text=lambda text, _cm, matrix, _font, size: (
            sizes.append(size * abs(matrix[3]) * abs(_cm[3])) if text.strip() else None
        )
    )
    assert min(sizes) >= 17.9
    assert f"{code[:4]} {code[4:8]} {code[8:]}" in " ".join(page.extract_text().split())
    document = pypdfium2.PdfDocument(path)
    [qr_code] = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    document.close()
    assert qr_code.text == f"{settings.WAGTAILADMIN_BASE_URL}{ENTER}?number={code}"


@pytest.mark.parametrize("name", ["陈<b>秀英", ""])
def test_a_certificate_bears_the_name_that_was_typed_and_nobody_keeps_it(
    begun, lessons, tmp_path, name
):
    certificate = reverse("my:certificate", args=[ClassroomPage.objects.get().pk])
    assert begun.get(certificate).status_code == 404
    do(begun, lessons[1])
    assert certificate in begun.get(LEARNING).content.decode()
    assert begun.get(certificate).status_code == 200
    path = tmp_path / "certificate.pdf"
    answer = begun.post(certificate, {"name": name})
    path.write_bytes(answer.content)
    [page] = PdfReader(path).pages
    said = "".join(page.extract_text().split())
    assert "结业证书" in said
    assert name in said
    assert "2课" in said
    assert round(page.mediabox.width) > round(page.mediabox.height)
    assert "no-store" in answer["Cache-Control"]
    if name:
        assert name not in begun.get(certificate).content.decode()


def test_a_printed_lesson_bears_the_square_that_leads_back_to_it(client, lessons, settings):
    html = client.get(lessons[0].url).content.decode()
    [qr_code] = re.findall(r'look-again__qr" src="(data:image/svg[^"]+)"', html)
    assert settings.WAGTAILADMIN_BASE_URL + lessons[0].url in html
    assert client.get(lessons[1].url).content.decode().count(qr_code) == 0, "each has its own"


# --- Forgetting, and accounts -------------------------------------------------------------------


def test_forgetting_is_asked_once_and_complete_on_every_screen(begun, lessons):
    code = get_number(begun)
    other = Client()
    other.post(ENTER, {"number": code})
    assert begun.get(FORGET).status_code == 200
    assert LearnerRecord.objects.exists()
    begun.post(FORGET)
    assert not LearnerRecord.objects.exists()
    assert "接着学" not in words(begun.get("/"))
    assert "学完了" not in "".join(tiles(other.get("/science/")))
    assert "没有这个学习号" in words(other.post(ENTER, {"number": code}))


@pytest.fixture
def learner(django_user_model):
    return django_user_model.objects.create_user("chen", password=PASSWORD, last_name="陈")


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def test_signing_in_takes_along_what_was_done_and_leaves_the_screen_to_the_next(
    begun, learner, lessons
):
    phone = Client()
    sign_in(phone, learner)
    do(phone, lessons[1])
    sign_in(begun, learner)
    for screen in (begun, phone):
        assert "学完了2课" in words(screen.get(LEARNING))
    begun.post(reverse("account_logout"))
    assert "学完了2课" not in words(begun.get(LEARNING))
    assert LearnerRecord.objects.filter(joined_into=None).get().user == learner


def test_a_card_made_before_the_account_still_leads_to_it(begun, learner, lessons):
    code = get_number(begun)
    sign_in(begun, learner)
    do(begun, lessons[1])
    television = Client()
    television.post(ENTER, {"number": code})
    assert "学完了2课" in words(television.get(LEARNING))


def test_the_next_account_on_that_screen_takes_nothing_of_the_first(
    begun, learner, django_user_model
):
    code = get_number(begun)
    sign_in(begun, learner)
    second = Client()
    second.post(ENTER, {"number": code})
    sign_in(second, django_user_model.objects.create_user("he", password=PASSWORD))
    assert "学完了1课" not in words(second.get(LEARNING))


def test_who_works_in_the_office_leaves_alone_what_a_learner_has_open(begun, django_user_model):
    officer = django_user_model.objects.create_user("wang", password=PASSWORD, is_staff=True)
    sign_in(begun, officer)
    assert LearnerRecord.objects.get().user is None
    begun.post(reverse("account_logout"))
    assert "学完了1课" in words(begun.get(LEARNING))


# --- Who may what -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "url", "outcomes"),  # of a newcomer, who has begun, who has a number
    [
        ("get", LEARNING, (200, 200, 200)),
        ("get", NUMBER, (200, 200, 200)),
        ("post", NUMBER, (302, 302, 302)),
        ("get", CARD, (404, 404, 200)),
        ("get", ENTER, (200, 200, 200)),
        ("get", FORGET, (200, 200, 200)),
        ("post", FORGET, (302, 302, 302)),
        ("get", "certificate", (404, 404, 404)),
        ("post", "certificate", (404, 404, 404)),
        ("get", "read", (405, 405, 405)),
        ("post", "read", (302, 302, 302)),
        ("post", "hidden", (404, 404, 404)),
        ("get", "seen", (405, 405, 405)),
        ("post", "seen", (400, 400, 400)),
    ],
)
def test_who_may_what(lessons, monkeypatch, method, url, outcomes):
    monkeypatch.setattr("courses.my_learning.papers.lay_out", lambda html: b"%PDF")
    hidden = lessons[1]
    if url == "hidden":
        hidden.unpublish()
    named = {
        "certificate": reverse("my:certificate", args=[ClassroomPage.objects.get().pk]),
        "read": reverse("my:read", args=[lessons[0].pk]),
        "seen": reverse("my:seen", args=[lessons[0].pk]),
        "hidden": reverse("my:read", args=[hidden.pk]),
    }
    newcomer, has_begun, has_number = Client(), Client(), Client()
    do(has_begun, lessons[0])
    do(has_number, lessons[0])
    has_number.post(NUMBER)
    answers = [
        getattr(client, method)(named.get(url, url)).status_code
        for client in (newcomer, has_begun, has_number)
    ]
    assert tuple(answers) == outcomes


def test_pages_of_one_learner_are_kept_in_no_cache(begun):
    for page in (LEARNING, NUMBER, ENTER, FORGET):
        assert "no-store" in begun.get(page)["Cache-Control"], page


def test_the_home_of_who_has_begun_holds_no_more_choices_than_a_screen(begun, lessons):
    main = begun.get("/").content.decode().partition("<main")[2]
    assert len(re.findall(r"<(?:a|button)\b", main)) <= 7
