"""From the bytes of courses.json to what they tell, or a sentence that says what is wrong."""

import json
import stat
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from lms.manuals.exchange.documents import printable
from lms.packs.exchange.document import (
    DOCUMENT_NAME,
    FOLDER,
    FORMAT,
    MOST_DOCUMENT_BYTES,
    VERSION,
    CoursePack,
)
from lms.packs.refusals import PackError

#: Pydantic's types of errors, in words.
PROBLEMS: Final = {
    "missing": gettext_lazy("少了这一项"),
    "extra_forbidden": gettext_lazy("没有这一项"),
    "string_too_long": gettext_lazy("太长，最多%(max_length)d个字"),
    "string_too_short": gettext_lazy("不能空着"),
    "too_long": gettext_lazy("太多，最多%(max_length)d个"),
    "too_short": gettext_lazy("太少"),
    "value_error": gettext_lazy("几项对不上，或者有不该有的字"),
    "union_tag_invalid": gettext_lazy("这里不认识这种内容块"),
    "literal_error": gettext_lazy("这里不认识这种内容"),
}


def read_document(folder: Path) -> CoursePack:
    """What `folder`/数据/courses.json tells. Raises PackError."""
    path = folder / FOLDER / DOCUMENT_NAME
    try:
        about = path.lstat()
    except OSError as error:
        raise PackError(_("这里面没有课程包（数据/courses.json）。")) from error
    if not stat.S_ISREG(about.st_mode) or (folder / FOLDER).is_symlink():
        raise PackError(_("课程包里有快捷方式，不能收。"))
    if about.st_size > MOST_DOCUMENT_BYTES:
        raise PackError(_("课程包的目录太大了，不能收。"))
    return parsed(path.read_bytes())


def parsed(content: bytes) -> CoursePack:
    """Raises PackError and nothing else."""
    try:
        text = content.decode("utf-8-sig")
        told = json.loads(text, object_pairs_hook=refuse_twice)
    except (ValueError, RecursionError) as error:
        raise PackError(_("课程包的目录不是写对了的JSON（UTF-8）。")) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise PackError(_("这不是银龄学堂的课程包。"))
    if told.get("version") != VERSION:
        raise PackError(_("这个课程包是另一个版本做的，这里收不了。请先把这里升级。"))
    return from_json(text)


def checked(told: dict[str, Any]) -> CoursePack:
    """The same of what is to be written."""
    return from_json(json.dumps(told, ensure_ascii=False))


def from_json(text: str) -> CoursePack:
    try:
        return CoursePack.model_validate_json(text)
    except ValidationError as error:
        raise PackError(in_words(error)) from error


def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def in_words(error: ValidationError) -> str:
    """The first problem: where and what."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    problem = str(PROBLEMS.get(first["type"], _("写得不对"))) % first.get("ctx", {})
    return _("课程包的目录里，%(place)s：%(problem)s。") % {
        "place": printable(place) or "{}",
        "problem": problem,
    }
