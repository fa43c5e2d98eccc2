"""Which FFmpeg is taken: the first that can do what the code asks of it."""

import ast
import os
import shlex
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from media.checks import check_ffmpeg_can_do_our_work
from media.ffmpeg import abilities, colours
from media.ffmpeg.abilities import (
    ENCODERS,
    ENCODERS_BY_FORMAT,
    FILTERS,
    WANTED_FILTERS,
    FfmpegUnfit,
    ask,
    choose_ffmpeg,
)

WHEELS = imageio_ffmpeg.get_ffmpeg_exe()
DEBIANS = "/usr/bin/ffmpeg"
SED = shutil.which("sed")  # PATH is another in these tests
CODEC_OPTIONS = {"c:v", "c:a", "c:s", "vcodec", "acodec", "scodec"}


def calls_and_dicts() -> Iterator[ast.Call | ast.Dict]:
    for package in ("media", "subtitles"):
        for path in (project.BASE_DIR / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call | ast.Dict):
                    yield node


def named(node: ast.Call | ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    """What a call passes by name, `**{…}` included, or a dictionary holds."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
        return
    for keyword in node.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value
        elif isinstance(keyword.value, ast.Dict):
            yield from named(keyword.value)


def test_the_list_of_filters_is_what_the_code_uses():
    used: dict[str, set[str]] = defaultdict(set)
    for node in calls_and_dicts():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"filter", "filter_multi_output"}
        ):
            # `stream.filter("name")`, or `ffmpeg.filter([streams], "name")` of several
            for each in node.args[:2]:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    used[each.value] |= {name for name, _value in named(node)}
                    break
    used["scale"] |= set(colours.OURS)  # handed over as a dictionary
    assert used == {**FILTERS, **WANTED_FILTERS}, "see FILTERS in media.ffmpeg.abilities"


def test_the_list_of_encoders_is_what_the_code_uses():
    used = {
        value.value
        for node in calls_and_dicts()
        for name, value in named(node)
        if name in CODEC_OPTIONS and isinstance(value, ast.Constant)
    }
    assert used - {"copy"} == ENCODERS - ENCODERS_BY_FORMAT, (
        "see ENCODERS in media.ffmpeg.abilities"
    )


@pytest.mark.parametrize("path", [each for each in (WHEELS, DEBIANS) if Path(each).exists()])
def test_those_that_we_know_fit(path):
    found = ask(path)
    assert (found.missing, found.wanting) == ((), ())
    assert found.fits
    assert found.version[:3].strip("n").partition(".")[0].isdigit()


@pytest.fixture
def poorer(tmp_path):
    """Makes a program that answers as the wheel's FFmpeg does, but for some lines; `asked` in its
    folder has a line for each time that it was started."""

    def make(*without: str) -> Path:
        folder = tmp_path / f"poorer-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        program = folder / "ffmpeg"
        sed = " ".join(f"-e {shlex.quote(f'/{line}/d')}" for line in ("never", *without))
        program.write_text(
            f'#!/bin/sh\necho "$1" >> {folder}/asked\n{shlex.quote(WHEELS)} "$@" | {SED} {sed}\n'
        )
        program.chmod(0o755)
        return program

    return make


@pytest.fixture
def on_this_machine(monkeypatch, settings):
    """Says which FFmpeg is in the wheel, and which in PATH; None for none."""
    settings.FFMPEG = ""

    def say(*, wheel: Path | None, path: Path | None) -> None:
        def get_ffmpeg_exe() -> str:
            if wheel is None:
                raise RuntimeError("No ffmpeg exe could be found.")
            return str(wheel)

        monkeypatch.setattr(abilities.imageio_ffmpeg, "get_ffmpeg_exe", get_ffmpeg_exe)
        monkeypatch.setenv("PATH", str(path.parent) if path else "")

    return say


def test_the_wheels_comes_before_the_one_in_path(on_this_machine, poorer):
    wheel, path = poorer(), poorer()
    on_this_machine(wheel=wheel, path=path)
    assert choose_ffmpeg().path == str(wheel)


@pytest.mark.parametrize(
    ("line", "missing"),
    [("^ebur128 AVOptions", "ebur128"), ("^ *framelog ", "ebur128=framelog"), (" aac ", "aac")],
    ids=["a filter", "an option", "an encoder"],
)
def test_one_that_lacks_something_is_passed_over(on_this_machine, poorer, line, missing):
    lacking, whole = poorer(line), poorer()
    assert ask(str(lacking)).missing == (missing,)
    on_this_machine(wheel=lacking, path=whole)
    assert choose_ffmpeg().path == str(whole)


def test_none_that_fits_is_told_with_what_each_lacks_and_what_to_do(on_this_machine, poorer):
    wheel, path = poorer(" libx264 "), poorer("^(a)split AVOptions")
    on_this_machine(wheel=wheel, path=path)
    with pytest.raises(FfmpegUnfit) as unfit:
        choose_ffmpeg()
    assert f"{wheel} 缺少 libx264；{path} 缺少 asplit、split。" in str(unfit.value)
    assert "apt-get install ffmpeg" in str(unfit.value)


def test_a_machine_with_none_at_all_is_told_what_to_do(on_this_machine):
    on_this_machine(wheel=None, path=None)
    with pytest.raises(FfmpegUnfit, match="一个也没有找到。请管理员"):
        choose_ffmpeg()


def test_the_one_in_the_settings_is_taken_or_complained_of_and_never_replaced(
    on_this_machine, poorer, settings
):
    on_this_machine(wheel=poorer(), path=None)
    settings.FFMPEG = str(poorer())
    assert choose_ffmpeg().path == settings.FFMPEG
    for bad, fault in (
        (poorer(" aac "), "缺少 aac"),
        ("/bin/false", "不是能用的 ffmpeg"),
        ("/nowhere/ffmpeg", "不是能用的 ffmpeg"),
    ):
        settings.FFMPEG = str(bad)
        with pytest.raises(FfmpegUnfit) as unfit:
            choose_ffmpeg()
        assert f"设置 FFMPEG 用不了：{bad} {fault}。" in str(unfit.value)


def test_it_is_asked_once_until_another_takes_its_place(poorer):
    program = poorer()
    asked = program.with_name("asked")
    for _time in range(3):
        assert ask(str(program)).fits
    assert asked.read_text().split() == ["-encoders", "-h"]
    os.utime(program, (1, 1))
    assert ask(str(program)).fits
    assert len(asked.read_text().split()) == 4


def test_the_check_names_the_one_that_was_chosen(capsys):
    call_command("check", "media")
    assert f"FFmpeg: {choose_ffmpeg().path} ({choose_ffmpeg().version})" in capsys.readouterr().out


def test_the_check_fails_with_what_is_missing(settings):
    settings.FFMPEG = "/bin/false"
    with pytest.raises(SystemCheckError, match="设置 FFMPEG 用不了：/bin/false"):
        call_command("check", "media")


def test_the_check_warns_that_hdr_films_will_be_pale(settings, poorer):
    settings.FFMPEG = str(poorer("^zscale AVOptions"))
    [warning] = check_ffmpeg_can_do_our_work(None)
    assert warning.id == "media.W001"
    assert "缺少 zscale：手机拍的 HDR 视频颜色会发白" in str(warning.msg)
    assert choose_ffmpeg().fits
