"""Words are found as words; what a press offers reads well; sentences that only warn pass."""

import re
from pathlib import Path

import pytest

from courses.readability.findings import FindingPlace, Rule
from courses.readability.plain_text import fold
from courses.readability.sentences import FIELD_LIMITS, SentenceChecker
from courses.readability.word_lists import WordLists, built_in_word_lists, swapped

HERE = Path(__file__).parent


def labelled(half):
    """(label, sentence) of one half of the labelled set."""
    lines = (HERE / f"sentences-{half}.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]


def found_in(text, field="words", **lists):
    words = WordLists(**{"jargon": {}, "officialese": {}, **lists}) if lists else None
    checker = SentenceChecker(words or built_in_word_lists())
    return list(checker.field(text, FindingPlace(field)))


def verdict(text):
    findings = found_in(text)
    if any(finding.stops for finding in findings):
        return "STOP"
    return "ADVISE" if findings else "OK"


HALVES = ["tuning", "measuring", "appliances-tuning", "appliances-measuring"]


@pytest.mark.parametrize("half", HALVES)
def test_plain_sentences_pass_and_jargon_is_found(half):
    sentences = labelled(half)
    plain = [verdict(sentence) for label, sentence in sentences if label == "plain"]
    hard = [verdict(sentence) for label, sentence in sentences if label == "hard"]
    assert len(plain) >= 40
    assert len(hard) >= 40
    assert plain.count("STOP") / len(plain) <= 0.03
    assert hard.count("OK") / len(hard) <= 0.1


def test_there_are_more_than_four_hundred_words_and_each_is_found_as_a_word():
    lists = built_in_word_lists()
    assert len(lists.jargon) >= 400
    frame = "看一看{}。".format
    missed = [w for w in lists.jargon if w not in [f.words for f in lists.jargon_in(frame(w))]]
    assert missed == []


def test_what_is_to_be_said_instead_is_nothing_the_lists_refuse():
    lists = built_in_word_lists()
    instead = [*lists.jargon.values(), *lists.officialese.values()]
    assert [w for w in instead if lists.jargon_in(w) or lists.officialese_in(w)] == []


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "先{}。",
        "请{}后再按。",
        "{}机器",
        "把{}放好",
        "机器{}了",
        "按{}键",
        "不要{}的东西",
        "打开{}",
    ],
)
def test_no_fix_of_any_word_breaks_a_word_or_doubles_one(frame):
    """All words of both lists: a fix changes the word's span and nothing else."""
    lists = built_in_word_lists()
    offered = 0
    for word in [*lists.jargon, *lists.officialese]:
        text = frame.format(word)
        offered += check_fixes(lists, text)
    assert (offered > 0) == (frame != "{}机器")  # 机 is the rest of a longer word


def test_no_fix_in_any_labelled_sentence_breaks_a_word_or_doubles_one():
    lists = built_in_word_lists()
    every = [sentence for half in HALVES for _label, sentence in labelled(half)]
    assert sum(check_fixes(lists, sentence) for sentence in every) > 30


def doubles(text):
    """How many words stand beside themselves: 机器机器, 嘀嘀."""
    return len(re.findall(r"([\u4e00-\u9fff]+)\1", text))


def check_fixes(lists, text):
    """How many fixes are offered; each is asserted to be right."""
    offered = 0
    for found in [*lists.jargon_in(text), *lists.officialese_in(text)]:
        if not found.fix:
            continue
        offered += 1
        end = found.start + len(found.written)
        assert text[found.start : end] == found.words
        assert {found.start, end} <= lists.borders(fold(text).text)
        assert found.fix == text[: found.start] + found.instead + text[end:]
        assert doubles(found.fix) <= doubles(text) + doubles(found.instead), found.fix
    return offered


