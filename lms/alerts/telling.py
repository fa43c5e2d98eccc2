"""Words that may tell whom something happened to. Nothing of that becomes public unseen."""

import re
from collections.abc import Iterable
from typing import Final

from django.db.models import CharField, F, Value

from lms.people.models import Learner
from lms.units.models import Unit, path_below

#: Everybody's numbers.
PUBLIC_NUMBERS: Final = {"96110", "12345", "12381", "12321", "12315", "10086", "10000", "10010"}
#: A telephone, a card, an identity number.
NUMBER: Final = re.compile(r"\d(?:[\s\-—–]?\d){4,}", re.ASCII)
#: Where somebody lives.
HOUSE: Final = re.compile(r"\d+\s*(?:栋|幢|座|号楼|单元|号房|室|号)")
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程"
    "吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵"
    "万钱严赖覃洪武莫孔麦区"
)
CALLED: Final = re.compile(
    f"[{SURNAMES}](?:某|阿婆|阿公|阿伯|阿姨|婆婆|公公|奶奶|爷爷|大妈|大爷|大叔|大姐|先生|女士|老师"
    "|老太|老伯|伯|叔|婶|姨|姐)"
)
MOST_NAMES = 5


def telling_words(unit: Unit, texts: Iterable[str]) -> list[str]:
    """What in the texts looks like a number, a house or a person's name, or is the name of a
    learner of the unit; each once, in the order in which it stands. One query."""
    text = "。".join(texts)  # so that no number runs on from one into the next
    found = [
        match[0]
        for match in NUMBER.finditer(text)
        if re.sub(r"\D", "", match[0]) not in PUBLIC_NUMBERS
    ]
    found += [match[0] for pattern in (HOUSE, CALLED) for match in pattern.finditer(text)]
    found += names_of_learners(unit, text)
    return sorted(set(found), key=text.find)


def names_of_learners(unit: Unit, text: str) -> list[str]:
    """Of the unit and all below it, whose whole name stands in the text."""
    learners = Learner.objects.standing().filter(path_below(unit, prefix="unit__"))
    named = learners.annotate(text=Value(text, CharField())).filter(text__contains=F("name"))
    return list(named.order_by().values_list("name", flat=True).distinct()[:MOST_NAMES])
