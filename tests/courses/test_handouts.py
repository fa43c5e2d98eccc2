"""Lessons on paper: A4, large letters, a code that leads back; made once a version."""

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings as site
from PIL import Image as Drawing
from pypdf import PdfReader
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from courses.handouts.sheets import lesson_handout
from courses.models import ClassroomPage, LessonPage
from courses.paper import pdf
from media.models import Picture
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db

A4 = (595, 842)  # points
IMAGE = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def two_lessons():
    make_lessons(2)


def lessons():
    return list(LessonPage.objects.order_by("path"))


def saved(content: bytes, tmp_path):
    path = tmp_path / "handout.pdf"
    path.write_bytes(content)
    return path


def words_and_sizes(path) -> tuple[str, set[float]]:
    words, sizes = [], set()

    def visit(text, _cm, matrix, _font, size):
        if text.strip():
            words.append(text)
            sizes.add(round(size * abs(matrix[3]) * abs(_cm[3]), 1))

    for page in PdfReader(path).pages:
        page.extract_text(visitor_text=visit)
    return "".join("".join(words).split()), sizes


def codes_on(path, number=0) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    picture: Drawing.Image = document[number].render(scale=3).to_pil()
    document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_a_lesson_is_a4_in_large_print_with_all_its_words_and_a_code_that_leads_back(
    client, tmp_path
):
    lesson = with_a_picture(lessons()[0])
    answer = client.get(f"/handouts/lesson-{lesson.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    path = saved(answer.content, tmp_path)
    for page in PdfReader(path).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
    words, sizes = words_and_sizes(path)
    assert min(sizes) >= 18
    said = [
        lesson.title,
        lesson.goal,
        *(step.value["words"] for step in lesson.steps),
        lesson.practice_text,
        lesson.fraud_line,
        lesson.offline_route,
    ]
    for sentence in said:
        assert "".join(sentence.split()) in words
    assert codes_on(path) == [site.WAGTAILADMIN_BASE_URL + lesson.url]
    document = pypdfium2.PdfDocument(path)
    [drawn] = [page for page in document if list(page.get_objects(filter=[IMAGE]))]
    words_beside = drawn.get_textpage().get_text_bounded()
    document.close()
    assert "找到小齿轮。" in words_beside


def with_a_picture(lesson):
    """At a step more."""
    picture = Picture.objects.create(title="小齿轮", file=get_test_image_file(size=(600, 400)))
    lesson.steps.append(("step", {"words": "找到小齿轮。", "picture": picture}))
    lesson.save_revision().publish()
    return lessons()[0]


def test_a_classroom_is_one_pack_each_lesson_on_a_page_of_its_own(client, tmp_path):
    classroom = ClassroomPage.objects.get()
    path = saved(client.get(f"/handouts/classroom-{classroom.pk}.pdf").content, tmp_path)
    pages = ["".join(page.extract_text().split()) for page in PdfReader(path).pages]
    for lesson in lessons():
        assert lesson.title in pages[0]
    assert [page for page in pages if lessons()[0].fraud_line in page] == [pages[1]]
    assert pages[2].startswith(lessons()[1].title)
    assert codes_on(path, 2) == [site.WAGTAILADMIN_BASE_URL + lessons()[1].url]


def test_it_is_laid_out_once_a_version_and_the_old_one_goes(monkeypatch, media_root):
    laid_out: list[str] = []

    def lay_out(html: str) -> bytes:
        laid_out.append(html)
        return b"%PDF"

    monkeypatch.setattr(pdf, "lay_out", lay_out)
    for _ in range(2):
        lesson_handout(lessons()[0])
    assert len(laid_out) == 1
    lesson = lessons()[0]
    lesson.goal = "看清再扫。"
    lesson.save_revision()  # a draft
    lesson_handout(lessons()[0])
    assert len(laid_out) == 1
    lesson.save_revision().publish()
    lesson_handout(lessons()[0])
    assert len(laid_out) == 2
    assert len(list((media_root / "handouts").iterdir())) == 1


def test_what_takes_too_long_is_told_in_words_and_keeps_nobody(client, settings):
    settings.HANDOUT_LIMIT_SECONDS = 0.01
    answer = client.get(f"/handouts/lesson-{lessons()[0].pk}.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    assert "请过一会儿再点一次" in answer.content.decode()


def test_while_another_is_laid_out_one_is_asked_for_patience(client, settings):
    settings.HANDOUT_WAIT_SECONDS = 0.01
    with pdf._layout:
        answer = client.get(f"/handouts/lesson-{lessons()[0].pk}.pdf")
    assert answer.status_code == 503


def test_what_is_too_large_is_told_in_words(monkeypatch, settings, client):
    settings.HANDOUT_MAX_MIB = 1
    monkeypatch.setattr(pdf, "lay_out", lambda html: b"x" * (2**20 + 1))
    answer = client.get(f"/handouts/lesson-{lessons()[0].pk}.pdf")
    assert answer.status_code == 503
    assert "讲义太大了" in answer.content.decode()


def test_nothing_outside_the_page_is_opened(tmp_path):
    secret = tmp_path / "secret.png"
    Drawing.new("RGB", (9, 9), "red").save(secret)
    content = pdf.lay_out(f'<p>一</p><img src="{secret.as_uri()}"><img src="{secret}">')
    assert len(PdfReader(saved(content, tmp_path)).pages[0].images) == 0


@pytest.mark.parametrize("change", ["unpublish", "restrict", "delete"])
def test_a_stranger_gets_no_paper_of_what_he_may_not_see(client, change):
    lesson = lessons()[0]
    if change == "unpublish":
        lesson.unpublish()
    elif change == "restrict":
        PageViewRestriction.objects.create(page=lesson, restriction_type="login")
    else:
        lesson.delete()
    assert client.get(f"/handouts/lesson-{lesson.pk}.pdf").status_code == 404
    assert client.get("/media/handouts/anything.pdf").status_code == 404


def test_a_handout_that_somebody_has_is_sent_again_only_after_a_change(client, monkeypatch):
    monkeypatch.setattr(pdf, "lay_out", str.encode)
    lesson = lessons()[0]
    address = f"/handouts/lesson-{lesson.pk}.pdf"
    first = client.get(address)
    known = {"If-None-Match": first["ETag"]}
    assert first["Cache-Control"] == "no-cache"  # asked for each time, sent once
    again = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    lesson.title = "新的题目"
    lesson.save_revision().publish()
    assert client.get(address, headers=known).status_code == 200
