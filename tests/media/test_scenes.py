"""A scene becomes a picture that can be read at three metres."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from media.films.drawing import draw_scenes, picture_name
from media.films.layout import (
    FIGURE,
    HEIGHT,
    PHONE,
    SAFE_X,
    SAFE_Y,
    SCREEN,
    SUBTITLES_FROM,
    WIDTH,
    figure_rect,
    spot_rect,
    type_size,
)
from media.films.motion import last_picture, place_of
from media.films.storyboard import Figure, Phone, Scene, SceneKind, Spot, Storyboard

LONGEST = "看清楚店名和钱数再输密码，\n要是漏了那个小点就成三十五了，\n不认得的人叫您按您就先不要按"
PHONE_SCENE = Scene(
    kind=SceneKind.PHONE,
    words="点“扫一扫”",
    number=2,
    colour="smart-tech",
    phone=Phone(
        '<button class="widget widget--button x-20 y-40 w-60 h-20">扫一扫</button>',
        Spot(20, 40, 60, 20),
    ),
)
SCENES = [
    Scene(kind=SceneKind.TITLE, words="扫码付钱，\n看清再按", colour="smart-tech", label="智能"),
    Scene(kind=SceneKind.WORDS, words=LONGEST, number=4, colour="science"),
    PHONE_SCENE,
    Scene(kind=SceneKind.WARNING, words="付款码\n只在柜台前打开", icon="shield-warning"),
    Scene(kind=SceneKind.WITHOUT_A_PHONE, words="现金也是钱", label="不用手机怎么办"),
    Scene(kind=SceneKind.CLOSING, words="您来做一遍", label="现在您来试一试"),
]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return draw_scenes(SCENES, folder=tmp_path_factory.mktemp("scenes"))


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_nothing_stands_at_the_edge_nor_where_the_subtitles_are(pictures):
    for path in pictures:
        seen = pixels(path)
        assert seen.shape == (HEIGHT, WIDTH, 3)
        ground = seen[0, 0]
        for part in (seen[:SAFE_Y], seen[SUBTITLES_FROM:], seen[:, :SAFE_X], seen[:, -SAFE_X:]):
            assert (part == ground).all()
        assert (seen != ground).any()


def test_letters_have_64_pixels_and_more_and_stay_off_the_phone(pictures):
    assert all(type_size(scene) >= 64 for scene in SCENES)
    beside = pixels(pictures[2])[:, PHONE.left - 40 : PHONE.left - 4]
    assert (beside == beside[0, 0]).all()


def test_the_pressed_place_is_where_the_layout_says(pictures):
    phone = PHONE_SCENE.phone
    assert phone is not None
    assert phone.spot is not None
    place = spot_rect(phone.spot)
    seen = pixels(pictures[2])
    green = (abs(seen - (0x0A, 0x55, 0x50)).sum(axis=2) < 30)[:, SCREEN.left : SCREEN.right]
    rows, columns = np.nonzero(green)
    assert abs(rows.min() - place.top) <= 2
    assert abs(rows.max() + 1 - place.bottom) <= 2
    assert abs(columns.min() + SCREEN.left - place.left) <= 2
    assert abs(columns.max() + 1 + SCREEN.left - place.right) <= 2


def test_a_picture_is_named_by_what_it_shows(pictures):
    assert picture_name(SCENES[0]) == picture_name(replace(SCENES[0], told_by="扫", rest_ms=2000))
    assert picture_name(SCENES[0]) != picture_name(replace(SCENES[0], words="扫码付钱"))


def test_a_storyboard_is_kept_as_data():
    storyboard = Storyboard("扫码付钱", tuple(SCENES))
    assert Storyboard.from_json(storyboard.as_json()) == storyboard


def test_a_figure_stands_whole_with_the_rest_of_it_dark_at_the_end(settings, tmp_path):
    """However long or tall it is; its finger's place is a share of it, not of its room."""
    settings.MEDIA_ROOT = tmp_path
    scenes = []
    for name, size in {"long.png": (900, 300), "tall.png": (300, 700)}.items():
        picture = Image.new("RGB", size, "#1060c0")
        picture.paste("#d02020", (size[0] // 2, 0, size[0], size[1]))
        picture.save(tmp_path / name)
        figure = Figure(name, *size, Spot(50, 20, 50, 40))
        scenes.append(Scene(kind=SceneKind.FIGURE, words="按红色的键", number=1, figure=figure))
    for scene, path in zip(scenes, draw_scenes(scenes, folder=tmp_path), strict=True):
        assert scene.figure
        rect, place = figure_rect(scene.figure), place_of(scene)
        assert FIGURE.left <= rect.left
        assert rect.right <= FIGURE.right
        assert place.right == rect.right
        seen = pixels(path)
        assert abs(seen[rect.centre[1], rect.left + 60] - (0x10, 0x60, 0xC0)).max() < 12
        assert abs(seen[rect.centre[1], rect.right - 60] - (0xD0, 0x20, 0x20)).max() < 12
        with Image.open(path) as drawn:
            end = np.asarray(last_picture(scene, drawn.convert("RGB"))).astype(int)
        assert end[rect.centre[1], rect.left + 60, 2] < 0xC0 * 0.7
        assert abs(end[place.top + 20][place.left + 20] - (0xD0, 0x20, 0x20)).max() < 12
