"""Covers: asked for by publishing, drawn in the background, shown on tiles; never in a request."""

import re

import pytest
from PIL import Image
from wagtail.images.tests.utils import get_test_image_file

from courses.covers import ask_for_covers, scene_of
from courses.drawings import drawing
from courses.models import DrillPage, PracticePage, StoryPage
from media.covers import services
from media.covers.drawing import MOST_BYTES, draw_covers, packed
from media.covers.scenes import CoverScene
from media.covers.services import draw_waiting_covers, of_page
from media.models import Cover, Picture
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def lesson():
    return make_lessons(1)[0]


def cover_of(page) -> Cover:
    return Cover.objects.get(name=of_page(page))


def tile_of(client, lesson) -> str:
    page = client.get(lesson.get_parent().url).content.decode()
    [tile, *_] = re.findall(r'<a class="tile.*?</a>', page, re.DOTALL)
    return tile


def test_a_published_lesson_gets_a_cover_of_both_kinds_and_its_tile_shows_it(client, lesson):
    assert "<svg" in tile_of(client, lesson)  # the drawing, until the cover stands
    assert draw_waiting_covers() == 1
    cover = cover_of(lesson)
    for file in (cover.webp, cover.jpeg):
        with Image.open(file.path) as picture:
            assert picture.size == (640, 360)
            # Below is the band of the classroom's colour, beside the drawing the paper.
            assert picture.convert("RGB").getpixel((320, 355)) == pytest.approx(
                (23, 73, 138), abs=6
            )
            assert picture.convert("RGB").getpixel((4, 4)) == pytest.approx((255, 251, 242), abs=4)
        assert file.size <= MOST_BYTES
    tile = tile_of(client, lesson)
    assert f'srcset="{cover.webp.url}"' in tile
    assert f'src="{cover.jpeg.url}" alt="" width="640" height="360"' in tile
    assert client.get(cover.webp.url).headers["Content-Type"] == "image/webp"


def test_it_is_drawn_once_and_anew_when_the_lesson_shows_something_else(lesson, media_root):
    draw_waiting_covers()
    first = cover_of(lesson).webp.name
    lesson.goal = "明白信号是怎么来的。"
    lesson.save_revision().publish()
    assert draw_waiting_covers() == 0
    lesson.drawing = "radio"
    lesson.save_revision().publish()
    assert cover_of(lesson).webp.name == first  # stays meanwhile
    assert draw_waiting_covers() == 1
    assert cover_of(lesson).webp.name != first


def test_a_page_that_goes_takes_its_cover_along(lesson):
    draw_waiting_covers()
    lesson.unpublish()
    assert not Cover.objects.exists()
    ask_for_covers()  # of live pages only
    assert not Cover.objects.exists()


def test_a_photograph_is_cut_to_the_cover_and_stays_light(lesson):
    photo = Picture.objects.create(title="铁塔", file=get_test_image_file(size=(300, 900)))
    lesson.picture = photo
    lesson.save_revision().publish()
    assert draw_waiting_covers() == 1
    with Image.open(cover_of(lesson).webp.path) as picture:
        assert picture.size == (640, 360)
    whole = draw_covers([CoverScene("ink", photo=photo.file.name, whole=True)])[0]
    assert whole.getpixel((10, 170)) == (255, 251, 242)  # paper beside it, none of it cut
    grain = Image.effect_noise((640, 360), 90).convert("RGB")
    for kind in ("WEBP", "JPEG"):
        assert len(packed(grain, kind=kind)) <= MOST_BYTES


def test_what_cannot_be_drawn_spoils_no_other_and_is_given_up(lesson):
    gone = CoverScene("science", photo="original_images/gone.jpg")
    services.want_cover("page-0", gone)
    for _ in range(services.MOST_FAILURES):
        draw_waiting_covers()
    assert cover_of(lesson).webp
    broken = Cover.objects.get(name="page-0")
    assert (broken.failures, broken.webp.name) == (services.MOST_FAILURES, "")
    assert draw_waiting_covers() == 0


def test_a_story_has_a_drawing_where_its_teller_gave_no_picture():
    assert scene_of(StoryPage(title="我会了")).drawings == (drawing("say").svg,)


def test_a_drill_and_a_practice_are_shown_by_a_cover_too(client, lesson):
    classroom = lesson.get_parent()
    drill = classroom.add_child(
        instance=DrillPage(title="真的还是骗的", slug="drill", introduction="听一听，认一认")
    )
    practice = lesson.add_child(instance=PracticePage(title="练一练", slug="practice"))
    drill.save_revision().publish()
    assert draw_waiting_covers() == 2
    page = client.get(classroom.url).content.decode()
    assert f'srcset="{cover_of(drill).webp.url}"' in page
    assert drill.get_sharing().picture.endswith(cover_of(drill).jpeg.url)
    assert practice.get_sharing().picture.endswith(cover_of(lesson).jpeg.url)
    assert scene_of(drill).colour == classroom.specific.subject
