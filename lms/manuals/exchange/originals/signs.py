"""How a line of a manual shows what it is: a step, a warning, a heading, a line of the contents.

Chinese, with the English and traditional words that makers' files have as well.
"""

import re
from dataclasses import dataclass
from typing import Final

CHINESE_NUMBERS: Final = "一二三四五六七八九十"
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
DARK: Final = "❶❷❸❹❺❻❼❽❾❿"
BRACKETED: Final = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
DOTTED: Final = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"

#: By style: two kinds of numbers in one section are two levels of it.
_NUMBERED: Final = {
    "word": re.compile(
        rf"^(?:第\s*([{CHINESE_NUMBERS}]{{1,3}}|\d{{1,2}})\s*步|步[骤驟]\s*([{CHINESE_NUMBERS}]{{1,3}}|\d{{1,2}})"
        r"|[Ss](?:tep|TEP)\s*(\d{1,2}))\s*[：:、.．，,)）]?\s*"
    ),
    "circled": re.compile(rf"^([{CIRCLED}{DARK}{BRACKETED}{DOTTED}])\s*[、.．:：]?\s*"),
    "bracket": re.compile(r"^[（(]\s*(\d{1,2})\s*[)）]\s*[、.．]?\s*"),
    "half": re.compile(r"^(\d{1,2})\s*[)）]\s*"),
    "letter": re.compile(r"^(?:[（(]\s*([a-hA-H])\s*[)）]|([a-h])\s*[)）])\s*[、.．]?\s*"),
    "dot": re.compile(r"^(\d{1,2})\s*(?:[.．、](?!\d)|[:：](?!\d))\s*"),
}
_SUBSECTION: Final = re.compile(r"^\d{1,2}(?:[.．]\d{1,2}){1,3}[.．、]?\s*(?=\D)")
_CHAPTER: Final = re.compile(
    rf"^(?:第\s*(?:[{CHINESE_NUMBERS}]{{1,3}}|\d{{1,2}})\s*[章节節部篇]|[{CHINESE_NUMBERS}]{{1,3}}\s*[、.．]"
    rf"|[（(][{CHINESE_NUMBERS}]{{1,3}}[)）]|[Cc]hapter\s+\d+|■|◆|【)\s*"
)
BARE_BULLET: Final = re.compile(r"^[•·●○◦▪▫■□◆◇▶►➤✓✔]$")
BULLET: Final = re.compile(r"^[•·●○◦▪▫■□◆◇▶►➤→\-–—*✓✔]\s+(?=\S)|^[•●▪▶►➤]")

WARNING: Final = re.compile(
    r"^(?:[⚠❗❕‼️☠]\ufe0f?\s*)*[【\[]?\s*"
    r"(警\s*告|注\s*意(?!力)|危\s*[险險]|[当當]\s*心|小\s*心(?!翼)|警\s*示|重要(?:提[示醒])?|"
    r"WARNING|CAUTION|DANGER|Warning|Caution|Danger)(?:事项|事項)?"
    r"(?:\s*[】\]]\s*[：:!！]*|\s*(?:[：:!！，,\-—]+|$|\s+))\s*"
)
#: A sentence that warns by its first word, which stays in it.
WARNS: Final = re.compile(
    r"^(?:小心(?!翼)|[当當]心|[严嚴]禁|切勿|禁止|[请請]勿|Do not|Never)(?=\S)"
)
WARNING_SIGN: Final = re.compile(r"^[⚠❗❕‼☠]\ufe0f?\s*[：:]?\s*")
TIP: Final = re.compile(
    r"^[【\[]?(提\s*示|小贴士|小貼士|说明|說明|备注|備註|NOTE|Note|TIP|Tip)[】\]]?\s*[：:]"
)
EXPECTED: Final = re.compile(
    r"^(?:[✓✔√→☞]\s*(?:应该?看到|應該?看到)?[：:]?\s*"
    r"|(?:您)?(?:应该?|應該?)(?:会|會)?看到(?:的)?[：:，,]?\s*|您?[会會]看到[：:，,]?\s*"
    r"|(?:结果|結果|看到|正常情[况況]|完成[后後]|做[对對]了|Result|You should see)[：:]\s*"
    r"|(?=(?:此时|此時|这时|這時)[，,]?))"
)
#: The same within a step's own sentence.
EXPECTED_INSIDE: Final = re.compile(
    r"\s*[（(]?(?:应该?看到|應該?看到|结果|結果|You should see)[：:]\s*"
)
WARNING_INSIDE: Final = re.compile(
    r"(?<=[。！!；;.])\s*[⚠❗]?\ufe0f?\s*(?:注意|小心|警告|危险)[：:！]\s*"
)

