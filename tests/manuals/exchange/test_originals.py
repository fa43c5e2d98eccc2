"""Makers' own files become drafts: what is in place, what is told, what is refused."""

import base64
import io
import zipfile
from dataclasses import fields

import pypdf
import pytest
from PIL import Image
from pptx import Presentation

from lms.manuals.exchange.originals import drafted
from lms.manuals.exchange.originals.child import kind_of, read_files
from lms.manuals.exchange.originals.drafted import DraftedManual
from lms.manuals.exchange.originals.items import FileRefused
from lms.manuals.exchange.originals.running import DRAFT
from lms.manuals.exchange.originals.wording import (
    DOUBTS,
    REFUSALS,
    doubt_in_words,
    refusal_in_words,
)
from lms.manuals.models import ManualStep, ManualTask, ManualTrouble, ManualVersion, ManualWarning
from tests.manuals.exchange.in_place import in_place
from tests.manuals.exchange.made_files import LAYOUTS, package_of, pdf, word_file

#: Each demo manual as another engineering department would have it.
REBUILT = {
    "blood-pressure": "booklet",
    "hearing-aid": "two columns",
    "big-phone": "word with styles",
    "speaker": "a slide a step",
    "television-box": "web page in a zip",
    "cooker": "cards",
}


def refusal(read, *files: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(*files)
    assert refusal_in_words(refused.value.name, refused.value.said)
    return refused.value.name


def doubts(draft: DraftedManual) -> list[str]:
    return [doubt.name for doubt in draft.doubts]


def picture(size=(400, 300), colour="teal", kind="PNG", mode="RGB", **how) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **how)
    return file.getvalue()


def word(*lines: str) -> bytes:
    file, data = word_file(), io.BytesIO()
    for line in lines:
        file.add_paragraph(line)
    file.save(data)
    return data.getvalue()


# --- The six demo manuals -----------------------------------------------------------------------


@pytest.mark.parametrize("folder", sorted(REBUILT))
def test_a_demo_manual_is_rebuilt_from_a_document(tmp_path, folder):
    package, layout = package_of(folder), LAYOUTS[REBUILT[folder]]
    (tmp_path / f"source-01{layout.suffix}").write_bytes(layout.make(package))
    read_files(tmp_path)
    draft = DRAFT.validate_json((tmp_path / "draft.json").read_bytes())
    found = in_place(package, draft, tmp_path)
    assert found.steps_and_pictures >= 95, found  # 80 were asked for
    assert found.warnings.percent == 100, found
    assert found.expected.percent == 100, found
    assert found.troubles.percent == 100, found
    assert found.opening.percent == 100, found
    assert (
        draft.title == f"{package.document.product.brand}{package.document.product.name}使用说明书"
    )
    assert all((tmp_path / f"page-{step.page:03}.jpg").exists() for step in draft.steps)


@pytest.mark.parametrize(
    "layout", ["side by side", "ruled table", "word typed by hand", "a slide a task"]
)
def test_other_layouts_of_one_manual(tmp_path, layout):
    package, made = package_of("blood-pressure"), LAYOUTS[layout]
    (tmp_path / f"source-01{made.suffix}").write_bytes(made.make(package))
    read_files(tmp_path)
    draft = DRAFT.validate_json((tmp_path / "draft.json").read_bytes())
    assert in_place(package, draft, tmp_path).steps_and_pictures >= 95


def test_what_a_file_says_of_its_product(read):
    draft = read(LAYOUTS["booklet"].make(package_of("blood-pressure")))
    assert (draft.model, draft.telephone) == ("QH-21", "400-000-0021")
    assert draft.name == "晴禾坡血压计"


