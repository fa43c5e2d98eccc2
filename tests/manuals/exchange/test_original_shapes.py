"""What makers' programs do to a page: turned pages, tables without lines, pictures that float,
groups, bullets apart from their words. Each document here is made for its one matter."""

import base64
import io
from copy import deepcopy

import pypdf
import pytest
from docx.oxml import parse_xml
from PIL import Image
from pptx import Presentation
from pptx.util import Cm

from tests.manuals.exchange.made_files import pdf, word_file
from tests.manuals.exchange.test_originals import doubts, picture

PAGE = "@page { size: A4; margin: 20mm } "


def shown(colour: str) -> str:
    data = base64.b64encode(picture((400, 300), colour)).decode()
    return f'<img style="width:60mm;display:block" src="data:image/png;base64,{data}">'


def colours(draft, folder) -> list[str | None]:
    """Of each step's picture, which of the three colours it is."""
    return [step.picture and colour_of(folder / step.picture) for step in draft.steps]


def colour_of(path) -> str:
    with Image.open(path) as image:
        shares = list(image.convert("RGB").resize((1, 1)).tobytes())
    return "rgb"[shares.index(max(shares))]


# --- PDF ----------------------------------------------------------------------------------------

TROUBLES = [
    ("按了不亮", "电池没电了", "换四节新电池，看准正负。"),
    (
        "袖带不鼓",
        "管子没插紧，或者袖带在别处漏了气",
        "拔下管子，对准孔再插一次；还是不鼓，打服务电话，请人来看一看要不要换。",
    ),
    ("数字偏高", "量以前走了路", "坐五分钟再量。"),
]


TIGHT, MIDDLE, WIDE = (
    "padding: 0 4mm", "padding: 0 4mm 1.5mm 0; vertical-align: middle", "padding: 2mm 4mm 2mm 0",
)  # fmt: skip
HEADS = pytest.mark.thorough("these cells are read below heads of the other kind")


@pytest.mark.parametrize(
    ("heads", "cell"),
    [
        ("left", TIGHT),
        ("center", MIDDLE),
        pytest.param("left", WIDE, marks=pytest.mark.thorough("wider apart is easier")),
        pytest.param("center", WIDE, marks=pytest.mark.thorough("wider apart is easier")),
        pytest.param("left", MIDDLE, marks=HEADS),
        pytest.param("center", TIGHT, marks=HEADS),
    ],
)
def test_a_table_of_troubles_needs_no_lines(read, cell, heads):
    rows = "".join(
        f"<tr><td>{problem}<td>{cause}<td>{remedy}" for problem, cause, remedy in TROUBLES
    )
    style = f"{PAGE} td, th {{ {cell} }} th {{ font-weight: normal; text-align: {heads} }}"
    width = '<col style="width:30mm"><col style="width:45mm"><col style="width:90mm">'
    body = (
        "<h2>怎么开机</h2><p>1. 按一下圆钮。</p><h2>不正常时</h2>"
        f"<table>{width}<tr><th>现象<th>原因<th>处理办法{rows}</table>"
        "<h2>怎么关机</h2><p>1. 再按一下。</p>"
    )
    draft = read(pdf(style, body))
    assert [(each.problem, each.remedy) for each in draft.troubles] == [
        (problem, remedy) for problem, _cause, remedy in TROUBLES
    ]
    assert [step.words for step in draft.steps] == ["按一下圆钮。", "再按一下。"]


def turned(data: bytes, *, drawn: int, rotate: int) -> bytes:
    """Everything drawn so many degrees anticlockwise, and the page shown clockwise by rotate."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        move = {90: (height, 0), 180: (width, height), 270: (0, width)}[drawn]
        page.add_transformation(pypdf.Transformation().rotate(drawn).translate(*move))
        size = (width, height) if drawn == 180 else (height, width)
        page.mediabox = page.cropbox = pypdf.generic.RectangleObject((0, 0, *size))
        page[pypdf.generic.NameObject("/Rotate")] = pypdf.generic.NumberObject(rotate)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


TURNS = pytest.mark.thorough(
    "one page that says that it is turned, and one that does not, stand in"
)


@pytest.mark.parametrize(("drawn", "rotate"), [
    (90, 90),
    (270, 0),
    *(pytest.param(*turn, marks=TURNS) for turn in [(180, 180), (270, 270), (90, 0)]),
])  # fmt: skip
def test_a_turned_page_is_read_and_shown_upright(read, tmp_path, drawn, rotate):
    tall = Image.new("RGB", (300, 400), "white")
    tall.paste("red", (0, 0, 300, 200))
    file = io.BytesIO()
    tall.save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    body = (
        "<h2>怎么换电池</h2><p>1. 打开背后的小盖子。</p>"
        f'<img style="width:50mm;display:block" src="data:image/png;base64,{data}">'
        "<p>2. 放进两节新电池。</p><p>3. 盖上小盖子，听到咔的一声。</p>"
    )
    draft = read(turned(pdf(PAGE, body), drawn=drawn, rotate=rotate))
    assert [step.words for step in draft.steps] == [
        "打开背后的小盖子。", "放进两节新电池。", "盖上小盖子，听到咔的一声。"
    ]  # fmt: skip
    first = next(draft.steps)
    with Image.open(tmp_path / first.picture) as image:
        assert image.width < image.height
        assert image.convert("RGB").getpixel((image.width // 2, 20)) == (255, 0, 0)
    with Image.open(tmp_path / "page-001.jpg") as page:
        assert page.width < page.height


def test_bullets_apart_from_their_words_stay_with_them(read):
    """A list's sign is a piece of its own in a PDF; bold numbers above bullets are tasks."""
    body = "".join(
        f"<p><b>{n}. {name}</b></p><ul><li>按一下左边的键<li>等它响一声</ul>"
        for n, name in ((1, "看时间"), (2, "看闹钟"))
    )
    draft = read(pdf(PAGE + "ul { list-style: disc }", body))
    assert [task.title for task in draft.tasks] == ["看时间", "看闹钟"]
    assert [step.words for step in draft.steps] == ["按一下左边的键", "等它响一声"] * 2