CONTENTS_LINE: Final = re.compile(
    r"(?:[.．·…‥⋯_]\s*){3,}\s*\d{1,3}\s*$|^.{2,40}?\s{3,}\d{1,3}\s*$|\t\s*\d{1,3}\s*$"
)
CAPTION: Final = re.compile(
    r"^[图圖]\s*\d{1,3}(?:[-.]\d{1,3})?(?:[：:.、\s]+|$)|^Fig(?:ure|\.)?\s*\d+[.:]?\s*"
)
CONTINUED: Final = re.compile(r"\s*[（(]?[续續][）)]?\s*$|\s*\([Cc]ont.*\)$")
CONTENTS_TITLE: Final = re.compile(r"^\s*(?:目\s*[录錄次]|Contents|Table of [Cc]ontents)\s*$")
PAGE_NUMBER: Final = re.compile(
    r"^\s*(?:[-–—]?\s*\d{1,4}\s*[-–—]?|第\s*\d{1,4}\s*[页頁](?:\s*[/，,共]\s*共?\s*\d{1,4}\s*[页頁]?)?|\d{1,4}\s*/\s*\d{1,4}"
    r"|[Pp]age\s+\d+(?:\s+of\s+\d+)?)\s*$"
)

CARE_TITLE: Final = re.compile(
    r"安全|注意事[项項]|警告|警示|小心|须知|須知|提醒|[Ss]afety|SAFETY|[Ww]arnings?$|[Pp]recaution"
)
TROUBLE_TITLE: Final = re.compile(
    r"常[见見][问問][题題]|故障|疑难|疑難|[问問]题?解答|不正常|异常|異常|排除|[Tt]rouble|TROUBLE|FAQ|怎么办$|怎麼辦$"
)
#: Sections that tell nothing to do.
OTHER_TITLE: Final = re.compile(
    r"^目[录錄次]$|[装裝]箱|清[单單]|包[装裝]|配件|附件|[规規]格|参数|參數|指[标標]|保修|保固|售后|售後|合格|有害物[质質]|[联聯]系我|"
    r"[联聯][系絡]方式|版[权權]|商[标標]|前言|概述|[简簡]介|部件|(?:[产產]品|界面|外[观觀]|按[键鍵]|公司|企[业業])介[绍紹]|部位|名称|名稱|[声聲]明|[Ss]pecification|[Ww]arranty|WARRANTY|[Pp]acking|"
    r"[Cc]ontents|[Oo]verview|[Cc]ompliance"
)
HOW_TITLE: Final = re.compile(r"怎么|怎麼|怎样|怎樣|如何|方法|步[骤驟]|操作|使用|设置|設置|[Hh]ow")