def test_a_list_of_parts_is_no_task_and_is_told(read):
    draft = read(LAYOUTS["booklet"].make(package_of("blood-pressure")))
    assert [doubt.words for doubt in draft.doubts if doubt.name == "section"] == ["装箱清单"]


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        ("1. ", "2. ", "3. "), ("1、", "2、", "3、"), ("①", "②", "③"), ("（1）", "（2）", "（3）"),
        ("第一步 ", "第二步 ", "第三步 "), ("步骤1：", "步骤2：", "步骤3："), ("1) ", "2) ", "3) "),
        ("Step 1: ", "Step 2: ", "Step 3: "), ("❶ ", "❷ ", "❸ "),
    ],
)  # fmt: skip
def test_numbers_of_every_kind_make_steps(read, numbers):
    sentences = ["打开后盖。", "放进电池。", "盖上后盖。"]
    lines = [number + words for number, words in zip(numbers, sentences, strict=True)]
    draft = read(word("一、怎么装电池", *lines))
    assert [task.title for task in draft.tasks] == ["怎么装电池"]
    assert [step.words for step in draft.steps] == sentences


def test_years_and_sizes_at_the_beginning_of_a_line_are_no_steps(read):
    draft = read(word("一、怎么开机", "1. 按电源键。", "2. 等屏幕亮。", "3.5毫米的插孔在左边。"))
    assert [step.words for step in draft.steps] == [
        "按电源键。",
        "等屏幕亮。3.5毫米的插孔在左边。",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "警告：别碰水。",
        "注意！别碰水。",
        "⚠ 别碰水。",
        "【危险】别碰水。",
        "WARNING: 别碰水。",
        "⚠️警告 别碰水。",
    ],
)
def test_a_warning_stays_with_its_step(read, line):
    draft = read(word("一、怎么清洗", "1. 拔掉插头。", line, "2. 用干布擦。"))
    first, second = draft.steps
    assert (first.warning, second.warning) == ("别碰水。", "")


def test_a_step_that_begins_with_care_is_a_step(read):
    draft = read(word("一、怎么插卡", "1. 小心地拉出卡托。", "2. 放进卡。"))
    assert [step.words for step in draft.steps] == ["小心地拉出卡托。", "放进卡。"]


def test_what_is_too_long_is_cut_at_a_sentence_and_told(read):
    long = "按住电源键，" + "数到三再松手。" * 40
    draft = read(word("一、怎么开机", f"1. {long}"))
    (step,) = draft.steps
    assert len(step.words) <= 200
    assert step.words.endswith("。")
    assert "cut" in doubts(draft)


def test_traditional_characters_become_simplified_and_it_is_told(read):
    draft = read(word("一、怎麼開機", "1. 按住電源鍵。", "2. 等螢幕亮起來。", "警告：請勿碰水。"))
    assert next(draft.steps).words == "按住电源键。"
    assert "traditional" in doubts(draft)


def test_english_stays_and_it_is_told(read):
    lines = ["1. Press and hold the power button.", "2. Wait until the screen lights up."]
    draft = read(word("Chapter 1 How to turn it on", *lines))
    assert [step.words for step in draft.steps] == [line[3:] for line in lines]
    assert "foreign" in doubts(draft)


def test_numbers_over_numbers_are_tasks(read):
    lines = ["1. 开机", "（1）按住电源键。", "（2）等屏幕亮。", "2. 关机", "（1）按住电源键。"]
    draft = read(word(*lines))
    assert [(t.title, len(t.steps)) for t in draft.tasks] == [("开机", 2), ("关机", 1)]


def test_a_table_of_figures_is_left_out_and_told(read):
    file, data = word_file(), io.BytesIO()
    file.add_heading("怎么开机", 1)
    file.add_paragraph("1. 按电源键。")
    table = file.add_table(2, 3)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells],
        ("电压", "功率", "重量", "220V", "60W", "2kg"),
        strict=True,
    ):
        cell.text = text
    file.save(data)
    draft = read(data.getvalue())
    assert [step.words for step in draft.steps] == ["按电源键。"]
    assert "table" in doubts(draft)


# --- PDF ----------------------------------------------------------------------------------------


