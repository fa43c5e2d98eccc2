"""Settings fail loudly and name their unit."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms.settings import env


def read_mib() -> int:
    return env.integer("VIDEO_MAX_UPLOAD_MIB", 4096, unit="MiB", minimum=1, maximum=10_000)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("4 GB", "'4 GB' is not a number of MiB"),
        ("0", "give 1 to 10000 MiB"),
        ("99999", "give 1 to 10000 MiB"),
        ("1.5", "not a whole number of MiB"),
        ("nan", "out of range"),
        ("inf", "out of range"),
    ],
)
def test_a_quantity_that_makes_no_sense_is_refused_with_its_unit(monkeypatch, value, words):
    monkeypatch.setenv("VIDEO_MAX_UPLOAD_MIB", value)
    with pytest.raises(ImproperlyConfigured, match="VIDEO_MAX_UPLOAD_MIB") as refusal:
        read_mib()
    assert words in str(refusal.value)


@pytest.mark.parametrize(("value", "expected"), [(None, 4096), ("", 4096), (" 12 ", 12)])
def test_a_quantity_that_is_unset_or_empty_has_its_default(monkeypatch, value, expected):
    monkeypatch.delenv("VIDEO_MAX_UPLOAD_MIB", raising=False)
    if value is not None:
        monkeypatch.setenv("VIDEO_MAX_UPLOAD_MIB", value)
    assert read_mib() == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_a_switch_understands_the_usual_words(monkeypatch, value, expected):
    monkeypatch.setenv("DEBUG", value)
    assert env.boolean("DEBUG", False) is expected


def test_a_switch_that_is_neither_on_nor_off_is_refused(monkeypatch):
    monkeypatch.setenv("DEBUG", "flase")
    with pytest.raises(ImproperlyConfigured, match="DEBUG='flase' is neither true nor false"):
        env.boolean("DEBUG", False)


def test_a_list_is_read_without_its_blanks(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example , ,b.example")
    assert env.words("ALLOWED_HOSTS", []) == ["a.example", "b.example"]


def test_an_engine_and_a_model_are_read_for_each_language(monkeypatch):
    written = "zh=sherpa-onnx:var/models/a b , yue = faster-whisper : Systran/faster-whisper-small"
    monkeypatch.setenv("SUBTITLE_ENGINES_BY_LANGUAGE", written)
    assert env.engines_by_language("SUBTITLE_ENGINES_BY_LANGUAGE") == {
        "zh": ("sherpa-onnx", "var/models/a b"),
        "yue": ("faster-whisper", "Systran/faster-whisper-small"),
    }
    monkeypatch.delenv("SUBTITLE_ENGINES_BY_LANGUAGE")
    assert env.engines_by_language("SUBTITLE_ENGINES_BY_LANGUAGE") == {}


@pytest.mark.parametrize(
    "written", ["zh", "zh=sherpa-onnx", "zh=:a", "zh=a:", "=a:b", "zh=a:b,zh=c:d"]
)
def test_a_choice_by_language_that_is_half_said_is_refused(monkeypatch, written):
    monkeypatch.setenv("SUBTITLE_ENGINES_BY_LANGUAGE", written)
    with pytest.raises(ImproperlyConfigured, match="SUBTITLE_ENGINES_BY_LANGUAGE"):
        env.engines_by_language("SUBTITLE_ENGINES_BY_LANGUAGE")


def test_an_unknown_kind_of_cache_is_refused(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "memcached://127.0.0.1")
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL: 'memcached' is not redis"):
        env.cache("CACHE_URL", "locmem://")


@pytest.mark.parametrize("written", ["https://yinling.example", " https://yinling.example:8443/ "])
def test_paper_bears_an_address_of_the_site(monkeypatch, written):
    monkeypatch.setenv("SITE_URL", written)
    assert env.site_url("SITE_URL", [".yinling.example"]) == written.strip().rstrip("/")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("yinling.example", "no address as https://yinling.example"),
        ("https://", "no address"),
        ("https://yinling.example/home", "no address"),
        ("ftp://yinling.example", "no address"),
        ("https://user@yinling.example", "no address"),
        ("http://127.0.0.1:8000", "127.0.0.1 is not in ALLOWED_HOSTS"),
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(monkeypatch, written, words):
    monkeypatch.setenv("SITE_URL", written)
    with pytest.raises(ImproperlyConfigured, match="SITE_URL=") as refusal:
        env.site_url("SITE_URL", ["yinling.example"])
    assert words in str(refusal.value)
