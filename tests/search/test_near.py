"""What comes near where nothing is called so."""

import pytest

from lms.search.finding import find
from lms.search.near import is_one_slip

CALL_CAR = "用手机叫车"


@pytest.mark.parametrize("typed", ["weixi", "weixinn", "weixim", "wixin", "veixin"])
def test_one_letter_too_many_missing_or_another_is_one_slip(typed):
    assert is_one_slip(typed, "weixin")


@pytest.mark.parametrize("typed", ["weixin1a", "wexi", "wiexin", "zhifubao"])
def test_more_is_not(typed):
    assert not is_one_slip(typed, "weixin")


@pytest.mark.django_db
@pytest.mark.usefixtures("searched")
class TestNothingIsCalledSo:
    def test_a_word_with_one_letter_slipped_shows_what_the_word_finds(self):
        findings = find("wangyuecge")  # 网约车
        assert findings.in_vain
        assert findings.found[0].title == CALL_CAR

    @pytest.mark.parametrize("query", ["量子力学", "lianziliksue", "琉璃瓦当"])
    def test_what_nobody_teaches_is_never_called_found(self, query):
        assert find(query).in_vain
