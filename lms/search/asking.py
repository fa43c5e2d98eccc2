"""What people say around the thing itself: 我想学怎么用微信."""

import re
from typing import Final


def _words(*lines: str) -> list[str]:
    return " ".join(lines).split()


_BEFORE: Final = _words(
    "请问 您好 你好 请 帮我 教我 教 我想 我要 我 想要 想 要 不会 学习 学会 学 会 能不能 可以 能",
    "怎么样 怎么 怎样 如何 哪里 看看 查一下 一下 使用 用 找 给",
    "点样 唔识 边度 揾 手机上 手机里 手机 老人家 老人 老年人",
)
_AFTER: Final = _words(
    "怎么办 怎么用 怎么弄 怎么做 怎么搞 怎么 在哪里 在哪 哪里 是什么 什么意思 什么",
    "点办 点整 吗 呢 呀 啊 吧 了 的 的课 教程 方法 手机上 手机里 手机",
)
ASKING: Final = frozenset([*_BEFORE, *_AFTER])


def _any_of(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_AT_START = re.compile(f"^(?:{_any_of(_BEFORE)})+")
_AT_END = re.compile(f"(?:{_any_of(_AFTER)})+$")


def without_asking(run: str) -> str:
    """The thing itself; the run where nothing would be left."""
    return _AT_END.sub("", _AT_START.sub("", run)) or run