def test_a_scan_becomes_steps_with_pages_and_is_told(read, tmp_path):
    pages = [Image.new("RGB", (900, 1200), colour) for colour in ("white", "beige", "ivory")]
    for number, page in enumerate(pages):
        page.paste("black", (100, 100 + 200 * number, 800, 140 + 200 * number))
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])
    draft = read(file.getvalue())
    assert [(step.words, step.page) for step in draft.steps] == [("", 1), ("", 2), ("", 3)]
    assert len({step.picture for step in draft.steps}) == 3
    assert doubts(draft) == ["scanned"]


def test_headers_page_numbers_and_logos_are_no_words_and_no_pictures(read):
    logo = base64.b64encode(picture((300, 300), "red")).decode()
    body = "".join(
        f"<h2>{n}、怎么做</h2><p>1. 按下第{n}个键。</p><div style='break-after:page'></div>"
        for n in "一二三四"
    )
    style = f"""@page {{ size: A4; margin: 30mm 20mm;
      @top-right {{ content: url(data:image/png;base64,{logo}); }}
      @bottom-left {{ content: "康乐公司 版本2.1" }} @bottom-right {{ content: counter(page) }} }}
      h2 {{ font-size: 18pt }}"""
    draft = read(pdf(style, body))
    assert [step.words for step in draft.steps] == [f"按下第{n}个键。" for n in "一二三四"]
    assert not any(step.picture for step in draft.steps)
    assert doubts(draft) == []


def test_a_password_and_too_many_pages_are_refused(read):
    writer = pypdf.PdfWriter()
    for _n in range(3):
        writer.add_blank_page(300, 300)
    writer.encrypt("secret")
    file = io.BytesIO()
    writer.write(file)
    assert refusal(read, file.getvalue()) == "password"
    writer = pypdf.PdfWriter()
    for _n in range(500):
        writer.add_blank_page(300, 300)
    file = io.BytesIO()
    writer.write(file)
    assert refusal(read, file.getvalue()) == "too_many_pages"


# --- Other kinds --------------------------------------------------------------------------------


def test_photographs_become_steps_upright(read, tmp_path):
    upright = Image.new("RGB", (600, 300), "white")
    exif = upright.getexif()
    exif[0x0112] = 6
    file = io.BytesIO()
    upright.save(file, "JPEG", exif=exif)
    draft = read(file.getvalue(), picture((320, 240), kind="HEIF"))
    assert len(list(draft.steps)) == 2
    first = Image.open(tmp_path / "page-001.jpg")
    assert first.height > first.width


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("TIFF", "RGB"), ("BMP", "RGB"), ("GIF", "P"), ("PNG", "LA")],
)
def test_unusual_pictures_become_usual_ones(read, tmp_path, kind, mode):
    colour = {"CMYK": (200, 20, 20, 0), "LA": (10, 255), "P": 1}.get(mode, "teal")
    draft = read(picture((400, 300), colour, kind, mode))
    (step,) = draft.steps
    assert Image.open(tmp_path / step.picture).mode in {"RGB", "RGBA"}


def test_pictures_that_cannot_be_had_are_told(read):
    page = """<html><body><h1>怎么开机</h1><ol><li>按键<img src="https://example.com/a.png"></li>
      <li>松手<img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"></li></ol></body></html>"""
    draft = read(page.encode())
    assert [step.picture for step in draft.steps] == [None, None]
    assert doubts(draft) == ["picture_elsewhere", "vector_picture"]


def test_small_ornaments_are_left_out_without_a_word(read):
    small = base64.b64encode(picture((60, 60))).decode()
    image = f"<img src='data:image/png;base64,{small}'>"
    page = f"<html><body><h1>怎么开机</h1><ol><li>按键{image}</li></ol></body></html>"
    draft = read(page.encode())
    assert [(step.picture, step.words) for step in draft.steps] == [(None, "按键")]
    assert doubts(draft) == []


