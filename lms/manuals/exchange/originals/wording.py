"""What is said of a file, in words: why it cannot be read, what was left out or doubted."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.manuals.exchange.originals.items import Omission

REFUSALS: Final[dict[str, Promise]] = {
    "empty": gettext_lazy("文件是空的。请再选一次。"),
    "broken": gettext_lazy("这个文件坏了，或者没有传完整。请在电脑上打开看一看，重新存一次再传。"),
    "password": gettext_lazy("这个文件设了密码，打不开。请去掉密码，另存一份再传。"),
    "old_office": gettext_lazy(
        "这是旧格式的文件（.doc、.ppt或.rtf）。请用Word、WPS或PowerPoint打开，另存为.docx或.pptx，再传。"
    ),
    "spreadsheet": gettext_lazy("这是表格文件。请传Word、PowerPoint、PDF、网页，或者照片。"),
    "own_package": gettext_lazy("这是从这里存下来的压缩包。请到“从压缩包带进来”那一页传。"),
    "no_page_in_zip": gettext_lazy(
        "压缩包里没有网页（.html）。请把网页和图片一起打包，或者传Word、PDF。"
    ),
    "unknown": gettext_lazy(
        "认不出这是什么文件。请传PDF、Word（.docx）、PowerPoint（.pptx）、网页（.html），或者照片。"
    ),
    "one_at_a_time": gettext_lazy("一次只能传一份文件；照片可以一次选好几张。"),
    "too_many_pages": gettext_lazy(
        "这份文件有%(pages)s页，最多能读%(most)s页。请拆成几份，一份一份地传。"
    ),
    "unpacks_too_large": gettext_lazy("这个文件打开以后太大了。请把图片缩小一点，或者拆成几份。"),
    "too_large": gettext_lazy("文件太大了，最多%(most)s MB。请把图片缩小一点，或者拆成几份。"),
    "too_many_photos": gettext_lazy("照片太多了，一次最多%(most)s张。"),
    "too_hard": gettext_lazy(
        "这份文件太复杂，读到一半停下了。请拆成几份；还不行，就一页一页截成图，当照片传。"
    ),
    "nothing_in_it": gettext_lazy(
        "没有读到步骤、提醒和常见问题。请看看步骤前面有没有编号（1、2、3），或者直接在工作台里写。"
    ),
    "no_picture": gettext_lazy("这些照片都打不开。请存成JPG再传。"),
    "failed": gettext_lazy("没有读成，是我们这边出了错。请再试一次；还不行，请告诉我们。"),
}

DOUBTS: Final[dict[str, Promise]] = {
    "table": gettext_lazy("有一个表格没有读：“%(words)s”"),
    "section": gettext_lazy("“%(words)s”里没有步骤，没有带进来"),
    "sentence": gettext_lazy("有一句话没有带进来：“%(words)s”"),
    "tip": gettext_lazy("有一句说明没有带进来：“%(words)s”"),
    "boxed": gettext_lazy("框里的话当成了“小心什么”，请看对不对：“%(words)s”"),
    "cut": gettext_lazy("有一段太长，只带了开头：“%(words)s”"),
    "second_picture": gettext_lazy("有一张图没有放进去，因为那一步已经有图了：“%(words)s”"),
    "picture_of_nothing": gettext_lazy("有一张图旁边没有步骤，没有带进来"),
    "no_remedy": gettext_lazy("有一个问题没有写怎么办：“%(words)s”"),
    "vector_picture": gettext_lazy("有一张画出来的图（EMF、WMF、SVG）读不了，请截成图再放进去"),
    "drawn_picture": gettext_lazy("有线条画出来的图，读不了，请截成图再放进去"),
    "huge_picture": gettext_lazy("有一张图太大，没有带进来"),
    "broken_picture": gettext_lazy("有一张图坏了，没有带进来"),
    "refused_picture": gettext_lazy("有一张图没有带进来：%(words)s"),
    "picture_elsewhere": gettext_lazy("有一张图不在文件里面，没有带进来：%(words)s"),
    "too_many_pictures": gettext_lazy("图片太多了，后面的没有带进来"),
    "too_many_steps": gettext_lazy("“%(words)s”步骤太多，最多60步，后面的没有带进来"),
    "too_many": gettext_lazy("内容太多，同一种最多60条，后面的没有带进来"),
    "wordless_page": gettext_lazy("这一页是扫描的图，上面的字读不出来"),
    "scanned": gettext_lazy(
        "整份文件是扫描的图，上面的字读不出来。每一页放成了一步的图，请看着图，把字写进去；也可以把要用的地方拍成照片再传"
    ),
    "traditional": gettext_lazy("文件里是繁体字，已经换成简体字"),
    "foreign": gettext_lazy("文件里大多是外文，照原样带进来了，请一句一句写成中文"),
    "no_pages": gettext_lazy("原来的样子没有画出来，步骤旁边看不到原来的那一页"),
}


def refusal_in_words(name: str, said: dict[str, Any]) -> str:
    known = REFUSALS.get(name, REFUSALS["failed"])
    try:
        return str(known) % said
    except (KeyError, TypeError, ValueError):
        return str(REFUSALS["failed"])


def doubt_in_words(doubt: Omission) -> str:
    """With its page where it has one."""
    known = DOUBTS.get(doubt.name)
    if known is None:
        return doubt.words
    said = str(known) % {"words": doubt.words}
    if not doubt.page:
        return _("%(said)s。") % {"said": said}
    return _("第%(page)d页：%(said)s。") % {"page": doubt.page, "said": said}
