"""The demo manuals as makers' engineering departments would have them: one layout after the other,
each made here from a manual.json and its pictures."""

import html
import io
import zipfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from docx import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm
from pptx import Presentation
from pptx.util import Cm as SlideCm
from weasyprint import HTML

from lms.manuals.exchange.packages import Package
from lms.manuals.starter.loading import starter_package

FOLDERS = ("blood-pressure", "hearing-aid", "big-phone", "speaker", "television-box", "cooker")
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩"
CHINESE = "一二三四五六七八九十"
FONT = '"Noto Sans CJK SC", "Source Han Sans SC", sans-serif'


@dataclass(frozen=True)
class Layout:
    name: str
    suffix: str
    make: Callable[[Package], bytes]


def package_of(folder: str) -> Package:
    return starter_package(folder)


def pdf(style: str, body: str) -> bytes:
    page = f'<meta charset="utf-8"><style>body{{font:10.5pt/1.6 {FONT}}}{style}</style><body>{body}'
    made: bytes = HTML(string=page).write_pdf()
    return made


def shown(package: Package, name: str | None) -> str:
    if not name:
        return ""
    data = b64encode(package.pictures[name]).decode()
    return f'<img src="data:image/png;base64,{data}">'


def said(words: str) -> str:
    return html.escape(words)


def troubles_table(package: Package, head=("故障现象", "解决办法")) -> str:
    rows = "".join(
        f"<tr><td>{said(each.problem)}<td>{said(each.remedy)}" for each in package.document.troubles
    )
    return f'<table class="troubles"><tr><th>{head[0]}<th>{head[1]}{rows}</table>'


def title_of(package: Package) -> str:
    product = package.document.product
    return f"{product.brand}{product.name}使用说明书"


# --- PDF ---------------------------------------------------------------------------------------

RUNNING = """
@page { size: A4; margin: 22mm 20mm; @top-left { content: "%s"; font: 8pt sans-serif }
  @bottom-center { content: "- " counter(page) " -"; font: 8pt sans-serif } }
h1 { font-size: 22pt } h2 { font-size: 15pt; break-after: avoid }
.care { border: 1pt solid #c00; padding: 2mm } img { width: 70mm; display: block; margin: 2mm 0 }
.troubles { border-collapse: collapse } td, th { border: 0.6pt solid #444; padding: 2mm }
.toc { break-after: page }
"""


def booklet(package: Package) -> bytes:
    """One column: a table of contents, ① ② ③, the picture under its words, warnings in frames."""
    document = package.document
    body = f"<h1>{title_of(package)}</h1><p>型号：{document.product.model}</p>"
    body += f"<p>服务热线：{document.service_telephone}</p><div class=toc><h2>目录</h2>"
    body += "".join(f"<p>{said(t.title)}……………………{n + 3}</p>" for n, t in enumerate(document.tasks))
    body += "</div><h2>安全注意事项</h2>"
    body += "".join(f"<p>● {said(warning)}</p>" for warning in document.warnings)
    for number, task in enumerate(document.tasks):
        body += f"<h2>{CHINESE[number]}、{said(task.title)}</h2>"
        for n, step in enumerate(task.steps):
            body += f"<p>{CIRCLES[n]} {said(step.words)}</p>{shown(package, step.picture)}"
            body += f"<p>应看到：{said(step.expected)}</p>" if step.expected else ""
            body += f"<p class=care>警告：{said(step.warning)}</p>" if step.warning else ""
    body += f"<h2>常见故障排除</h2>{troubles_table(package)}"
    body += "<h2>装箱清单</h2><p>1. 主机一台</p><p>2. 说明书一本</p>"
    return pdf(RUNNING % title_of(package), body)