def test_a_script_and_hidden_words_of_a_page_are_not_read(read):
    page = """<html><head><title>说明书</title></head><body><script>alert("1. 坏")</script>
      <h1>怎么开机</h1><p style="display:none">2. 藏着</p><ol><li>按键</li></ol></body></html>"""
    draft = read(page.encode("gb18030").replace(b"<head>", b"<head><meta charset=gb18030>"))
    assert [step.words for step in draft.steps] == ["按键"]


# --- What is refused ----------------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return data.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


#: Made when it is asked for: the largest takes seconds.
REFUSED = [
    (lambda: b"", "empty"),
    (lambda: b"   \n", "empty"),
    (lambda: b"hello, this is a text", "unknown"),
    (lambda: OLE, "old_office"),
    (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    (lambda: b"{\\rtf1 hello}", "old_office"),
    (lambda: b"%PDF-1.7\nbroken", "broken"),
    (lambda: b"PK\x03\x04broken", "broken"),
    (lambda: zipped(a_txt=b"x"), "no_page_in_zip"),
    (lambda: zipped(manual_json=b"{}"), "own_package"),
    (lambda: zipped(xl__workbook_xml=b"<a/>"), "spreadsheet"),
    (lambda: zipped(word__document_xml=b"<a/>"), "broken"),
    (lambda: zipped(word__document_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "broken"),
    (lambda: zipped(word__document_xml=b"<a>" + b" " * 30_000_000 + b"</a>"), "unpacks_too_large"),
    (lambda: zipped(index_html=b"<html>" + b"\0" * 500_000_000), "unpacks_too_large"),
    (lambda: b"\xff\xd8\xffbroken", "no_picture"),
    (lambda: word("我们感谢您的购买。"), "nothing_in_it"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_cannot_be_read_is_refused_for_its_reason(read, number):
    make, why = REFUSED[number]
    assert refusal(read, make()) == why


def test_two_documents_at_once_are_refused(read):
    assert refusal(read, word("一、怎么开机", "1. 按键。"), picture()) == "one_at_a_time"


def test_a_document_is_known_by_its_content_not_its_name():
    assert kind_of(word("a")) == "zip"
    assert kind_of(b"\n%PDF-1.4") == "pdf"
    assert kind_of(b"<!doctype html><p>") == "html"


def test_every_refusal_and_doubt_has_words():
    for name in REFUSALS:
        words = refusal_in_words(name, {"pages": 300, "most": 200})
        assert words.endswith(("。", "！")), name
        assert "%" not in words
    for name in DOUBTS:
        assert doubt_in_words(drafted.Omission(name, 7, "表")).startswith("第7页：")
    assert refusal_in_words("an unknown one", {}) == str(REFUSALS["failed"])


def test_a_draft_fits_into_the_fields():
    longest = {
        ManualVersion: {"title": drafted.MOST_TITLE},
        ManualWarning: {"words": drafted.MOST_SAID},
        ManualTask: {"title": drafted.MOST_TITLE},
        ManualStep: {
            "words": drafted.MOST_WORDS,
            "warning": drafted.MOST_SAID,
            "expected": drafted.MOST_SAID,
        },
        ManualTrouble: {"problem": drafted.MOST_PROBLEM, "remedy": drafted.MOST_REMEDY},
    }  # fmt: skip
    for model, told in longest.items():
        for name, most in told.items():
            assert model._meta.get_field(name).max_length == most
    assert {field.name for field in fields(DraftedManual)} >= {"tasks", "troubles", "warnings"}


def test_a_slide_that_is_hidden_is_not_read(read):
    show, data = Presentation(), io.BytesIO()
    for words in ("1. 按键", "2. 松手"):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = "怎么开机"
        slide.placeholders[1].text = words
    show.slides[1].element.set("show", "0")
    show.save(data)
    assert [step.words for step in read(data.getvalue()).steps] == ["按键"]