@pytest.mark.parametrize(
    ("before", "after", "instead"),
    [
        ("", "机器", "机器"),
        ("机器", "", "机器"),
        ("把", "面朝上", "有键的那一面"),
        ("", "仪", "量"),
    ],
)
def test_a_word_is_not_put_beside_itself_nor_before_the_rest_of_a_longer_one(
    before, after, instead
):
    written = f"{before}终端{after}"
    assert swapped(written, len(before), len(before) + 2, instead) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("连无线路由器。", "无线路由器"),
        ("打开系统设置。", "系统设置"),
        ("恢复出厂设置。", "恢复出厂设置"),
        ("看动态心电图。", None),
        ("等待机器响。", None),
        ("更新鲜的菜。", None),
        ("从后台阶下来。", None),
        ("机器待机了。", "待机"),
        ("扫一扫二\u200b维码。", "二维码"),
    ],
)
def test_the_longest_word_is_found_and_none_across_two_words(text, found):
    words = [f.found for f in found_in(text) if f.rule in {Rule.JARGON, Rule.HALF_KNOWN}]
    assert words == ([found] if found else [])


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("蓝牙（Bluetooth）打开。", {"蓝牙", "Bluetooth"}),
        ("扫二维码（QR码）。", {"二维码", "QR"}),
        ("连蓝牙（配对）。", {"蓝牙", "配对"}),
        ("打开蓝牙（见下图）。", {"蓝牙"}),
        ("打开（蓝牙）。", {"蓝牙"}),
        ("打开蓝牙（不用线的连接）。", set()),
        ("点蓝字（链接）。", set()),
        ("点蓝字（也叫“链接”）。", set()),
        ("点“链接”（蓝色的字）。", set()),
    ],
)
def test_brackets_excuse_only_what_they_explain(text, stops):
    assert {finding.found for finding in found_in(text) if finding.stops} == stops


@pytest.mark.parametrize(
    "text",
    [
        "别信短信里的特价。", "不要点别人发来的优惠券。", "软管别打折。", "药店在北京东路。",
        "写下单子上的号码。", "说打折送鸡蛋的，当心是骗人的。", "电话费还剩20元。",
        "叫您下单的，马上挂断。",
    ],
)  # fmt: skip
def test_a_warning_of_selling_sells_nothing(text):
    assert Rule.SELLING not in {finding.rule for finding in found_in(text)}


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("验证码谁要都不给。", False),
        ("别点假链接。", False),
        ("输入验证码。", True),
        ("点链接。", True),
    ],
)
def test_a_warning_may_name_what_frauds_say(text, stops):
    findings = found_in(text)
    assert findings  # it is advised to say it in other words
    assert any(finding.stops for finding in findings) is stops


@pytest.mark.parametrize(
    "text",
    [
        "不要错过特价。", "优惠券别忘了领，赶快下单。", "到本公司旗舰店买。", "原价199元。",
        "只要99元。", "每台199元。", "更多优惠请加客服微信。", "¥ 58", "上京东买。",
    ],
)  # fmt: skip
def test_selling_is_found_in_whatever_words(text):
    assert Rule.SELLING in {finding.rule for finding in found_in(text)}


@pytest.mark.parametrize(
    "text",
    [
        "按下SOS大红键。", "装两节AAA电池。", "把U盘拔下。", "拍X光。", "用A4纸。", "到37℃。",
        "调到Ⅰ档。", "先按①。", "加1.2升水。", "每天吃维生素C。", "拍B超。", "按A键。",
        "去ATM机取钱。", "现在是5G手机。",
    ],
)  # fmt: skip
def test_names_and_units_that_people_know_are_not_foreign(text):
    assert Rule.LATIN not in {finding.rule for finding in found_in(text)}


@pytest.mark.parametrize("text", ["打开 ＷｉＦｉ。", "𝐖𝐢𝐅𝐢连上。", "按下OK键。", "插USB口。"])
def test_foreign_letters_are_found_in_any_typeface(text):
    assert Rule.LATIN in {finding.rule for finding in found_in(text)}


@pytest.mark.parametrize("field", FIELD_LIMITS)
def test_every_field_has_a_length(field):
    limits = FIELD_LIMITS[field]
    rules = [
        {finding.rule for finding in found_in("红" * count, field)}
        for count in (limits.good, limits.most, limits.most + 1)
    ]
    most = Rule.LONG if limits.most_of_a_sentence else Rule.LONGISH
    assert rules == [set(), {most}, {Rule.LONG}]


def test_a_sentence_of_a_remedy_is_no_longer_than_a_step():
    assert found_in("红" * 34 + "。" + "红" * 35, "remedy")[0].rule == Rule.LONGISH
    assert found_in("红" * 41, "remedy")[0].rule == Rule.LONG


@pytest.mark.parametrize(
    "text",
    ["您不得不再按一次。", "未经允许不得打开。", "把放在左边的柜子的上面的盒子的盖子的扣打开。"],
)
def test_a_winding_sentence_is_advised_about_in_any_field(text):
    for field in ("words", "warning", "expected", "problem", "remedy"):
        assert Rule.WINDING in {finding.rule for finding in found_in(text, field)}


def test_a_citys_own_words_are_cut_as_words_too():
    [finding] = found_in("看握持传感。", jargon={"握持传感": "手握住就知道"})
    assert (finding.rule, finding.instead) == (Rule.JARGON, "手握住就知道")
