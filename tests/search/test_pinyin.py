"""Letters that somebody types for a Chinese word."""

import re

import pytest

from lms.search.pinyin import all_spellings, encoded, nearness, pattern_of, syllables


def fits(letters, word, *, with_slips=False):
    pattern = re.compile(pattern_of(letters, with_slips=with_slips))
    return any(pattern.match(encoded(spelling)) for spelling in all_spellings(word))


@pytest.mark.parametrize("letters", ["w", "wx", "wei", "weix", "wxin", "weixi", "weixin"])
def test_whole_syllables_initials_and_a_mixture_fit(letters):
    assert fits(letters, "微信")


@pytest.mark.parametrize("letters", ["x", "xin", "wxn", "weixinn", "wexx", "weixing"])
def test_other_letters_do_not(letters):
    assert not fits(letters, "微信")


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("zifubao", "支付宝"),  # z for zh
        ("cezan", "车站"),  # c for ch
        ("souji", "手机"),  # s for sh
        ("shaoma", "扫码"),  # sh for s
        ("niuliang", "流量"),  # n for l
        ("laolian", "老年"),  # l for n
        ("lencai", "人才"),  # l for r
        ("yingxing", "隐形"),  # -ng for -n
        ("huangjian", "房间"),  # h for f
        ("faqian", "花钱"),  # f for h
    ],
)
def test_southern_slips_fit_where_they_are_allowed(letters, word):
    assert not fits(letters, word)
    assert fits(letters, word, with_slips=True)


def test_slips_do_not_make_everything_alike():
    assert not fits("weixin", "银行", with_slips=True)


def test_a_sign_is_known_by_each_of_its_sounds():
    assert fits("dadi", "打的")
    assert fits("yinhang", "银行")


def test_a_g_at_the_end_may_be_missing_anyway():
    assert fits("yinhanka", "银行卡")


def test_the_word_itself_is_nearest_then_its_initials_then_what_it_begins():
    order = [nearness(letters, syllables("微信")) for letters in ("weixin", "wx", "weixi", "weix")]
    assert order == sorted(order, reverse=True)
    assert nearness("wx", syllables("微信群")) < nearness("wx", syllables("微信"))


def test_signs_of_regular_expressions_are_letters_like_others():
    assert not fits("w.", "微信")
    assert not fits("(", "微信", with_slips=True)
