"""The file of counts cuts as jieba's own dictionary does."""

from pathlib import Path

import jieba
import pytest

from courses.models import LessonPage
from subtitles.chinese.counts import Counts, written_counts


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    file: Path = tmp_path_factory.mktemp("words") / "counts"
    file.write_bytes(written_counts())
    return file


@pytest.fixture
def counts(file) -> Counts:
    return Counts(file)


@pytest.fixture
def whole() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


@pytest.mark.thorough(
    "test_lessons_are_cut_alike cuts every lesson by these counts and by jieba's own"
)
def test_each_word_has_its_count(counts, whole):
    assert counts.total == whole.total
    for word in list(whole.FREQ)[::97]:
        assert word in counts
        assert counts[word] == counts.get(word) == whole.FREQ[word]


def test_what_is_no_word_has_none(counts):
    assert "扫付" not in counts
    assert counts.get("扫付") is None
    assert counts.get("扫付", 0) == 0
    with pytest.raises(KeyError):
        counts["扫付"]


@pytest.mark.django_db
@pytest.mark.usefixtures("starter")
def test_lessons_are_cut_alike(counts, whole):
    ours = jieba.Tokenizer()
    ours.FREQ, ours.total, ours.initialized = counts, counts.total, True
    for tokenizer in (ours, whole):
        tokenizer.add_word("扫一扫付款")
    texts = [page.text_to_read for page in LessonPage.objects.all()]
    assert len(texts) > 40
    for text in texts:
        assert ours.lcut(text) == whole.lcut(text)
