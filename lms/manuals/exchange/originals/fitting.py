"""A draft cut to what its fields hold; what was cut is told."""

import re
import unicodedata

from lms.manuals.exchange.originals import drafted
from lms.manuals.exchange.originals.drafted import DraftedManual, DraftedStep
from lms.manuals.exchange.originals.guesses import doubt

#: Doubts of one file that are told; who has more reads the file anyway.
MOST_DOUBTS = 80

_LATIN = re.compile(r"[A-Za-z]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def fit(manual: DraftedManual) -> None:
    """Changes it in place."""
    manual.title = shortened(manual.title, drafted.MOST_TITLE)
    fit_many(manual)
    for task in manual.tasks:
        task.title = shortened(task.title, drafted.MOST_TITLE)
        if len(task.steps) > drafted.MOST_PARTS:
            manual.doubts.append(doubt("too_many_steps", task.page, task.title))
            del task.steps[drafted.MOST_PARTS :]
        for step in task.steps:
            fit_step(step, manual)
    for each in manual.troubles:
        each.problem = cut(each.problem, drafted.MOST_PROBLEM, each.page, manual)
        each.remedy = cut(each.remedy, drafted.MOST_REMEDY, each.page, manual)
    manual.warnings = list(dict.fromkeys(manual.warnings))
    manual.warnings = [cut(each, drafted.MOST_SAID, 0, manual) for each in manual.warnings]
    tell_language(manual)
    manual.doubts = list(dict.fromkeys(manual.doubts))[:MOST_DOUBTS]


def fit_many(manual: DraftedManual) -> None:
    for parts in (manual.warnings, manual.tasks, manual.troubles):
        if len(parts) > drafted.MOST_PARTS:
            manual.doubts.append(doubt("too_many", 0))
            del parts[drafted.MOST_PARTS :]


def fit_step(step: DraftedStep, manual: DraftedManual) -> None:
    step.words = cut(step.words, drafted.MOST_WORDS, step.page, manual)
    step.warning = cut(step.warning, drafted.MOST_SAID, step.page, manual)
    step.expected = cut(step.expected, drafted.MOST_SAID, step.page, manual)
    step.alt = "" if is_file_name(step.alt) else shortened(seen(step.alt), drafted.MOST_SAID)


def cut(text: str, most: int, page: int, manual: DraftedManual) -> str:
    """Whole sentences of it that fit, at least the beginning; told where something went."""
    text = seen(text)
    if len(text) <= most:
        return text
    manual.doubts.append(doubt("cut", page, text))
    end = max(text.rfind(sign, 0, most) for sign in "。！？；")
    return text[: end + 1] if end >= most // 3 else text[: most - 1] + "…"


def shortened(text: str, most: int) -> str:
    text = seen(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def seen(text: str) -> str:
    """On one line, without invisible signs."""
    kept = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(kept.split())


def is_file_name(alt: str) -> bool:
    """Also what Word and PowerPoint write by themselves: 图片 1, Picture 3, IMG_2041.JPG."""
    return bool(
        re.search(r"\.(?:jpe?g|png|gif|bmp|webp|tiff?)$", alt, re.IGNORECASE)
        or re.fullmatch(
            r"(?:图片|圖片|图像|Picture|Image|Grafik|图)\s*\d*", alt.strip(), re.IGNORECASE
        )
    )


def tell_language(manual: DraftedManual) -> None:
    words = "".join(step.words for step in manual.steps)
    latin, chinese = len(_LATIN.findall(words)), len(_CHINESE.findall(words))
    if latin > 4 * chinese and latin > 40:
        manual.doubts.insert(0, doubt("foreign", 0))