def two_columns(package: Package) -> bytes:
    """Small print in two columns, steps as 1. 2. 3., pictures between them."""
    document = package.document
    style = """
    @page { size: A4; margin: 18mm 15mm;
      @top-center { content: "Rev. 1.2"; font: 7pt sans-serif }
      @bottom-right { content: "第 " counter(page) " 页"; font: 7pt sans-serif } }
    main { columns: 2; column-gap: 10mm; font-size: 9pt }
    h1 { font-size: 18pt } h2 { font-size: 12pt; break-after: avoid }
    img { width: 55mm; display: block } table { border-collapse: collapse }
    td, th { border: .5pt solid #333; padding: 1mm }
    """
    body = f"<h1>{title_of(package)}</h1><main><h2>注意事项</h2>"
    body += "".join(f"<p>{n}. {said(w)}</p>" for n, w in enumerate(document.warnings, 1))
    for number, task in enumerate(document.tasks, 1):
        body += f"<h2>{number}. {said(task.title)}</h2>"
        for n, step in enumerate(task.steps, 1):
            body += f"<p>{n}. {said(step.words)}"
            body += f" 结果：{said(step.expected)}" if step.expected else ""
            body += f"</p>{shown(package, step.picture)}"
            body += f"<p>⚠ {said(step.warning)}</p>" if step.warning else ""
    body += f"<h2>故障处理</h2>{troubles_table(package, ('现象', '处理方法'))}</main>"
    return pdf(style, body)


def side_by_side(package: Package) -> bytes:
    """Words on the left, the picture on the right; 第一步, 第二步."""
    document = package.document
    style = """@page { size: A4; margin: 20mm }
    h1 { font-size: 20pt } h2 { font-size: 14pt; break-after: avoid }
    .step { display: flex; break-inside: avoid; margin: 4mm 0 }
    .words { width: 80mm } img { width: 75mm; margin-left: 8mm }"""
    body = f"<h1>{title_of(package)}</h1><h2>安全须知</h2>"
    body += "".join(f"<p>• {said(w)}</p>" for w in document.warnings)
    for task in document.tasks:
        body += f"<h2>{said(task.title)}</h2>"
        for n, step in enumerate(task.steps):
            body += f"<div class=step><div class=words><p>第{CHINESE[n]}步 {said(step.words)}</p>"
            body += f"<p>应该看到：{said(step.expected)}</p>" if step.expected else ""
            body += f"<p>注意：{said(step.warning)}</p>" if step.warning else ""
            body += f"</div>{shown(package, step.picture)}</div>"
    body += "<h2>常见问题</h2>" + "".join(
        f"<p>问：{said(t.problem)}</p><p>答：{said(t.remedy)}</p>" for t in document.troubles
    )
    return pdf(style, body)


def cards(package: Package) -> bytes:
    """A quick guide: cards three in a row, each picture above its words."""
    document = package.document
    style = """@page { size: A4 landscape; margin: 12mm }
    h1 { font-size: 20pt } h2 { font-size: 15pt; break-after: avoid }
    .row { display: flex; flex-wrap: wrap }
    .card { width: 82mm; margin: 0 4mm 5mm 0; break-inside: avoid }
    img { width: 80mm }"""
    body = f"<h1>{title_of(package)}</h1><h2>警告</h2>"
    body += "".join(f"<p>● {said(w)}</p>" for w in document.warnings)
    for task in document.tasks:
        body += f"<h2>{said(task.title)}</h2><div class=row>"
        for n, step in enumerate(task.steps, 1):
            body += f"<div class=card>{shown(package, step.picture)}<p>{n}. {said(step.words)}</p>"
            body += f"<p>→ 应看到：{said(step.expected)}</p>" if step.expected else ""
            body += f"<p>小心！{said(step.warning)}</p>" if step.warning else ""
            body += "</div>"
        body += "</div>"
    body += "<h2>出了问题怎么办</h2>" + "".join(
        f"<p>{said(t.problem)}：{said(t.remedy)}</p>" for t in document.troubles
    )
    return pdf(style, body)