def test_a_line_with_a_colon_between_bullets_heads_those_below(read):
    body = "<h2>怎么按</h2><ul><li>上：2键<li>下：8键</ul><p>数字输入：</p><ul><li>0键：数字0</ul>"
    draft = read(pdf(PAGE, body))
    assert [(task.title, len(task.steps)) for task in draft.tasks] == [
        ("怎么按", 2),
        ("数字输入", 1),
    ]


def test_a_numbered_heading_in_ordinary_letters_does_not_swallow_the_words_below(read):
    body = (
        "<p>一、怎么开机：<br>1. 按住圆钮，数到三。</p><p>二、怎么联系孩子：<br>"
        + "先请孩子把他的号码存进来，" * 5
        + "再照下面做。</p><p>1. 按绿键。</p>"
    )
    draft = read(pdf(PAGE, body))
    assert [task.title for task in draft.tasks] == ["怎么开机", "怎么联系孩子"]
    assert [step.words for step in draft.steps] == ["按住圆钮，数到三。", "按绿键。"]


def test_the_boxes_of_a_flow_chart_are_no_warnings(read):
    boxes = "".join(
        f'<p style="border:1pt solid #000;width:40mm">去第{n}步看看</p>' for n in range(1, 9)
    )
    draft = read(pdf(PAGE, f"<h2>怎么开机</h2><p>1. 按一下圆钮。</p>{boxes}"))
    assert [(step.words, step.warning) for step in draft.steps] == [("按一下圆钮。", "")]
    assert doubts(draft) == ["drawn_picture"]


def test_latin_words_of_a_line_with_straight_edges_stay_together(read):
    line = "Press the round button on the front until you hear it ring and then let it go."
    style = f"{PAGE} p {{ text-align: justify; width: 78mm }}"
    draft = read(pdf(style, f"<h2>How to start</h2><p>1. {line}</p>"))
    assert [step.words for step in draft.steps] == [line]


# --- Word ---------------------------------------------------------------------------------------

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def floating(inside: str, *, below: int = 0, fallback: str = "") -> object:
    return parse_xml(
        f"<w:r {NAMES}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor>"
        "<wp:positionV relativeFrom='paragraph'>"
        f"<wp:posOffset>{below}</wp:posOffset></wp:positionV>"
        f"<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></wp:anchor></w:drawing>"
        f"</mc:Choice>{fallback}</mc:AlternateContent></w:r>"
    )


def box(*paragraphs: str) -> str:
    said = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    return f"<wps:wsp><wps:txbx><w:txbxContent>{said}</w:txbxContent></wps:txbx></wps:wsp>"


def saved(file) -> bytes:
    data = io.BytesIO()
    file.save(data)
    return data.getvalue()


def anchored(run) -> None:
    """Makes a picture that stands in a line one that floats, as Word itself writes it."""
    inline = run._r.find(".//{*}inline")
    anchor = parse_xml(f"<wp:anchor {NAMES} behindDoc='0'/>")
    anchor.extend(list(inline))
    inline.getparent().replace(inline, anchor)


def test_pictures_that_float_beside_their_step_are_its_own(read, tmp_path):
    file = word_file()
    file.add_heading("怎么换电池", 1)
    for number, colour in enumerate(("red", "lime", "blue"), 1):
        run = file.add_paragraph().add_run()
        run.add_picture(io.BytesIO(picture((400, 300), colour)), width=914400)
        anchored(run)
        run._r.getparent().append(
            parse_xml(f"<w:r {NAMES}><w:t>{number}. 做第{number}件事。</w:t></w:r>")
        )
    draft = read(saved(file))
    assert [step.words for step in draft.steps] == [f"做第{n}件事。" for n in (1, 2, 3)]
    assert colours(draft, tmp_path) == ["r", "g", "b"]