TROUBLE_HEAD: Final = re.compile(
    r"[问問][题題]|故障|[现現]象|症[状狀]|情[况況]|[Pp]roblem|[Ss]ymptom"
)
REMEDY_HEAD: Final = re.compile(
    r"解[决決]|[处處]理|[办辦]法|怎么办|怎麼辦|排除|[对對]策|措施|[Ss]olution|[Rr]emedy|[Aa]ction"
)
STEP_HEAD: Final = re.compile(r"步[骤驟]|操作|做什么|怎么做|[Ss]tep|说明|說明|[图圖]")
ASKED: Final = re.compile(
    r"^(?:[问問]题?|[Qq]\s*\d*|[现現]象|故障(?:[现現]象)?|[Pp]roblem)\s*\d*\s*[：:.．、]\s*"
)
ANSWERED: Final = re.compile(
    r"^(?:答|[Aa]\s*\d*|解[决決](?:[办辦]法|方法)?|[处處]理(?:[办辦]法|方法)?|[办辦]法|怎么办|怎麼辦|排除方法|[Ss]olution)\s*[：:.．、]\s*"
)
TELEPHONE: Final = re.compile(
    r"(?:客服|售后|售後|服[务務]|咨[询詢]|热[线線]|熱[線线]|[电電][话話]|[Hh]otline|[Tt]el)[^0-9]{0,12}"
    r"((?:400|800)[\s-]?\d{3,4}[\s-]?\d{3,4}|0\d{2,3}[\s-]?\d{7,8}|1\d{10}|95\d{3,4}|\d{3,4}-\d{3,4}-\d{4})"
)
MODEL: Final = re.compile(
    r"(?:型\s*[号號]|[Mm]odel)(?:\s*No\.?)?\s*[：:]\s*"
    r"([A-Za-z0-9][A-Za-z0-9\-_/+. ]{0,30}[A-Za-z0-9])"
)
BRAND: Final = re.compile(r"(?:品\s*牌|[Bb]rand)\s*[：:]\s*(\S{1,20})")
PRODUCT_NAME: Final = re.compile(r"(?:产品名称|產品名稱|品\s*名)\s*[：:]\s*(\S{1,30})")
MANUAL_TITLE: Final = re.compile(
    r"\s*(?:产品|產品)?(?:使用|操作|用户|用戶|简明|簡明|快速)?(?:使用|入门|入門)?(?:说明书|說明書|手册|手冊|指南)\s*$|(?:使用|操作|用户|产品|產品)[说說]明\s*$|怎[么麼]用\s*$"
)


@dataclass(frozen=True)
class Numbering:
    style: str
    number: int
    #: What stands behind the sign.
    rest: str


def numbering_of(text: str) -> Numbering | None:
    """The sign of a step that a line begins with; None without one."""
    for style, pattern in _NUMBERED.items():
        if found := pattern.match(text):
            sign = next(group for group in found.groups() if group)
            return Numbering(style, value_of(sign), text[found.end() :].strip())
    return None


def value_of(sign: str) -> int:
    """Of digits, letters, Chinese numbers up to 99, and numbers in circles."""
    for signs in (CIRCLED, DARK, BRACKETED, DOTTED):
        if sign in signs:
            return signs.index(sign) + 1
    if sign.isdigit():
        return int(sign)
    if sign.isascii():
        return ord(sign.lower()) - ord("a") + 1
    tens, ten, ones = sign.rpartition("十")
    units = CHINESE_NUMBERS.index(ones) + 1 if ones else 0
    if not ten:
        return units
    return 10 * (CHINESE_NUMBERS.index(tens) + 1 if tens else 1) + units


def chapter_words(text: str) -> str | None:
    """A heading without its typed number (第三章, 二、, 2.1); None where it has none."""
    for pattern in (_SUBSECTION, _CHAPTER):
        if found := pattern.match(text):
            return text[found.end() :].strip(" 】：:\u3000")
    return None


def without_number(text: str) -> str:
    """Of a heading."""
    words = chapter_words(text)
    if words is not None:
        return words
    numbered = numbering_of(text)
    return numbered.rest if numbered and numbered.style != "word" else text


def warning_in(text: str) -> str | None:
    """What a warning says, empty when the sign stands alone; None where it is no warning."""
    if found := WARNING.match(text):
        return text[found.end() :].strip()
    if signed := WARNING_SIGN.match(text):
        return text[signed.end() :].strip()
    return text.strip() if WARNS.match(text) else None


def starts_something(text: str) -> bool:
    """Whether a line cannot be the rest of the paragraph before it."""
    return bool(
        numbering_of(text)
        or chapter_words(text) is not None
        or warning_in(text) is not None
        or BULLET.match(text)
        or TIP.match(text)
        or EXPECTED.match(text)
        or ASKED.match(text)
        or ANSWERED.match(text)
    )


def tells_of_product(text: str) -> bool:
    """Whether a line says brand, model, name or telephone, which the draft has already."""
    return any(each.search(text) for each in (MODEL, BRAND, PRODUCT_NAME, TELEPHONE))


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph: Chinese without a space, English with one or its hyphen gone."""
    if not before or not after:
        return before or after
    if re.search(r"[A-Za-z]-$", before) and after[0].islower():
        return before[:-1] + after
    latin = before[-1].isascii() and after[0].isascii() and not before[-1].isspace()
    return f"{before} {after}" if latin else before + after