def ruled_table(package: Package) -> bytes:
    """Steps in a ruled table: number, what to do, picture."""
    document = package.document
    style = """@page { size: A4; margin: 18mm; @bottom-center { content: counter(page) } }
    h1 { font-size: 20pt } h2 { font-size: 14pt; break-after: avoid }
    table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
    td, th { border: .7pt solid #222; padding: 2mm } img { width: 60mm }"""
    body = f"<h1>{title_of(package)}</h1><h2>安全提示</h2>"
    body += "".join(f"<p>({n}) {said(w)}</p>" for n, w in enumerate(document.warnings, 1))
    for task in document.tasks:
        body += f"<h2>{said(task.title)}</h2><table><tr><th>步骤<th>操作<th>图示"
        for n, step in enumerate(task.steps, 1):
            body += f"<tr><td>{n}<td><p>{said(step.words)}</p>"
            body += f"<p>应看到：{said(step.expected)}</p>" if step.expected else ""
            body += f"<p>警告：{said(step.warning)}</p>" if step.warning else ""
            body += f"<td>{shown(package, step.picture)}"
        body += "</table>"
    body += f"<h2>故障排除</h2>{troubles_table(package, ('问题', '解决方法'))}"
    return pdf(style, body)


# --- Word, slides, HTML ------------------------------------------------------------------------


def word_styles(package: Package) -> bytes:
    """Real headings and numbered lists; a picture a paragraph; warnings in frames of one cell."""
    document = package.document
    word = WordFile()
    word.add_heading(title_of(package), 0)
    word.add_paragraph(f"型号：{document.product.model}")
    word.add_paragraph(f"客服电话：{document.service_telephone}")
    word.add_heading("安全注意事项", 1)
    for warning in document.warnings:
        word.add_paragraph(warning, style="List Bullet")
    word.add_heading("使用方法", 1)
    for task in document.tasks:
        word.add_heading(task.title, 2)
        for step in task.steps:
            word.add_paragraph(step.words, style="List Number")
            if step.picture:
                word.add_picture(io.BytesIO(package.pictures[step.picture]), width=Cm(8))
            if step.expected:
                word.add_paragraph(f"应看到：{step.expected}")
            if step.warning:
                word.add_table(1, 1).cell(0, 0).text = f"警告：{step.warning}"
    word.add_heading("常见问题", 1)
    table = word.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "问题", "怎么办"
    for trouble in document.troubles:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = trouble.problem, trouble.remedy
    return saved(word)


def word_typed(package: Package) -> bytes:
    """No styles at all: bold lines as headings, numbers typed, pictures before the words."""
    document = package.document
    word = WordFile()
    word.add_paragraph().add_run(title_of(package)).bold = True
    word.add_paragraph().add_run("安全注意事项").bold = True
    for n, warning in enumerate(document.warnings, 1):
        word.add_paragraph(f"{n}、{warning}")
    for task in document.tasks:
        word.add_paragraph().add_run(task.title).bold = True
        for n, step in enumerate(task.steps, 1):
            if step.picture:
                word.add_picture(io.BytesIO(package.pictures[step.picture]), width=Cm(7))
            word.add_paragraph(f"步骤{n}：{step.words}")
            if step.expected:
                word.add_paragraph(f"结果：{step.expected}")
            if step.warning:
                word.add_paragraph(f"⚠注意：{step.warning}")
    word.add_paragraph().add_run("常见故障").bold = True
    for n, trouble in enumerate(document.troubles, 1):
        word.add_paragraph(f"{n}、{trouble.problem}")
        word.add_paragraph(f"解决办法：{trouble.remedy}")
    return saved(word)


def word_file():
    """Word's own template without its hundred looks of tables, which were most of the time in which
    a file of five lines is read. The demo manuals of `LAYOUTS` have them all."""
    file = WordFile()
    for style in [each for each in file.styles if each.type == WD_STYLE_TYPE.TABLE]:
        if not style.element.default:
            style.delete()
    return file


def saved(file) -> bytes:
    data = io.BytesIO()
    file.save(data)
    return data.getvalue()


