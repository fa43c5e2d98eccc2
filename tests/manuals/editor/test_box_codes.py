"""The QR code for a box: files at their true size, which a telephone's reader reads."""

import io
import re
import xml.etree.ElementTree as ET

import pypdfium2
import pytest
import weasyprint
import zxingcpp
from django.urls import reverse
from PIL import Image

from lms.manuals.editor.box_codes import BoxCode

SITE = "https://yinling.example.cn"


@pytest.fixture(autouse=True)
def site(settings):
    settings.WAGTAILADMIN_BASE_URL = SITE


@pytest.fixture
def manual(make_manual):
    return make_manual()


def png_of(browser, manual, side_mm, resolution):
    address = reverse("workbench:box_png", args=[manual.pk, side_mm, resolution])
    answer = browser.get(address)
    assert answer["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


def svg_of(browser, manual, side_mm) -> str:
    answer = browser.get(reverse("workbench:box_svg", args=[manual.pk, side_mm]))
    assert answer["Content-Type"] == "image/svg+xml"
    return answer.content.decode()


def printed(svg: str, resolution: int) -> Image.Image:
    """A grey A6 sheet with the picture on it at its own size, as a print shop's program sees it."""
    drawing = re.sub(r"<\?xml.*?\?>", "", svg)
    sheet = f"<style>@page{{size:A6;margin:9mm}}body{{background:#999}}</style>{drawing}"
    document = pypdfium2.PdfDocument(weasyprint.HTML(string=sheet).write_pdf())
    return document[0].render(scale=resolution / 72).to_pil()


@pytest.mark.parametrize("side_mm", [10, 20, 200])
@pytest.mark.parametrize("resolution", [300, 600])
def test_a_png_has_its_size_in_millimetres_and_is_read(as_, manual, side_mm, resolution):
    picture = png_of(as_("maker"), manual, side_mm, resolution)
    dpi = picture.info["dpi"][0]
    assert resolution - 0.02 <= dpi  # the file counts dots a metre
    code = BoxCode(f"{SITE}/m/{manual.short_code}/", side_mm)
    assert 25.4 * picture.width / dpi == pytest.approx(code.picture_mm, rel=0.003)
    [read] = zxingcpp.read_barcodes(picture)
    assert read.text == f"{SITE}/m/{manual.short_code}/"


@pytest.mark.parametrize("resolution", [300, 600])
def test_the_smallest_svg_is_read_from_a_printed_sheet(as_, manual, resolution):
    """Ten millimetres: some four dots a module at 300 dpi."""
    svg = svg_of(as_("maker"), manual, 10)
    sheet = printed(svg, resolution)
    [read] = zxingcpp.read_barcodes(sheet)
    assert read.text == f"{SITE}/m/{manual.short_code}/"
    side = (read.position.top_right.x - read.position.top_left.x) * 25.4 / resolution
    assert side == pytest.approx(10, abs=0.4)


def test_an_svg_says_its_millimetres_and_keeps_four_modules_white(as_, manual):
    root = ET.fromstring(svg_of(as_("maker"), manual, 20))
    code = BoxCode(f"{SITE}/m/{manual.short_code}/", 20)
    assert root.attrib["width"].endswith("mm")
    assert float(root.attrib["width"][:-2]) == pytest.approx(20 * (code.modules + 8) / code.modules)
    names = {"s": "http://www.w3.org/2000/svg"}
    assert root.find("s:title", names).text == code.address
    assert manual.short_code in root.find("s:desc", names).text


def test_the_white_around_it_is_white_on_four_modules_of_each_side(as_, manual):
    picture = png_of(as_("maker"), manual, 10, 300).convert("L")
    code = BoxCode(f"{SITE}/m/{manual.short_code}/", 10)
    module = picture.width // (code.modules + 8)
    dark = picture.point(lambda value: 255 - value).getbbox()
    assert dark == (4 * module, 4 * module, *(2 * [picture.width - 4 * module]))


def test_the_page_says_the_address_the_code_and_the_measures(as_, manual, publish):
    publish(manual)
    page = as_("maker").get(reverse("workbench:box", args=[manual.pk]), {"mm": 12})
    words = page.content.decode()
    assert f"打开 yinling.example.cn/m/ ，输入 {manual.short_code}" in words
    assert f"{SITE}/m/{manual.short_code}/" in words
    assert "黑色的方块12毫米" in words
    assert "QR版本3（29×29格），纠错等级M" in words
    assert "还没有上线" not in words


def test_before_the_manual_is_live_the_page_says_so(as_, manual):
    page = as_("maker").get(reverse("workbench:box", args=[manual.pk]))
    assert "还没有上线" in page.content.decode()


@pytest.mark.parametrize("typed", ["9", "201", "", "二十", "10.5", "-20"])
def test_a_size_that_cannot_be_printed_is_answered_in_words(as_, manual, typed):
    page = as_("maker").get(reverse("workbench:box", args=[manual.pk]), {"mm": typed})
    assert page.status_code == 422
    assert re.search("请写10到200的整数|这里还没有填", page.content.decode())


@pytest.mark.parametrize(("side_mm", "resolution"), [(9, 300), (201, 300), (20, 72)])
def test_other_sizes_have_no_file(as_, manual, side_mm, resolution):
    address = reverse("workbench:box_png", args=[manual.pk, side_mm, resolution])
    assert as_("maker").get(address).status_code == 404