def test_words_in_boxes_are_read_once_from_above_downwards(read):
    file = word_file()
    file.add_heading("怎么换电池", 1)
    holder = file.add_paragraph()
    vml = "<mc:Fallback><w:pict/></mc:Fallback>"
    holder._p.append(floating(box("2. 放进电池。"), below=900000, fallback=vml))
    holder._p.append(floating(box("1. 打开盖子。", "小心：别用力掰。"), below=100, fallback=vml))
    file.add_paragraph("3. 盖上盖子。")
    draft = read(saved(file))
    assert [(step.words, step.warning) for step in draft.steps] == [
        ("打开盖子。", "别用力掰。"), ("放进电池。", ""), ("盖上盖子。", "")
    ]  # fmt: skip


def test_a_picture_in_a_box_and_one_in_a_group_are_not_lost(read, tmp_path):
    file = word_file()
    file.add_heading("怎么换电池", 1)
    for colour, words in (("red", "1. 打开盖子。"), ("blue", "2. 盖上盖子。")):
        paragraph = file.add_paragraph(words)
        run = paragraph.add_run()
        run.add_picture(io.BytesIO(picture((400, 300), colour)), width=914400)
        drawn = run._r.find(".//{*}pic")
        drawing = run._r.find("{*}drawing")
        run._r.remove(drawing)
        if colour == "red":
            frame = floating(box(""))
            frame.find(".//{*}txbxContent/{*}p/{*}r").append(drawing)
        else:
            frame = floating("<wpg:wgp/>")
            frame.find(".//{*}wgp").append(deepcopy(drawn))
        paragraph._p.append(frame)
    draft = read(saved(file))
    assert [step.words for step in draft.steps] == ["打开盖子。", "盖上盖子。"]
    assert colours(draft, tmp_path) == ["r", "b"]


def test_page_numbers_and_running_heads_between_paragraphs_are_no_words(read):
    file = word_file()
    for number in range(1, 6):
        file.add_heading(f"怎么按第{number}个键", 2)
        file.add_paragraph(f"1. 找到第{number}个键。")
        file.add_paragraph(str(number))
        file.add_paragraph("康乐血压计 使用手册")
        file.add_paragraph("2. 按一下。")
    draft = read(saved(file))
    assert [step.words for step in draft.steps] == [
        words for n in range(1, 6) for words in (f"找到第{n}个键。", "按一下。")
    ]


# --- Slides, web pages --------------------------------------------------------------------------


def test_what_stands_in_a_group_of_a_slide_keeps_its_place(read, tmp_path):
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    for number, colour in ((2, "lime"), (1, "red"), (3, "blue")):
        words = group.shapes.add_textbox(Cm(12), Cm(6 * number - 4), Cm(10), Cm(1))
        words.text_frame.text = f"{number}. 做第{number}件事。"
        file = io.BytesIO(picture((400, 300), colour))
        group.shapes.add_picture(file, Cm(2), Cm(6 * number - 5), Cm(6), Cm(4.5))
    data = io.BytesIO()
    show.save(data)
    draft = read(data.getvalue())
    assert [step.words for step in draft.steps] == [f"做第{n}件事。" for n in (1, 2, 3)]
    assert colours(draft, tmp_path) == ["r", "g", "b"]


def test_a_title_that_a_program_wrote_is_none(read):
    show = Presentation()
    show.core_properties.title = "PowerPoint 演示文稿"
    slide = show.slides.add_slide(show.slide_layouts[6])
    words = slide.shapes.add_textbox(Cm(1), Cm(1), Cm(10), Cm(1))
    words.text_frame.text = "1. 按一下圆钮。"
    data = io.BytesIO()
    show.save(data)
    assert read(data.getvalue()).title == ""


def test_a_page_in_utf_16_is_read(read):
    page = "<!DOCTYPE html><html><h1>怎么开机</h1><ol><li>按一下圆钮。</ol></html>"
    draft = read(page.encode("utf-16"))
    assert [step.words for step in draft.steps] == ["按一下圆钮。"]


def test_words_between_two_pictures_of_one_number_are_a_step_of_their_own(read, tmp_path):
    body = (
        f"<h2>怎么传照片</h2><p>1. 接上线。{shown('red')}<p>点“打开”。{shown('blue')}<p>2. 拔下线。"
    )
    draft = read(f"<html><body>{body}</body></html>".encode())
    assert [step.words for step in draft.steps] == ["接上线。", "点“打开”。", "拔下线。"]
    assert colours(draft, tmp_path) == ["r", "b", None]


def test_a_table_with_figures_in_its_columns_is_no_steps(read):
    rows = "".join(
        f"<tr><td>{name}<td>R30{n}<td>99" for n, name in enumerate(("开机", "没电", "关机"))
    )
    body = f"<h2>怎么开机</h2><p>1. 按一下圆钮。<table>{rows}</table>"
    draft = read(f"<html><body>{body}</body></html>".encode())
    assert [step.words for step in draft.steps] == ["按一下圆钮。"]
    assert doubts(draft) == ["table"]


def test_letters_count_steps_too(read):
    body = "<h2>怎么开机</h2><p>a) 插上电。<p>b) 按一下圆钮。<p>c）等它响。"
    draft = read(f"<html><body>{body}</body></html>".encode())
    assert [step.words for step in draft.steps] == ["插上电。", "按一下圆钮。", "等它响。"]