def slides(package: Package) -> bytes:
    """A slide opens each task, then one slide a step: the title says it, the picture shows it."""
    document = package.document
    show = Presentation()
    cover = show.slides.add_slide(show.slide_layouts[0])
    cover.shapes.title.text = title_of(package)
    cover.placeholders[1].text = f"客服电话：{document.service_telephone}"
    care = show.slides.add_slide(show.slide_layouts[1])
    care.shapes.title.text = "安全提醒"
    care.placeholders[1].text = "\n".join(document.warnings)
    for task in document.tasks:
        show.slides.add_slide(show.slide_layouts[2]).shapes.title.text = task.title
        for step in task.steps:
            slide = show.slides.add_slide(show.slide_layouts[5])
            slide.shapes.title.text = step.words
            if step.picture:
                file = io.BytesIO(package.pictures[step.picture])
                slide.shapes.add_picture(file, SlideCm(4), SlideCm(5), width=SlideCm(12))
            words = [f"应看到：{step.expected}"] if step.expected else []
            words += [f"注意：{step.warning}"] if step.warning else []
            if words:
                box = slide.shapes.add_textbox(SlideCm(2), SlideCm(15), SlideCm(20), SlideCm(3))
                box.text_frame.text = "\n".join(words)
    wrong = show.slides.add_slide(show.slide_layouts[5])
    wrong.shapes.title.text = "常见问题"
    rows = len(document.troubles) + 1
    table = wrong.shapes.add_table(rows, 2, SlideCm(2), SlideCm(5), SlideCm(20), SlideCm(8)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "问题", "解决办法"
    for n, trouble in enumerate(document.troubles, 1):
        table.cell(n, 0).text, table.cell(n, 1).text = trouble.problem, trouble.remedy
    return saved(show)


def slides_of_tasks(package: Package) -> bytes:
    """A slide a task: its steps as a typed list on the left, pictures in a column on the right."""
    document = package.document
    show = Presentation()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = title_of(package)
    for task in document.tasks:
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = task.title
        high = 15 / max(len(task.steps), 1)
        for n, step in enumerate(task.steps):
            top = 4 + n * high
            box = slide.shapes.add_textbox(
                SlideCm(1), SlideCm(top), SlideCm(13), SlideCm(high * 0.8)
            )
            words = [f"{n + 1}. {step.words}"]
            words += [f"应看到：{step.expected}"] if step.expected else []
            words += [f"警告：{step.warning}"] if step.warning else []
            box.text_frame.text = "\n".join(words)
            if step.picture:
                file = io.BytesIO(package.pictures[step.picture])
                slide.shapes.add_picture(
                    file, SlideCm(16), SlideCm(top), height=SlideCm(high * 0.9)
                )
    return saved(show)


def web_zip(package: Package) -> bytes:
    """A page of a maker's site, saved with its pictures in a folder."""
    document = package.document
    body = f"<nav><a href='/'>首页</a> <a href='/shop'>产品</a></nav><h1>{title_of(package)}</h1>"
    body += "<div class='warning-box'><h2>安全提示</h2><ul>"
    body += "".join(f"<li>{said(w)}</li>" for w in document.warnings) + "</ul></div>"
    for task in document.tasks:
        body += f"<h2>{said(task.title)}</h2><ol>"
        for step in task.steps:
            body += f"<li><p>{said(step.words)}</p>"
            if step.picture:
                body += f"<img src='{step.picture}' alt='{said(step.alt)}'>"
            body += f"<p>应该看到：{said(step.expected)}</p>" if step.expected else ""
            body += f"<p class='caution'>注意：{said(step.warning)}</p>" if step.warning else ""
            body += "</li>"
        body += "</ol>"
    body += (
        f"<h2>常见问题</h2>{troubles_table(package, ('问题', '怎么办'))}<footer>版权所有</footer>"
    )
    head = f"<head><meta charset='utf-8'><title>{title_of(package)}</title></head>"
    page = f"<!DOCTYPE html><html>{head}<body>{body}</body></html>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("shuoming/index.html", page)
        for name, data in package.pictures.items():
            archive.writestr(f"shuoming/{name}", data)
    return file.getvalue()


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("booklet", ".pdf", booklet),
        Layout("two columns", ".pdf", two_columns),
        Layout("side by side", ".pdf", side_by_side),
        Layout("cards", ".pdf", cards),
        Layout("ruled table", ".pdf", ruled_table),
        Layout("word with styles", ".docx", word_styles),
        Layout("word typed by hand", ".docx", word_typed),
        Layout("a slide a step", ".pptx", slides),
        Layout("a slide a task", ".pptx", slides_of_tasks),
        Layout("web page in a zip", ".zip", web_zip),
    )
}
