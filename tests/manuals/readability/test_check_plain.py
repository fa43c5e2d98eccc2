"""manage.py check_plain: a verdict a line, with what to say instead."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms.manuals.models import PlainWord

pytestmark = pytest.mark.django_db


def judged(path):
    out = StringIO()
    call_command("check_plain", str(path), stdout=out)
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_it_judges_line_by_line_and_says_what_to_write_instead(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text(
        "按红色的圆钮。\n\n请务必坐好。\n\ufeff连上路由器。\n看一看握持传感。\n", encoding="utf-8"
    )
    PlainWord.objects.create(word="握持传感", kind="jargon", instead="手握住就知道")
    assert [line[0] for line in judged(text)] == ["OK", "ADVISE", "STOP", "STOP"]
    assert judged(text)[0] == ["OK", "按红色的圆钮。", ""]
    assert judged(text)[2][2] == "路由器→上网盒子"
    assert judged(text)[3][2] == "握持传感→手握住就知道"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_it_says_in_a_sentence_what_it_cannot_read(tmp_path, content):
    text = tmp_path / "a.txt"
    if content is not None:
        text.write_bytes(content)
    with pytest.raises(CommandError, match=r"a\.txt"):
        judged(text)
