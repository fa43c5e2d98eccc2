"""打开.html and its pages: whole in their folder, silent towards any network, true to the site."""

import json
import re
import subprocess
import sys
from urllib.parse import unquote

import pytest

from courses.practice import END, HELP, Box, Practice, Screen, Target, Widget, moment_of
from lms.packs.reader.folder import ReaderFolder
from lms.packs.reader.links import LeadsOutside, Links
from lms.packs.reader.practices import answers_of, key_of, questions
from lms.packs.reader.writing import write_reader
from tests.packs.reader.pages import Tags, kept, lines_of

pytestmark = pytest.mark.django_db

#: What a page that was opened from a file may not do.
FORBIDDEN = re.compile(
    r"\bfetch\(|XMLHttpRequest|sendBeacon|serviceWorker|EventSource|WebSocket|importScripts"
    r"|^\s*(?:import|export)\b",
    re.MULTILINE,
)
#: Doors of the site behind which a server stands.
OF_A_SERVER = ("没看懂", "打印", "我的工作", "找课", "请志愿者联系我", "我也遇到过骗子", "存下来")


def test_every_link_and_file_of_every_page_is_in_the_folder(pack):
    assert len(pack.links) > 500
    for page, tag, name, address in pack.links:
        if address.startswith(("data:", "tel:")):
            continue
        target = pack.target(page, address)
        assert target.is_relative_to(pack.folder.resolve()), (page.name, tag, name, address)
        assert target.is_file(), (page.name, tag, name, address)


def test_a_link_into_a_page_finds_its_place_there(pack):
    ids = {page: set(re.findall(r'\sid="([^"]+)"', page.read_text())) for page in set(pack.pages)}
    for page, _tag, _name, address in pack.links:
        target, _, part = address.partition("#")
        if part and not part.startswith("t=") and not address.startswith("data:"):
            assert part in ids[pack.target(page, target)], (page.name, address)


def test_no_page_names_another_host_or_asks_for_anything_while_it_is_open(pack):
    for page, html in pack.all_html:
        assert not re.search(r'(?:href|src|srcset|poster|action)="(?:[a-z]+:)?//', html), page.name
        for tag, attributes in Tags(html).tags:
            assert attributes.get("type") != "module", page.name
            assert tag not in {"iframe", "object", "embed", "base"}, page.name
            assert not any(name.startswith("on") for name in attributes), page.name
    for script in (pack.folder / "网页").glob("*.js"):
        assert not FORBIDDEN.findall(script.read_text()), script.name
    for sheet in (pack.folder / "网页").glob("*.css"):
        assert not re.search(r"@import|url\((?!data:)", sheet.read_text())


def test_a_script_stands_in_a_file_or_is_data(pack):
    for page in pack.pages:
        scripts = [each for tag, each in Tags(page.read_text()).tags if tag == "script"]
        assert len(scripts) >= 2
        assert all("src" in each or each["type"] == "application/json" for each in scripts)


def test_nothing_lies_in_it_that_no_page_shows(pack):
    shown = {pack.target(page, address) for page, _tag, _name, address in pack.links}
    lying = {path.resolve() for path in (pack.folder / "网页").rglob("*") if path.is_file()}
    assert lying <= shown


def test_every_page_is_reached_from_the_door(pack):
    reached, waiting = set(), [pack.door.resolve()]
    links: dict = {}
    for page, tag, _name, address in pack.links:
        if tag == "a":
            links.setdefault(page.resolve(), set()).add(pack.target(page, address))
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting += links.get(here, set()) - reached
    assert {page.resolve() for page in pack.pages} <= reached


def test_names_of_pages_are_plain(pack):
    below = pack.folder / "网页"
    for path in below.rglob("*"):
        assert re.fullmatch(r"[a-z0-9./-]+", path.relative_to(below).as_posix()), path


def test_the_same_content_gives_the_same_bytes_and_is_not_written_again(pack, tmp_path):
    pack.write(tmp_path)
    stray = tmp_path / "网页/pictures/left-over.svg"
    stray.write_text("<svg/>")
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path != stray}
    for name, path in made.items():
        if path.is_file():
            assert path.read_bytes() == (pack.folder / name).read_bytes(), name
    before = {path: path.stat().st_mtime_ns for path in made.values() if path.is_file()}
    pack.write(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not stray.exists()


def test_what_needs_a_server_is_not_there(pack):
    for page, html in pack.all_html:
        words = Tags(html).text
        assert not [door for door in OF_A_SERVER if door in words], page.name
        assert "<form" not in html or 'method="post"' not in html, page.name
        assert "data-progress-url" not in html, page.name


def test_a_lesson_that_does_not_go_along_is_led_to_by_nothing(pack, tmp_path):
    alone = pack.content.lessons["scan-to-pay"]
    write_reader(tmp_path, [alone], films={}, manuals=[], manual_films={})
    names = {path.name for path in (tmp_path / "网页").glob("*.html")}
    assert {name for name in names if name.startswith("lesson-")} == {f"lesson-{alone.pk}.html"}
    assert not [name for name in names if name.startswith("manual")]
    html = (tmp_path / f"网页/lesson-{alone.pk}.html").read_text()
    assert "下一课" not in html
    assert "data-player" not in html


def test_an_address_that_is_not_in_the_pack_stops_the_making(tmp_path):
    links = Links(ReaderFolder(tmp_path), {"/": "打开.html"})
    assert links.link("/#top", at="网页/a.html", here="/a/").endswith(".html#top")
    for address in ("/my/learning/", "https://example.cn/", "//example.cn/x", "javascript:void(0)"):
        with pytest.raises(LeadsOutside):
            links.put(f'<a href="{address}">', at="网页/a.html", here="/a/")


def test_the_film_is_the_one_beside_it_and_has_no_second_subtitles(pack):
    lesson = pack.content.lessons["scan-to-pay"]
    html = pack.page(f"lesson-{lesson.pk}.html")
    [source] = [
        each for tag, each in Tags(html).tags if tag == "source" and "video" in each["type"]
    ]
    assert "%2550" not in source["src"]
    assert "50%25" in source["src"]
    assert "%231" in source["src"]
    assert 'kind="subtitles"' not in html


def test_a_manuals_film_is_played_from_its_page(pack):
    [front] = [path for path, html in pack.all_html if 'data-name="video"' in html]
    [player] = (pack.folder / "网页").glob("manual-*-video.html")
    assert f'href="{player.name}"' in front.read_text()
    html = player.read_text()
    assert "data-player" in html
    [source] = [told["src"] for tag, told in Tags(html).tags if tag == "source"]
    assert (player.parent / unquote(source)).resolve().read_bytes() == b"another film"


def test_a_reading_knows_when_each_of_its_sentences_begins(pack):
    lesson = pack.content.lessons["scan-to-pay"]
    html = pack.page(f"lesson-{lesson.pk}.html")
    [track] = [each for tag, each in Tags(html).tags if tag == "track"]
    moments = [int(each) for each in track["data-moments"].split(",")]
    assert "src" not in track
    assert len(moments) == html.count("data-sentence")
    assert sorted(moments) == moments


def test_a_lesson_without_a_sound_is_left_to_the_browsers_voice(pack):
    html = pack.page(f"lesson-{pack.content.lessons['big-text'].pk}.html")
    assert "data-read" in html
    assert "<audio" not in html


# --- What is pressed ----------------------------------------------------------------------------


def test_a_press_says_what_it_says_on_the_site(pack, client):
    lesson = pack.content.lessons["scan-to-pay"]
    page = lesson.get_children().get().specific
    known = kept(pack.page(f"practice-{lesson.pk}.html"), "answers")
    asked = list(questions(page.practice))
    assert len(asked) == len(known["answers"])
    for query in asked[:: len(asked) // 12]:
        here = Tags("\n".join(lines_of(known["parts"], known["answers"][key_of(query)])))
        there = client.get(page.url, query).content.decode()
        part = there[there.index('<section class="play') : there.rindex("</section>")]
        assert here.text == Tags(part).text, query


def test_an_answer_says_what_it_says_on_the_site(pack, client):
    lesson = pack.content.lessons["sms-code"]
    known = kept(pack.page(f"lesson-{lesson.pk}.html"), "answers")
    for chosen in "012":
        html = "\n".join(lines_of(known["parts"], known["answers"][f"answer={chosen}"]))
        there = client.get(lesson.url, {"answer": chosen}).content.decode()
        part = there[there.index('<section class="screen quiz"') :]
        assert Tags(html).text == Tags(part[: part.index("</section>")]).text


def test_a_number_pad_and_help_lead_to_the_end():
    pad = Widget("pad", "keypad", "密码", Box(6, 6, 88, 60), Target(True, END), keys=3)
    no = Widget("no", "button", "不要", Box(6, 80, 88, 12), Target(False, miss="别取消"))
    screen = Screen("one", "密码", "十个键", "请按三个数", "按哪个都行", (pad, no))
    practice = Practice("按密码", (screen,))
    known = answers_of(practice, lambda moment: f"{moment.screen and moment.typed} {moment.misses}")

    def shown(query):
        return "\n".join(lines_of(known["parts"], known["answers"][key_of(query)]))

    typed = [{"screen": "one", "misses": "0", "press": "pad", "typed": str(n)} for n in (1, 2, 3)]
    assert [shown(query) for query in typed] == ["1 0", "2 0", "None 0"]
    help_ = {"screen": "one", "misses": "3", "press": HELP, "typed": "1"}
    assert moment_of(practice, help_).screen is None
    assert shown(help_) == "None 0"
    assert shown({**help_, "press": ""}) == "0 3"


def test_a_drill_keeps_each_message_as_a_question_and_as_each_answer_leaves_it(pack):
    known = kept(pack.page(f"drill-{pack.content.drill.pk}.html"), "drill-data")
    items = list(pack.content.drill.items)
    assert len(known["items"]) == len(items)
    assert 2 <= known["length"] <= len(items)
    for kept_item, block in zip(known["items"], items, strict=True):
        assert kept_item["scam"] == (block.value["verdict"] == "scam")
        assert block.value["text"] in Tags(kept_item["asked"]["alone"]).text
        assert block.value["text"] in Tags(kept_item["asked"]["class"]).text
        for answer in ("scam", "genuine", "unsure", "class"):
            words = Tags(kept_item["told"][answer]).text
            assert block.value["sign"] in words
            assert block.value["advice"] in words
    shown = {lesson.pk for lesson in pack.content.lessons.values()}
    assert all(set(item["lessons"]) <= shown for item in known["items"])


# --- Chromium 68 --------------------------------------------------------------------------------


def test_scripts_and_sheet_say_nothing_that_chromium_68_does_not_know(pack, checkout, tmp_path):
    below = pack.folder / "网页"
    planted = [
        {"file": f"lms/static/js/{path.name}", "source": path.read_text()}
        for path in sorted(below.glob("*.js"))
    ]
    sheet = (below / "reader.css").read_text()
    planted.append({"file": "lms/static/planted.css", "source": sheet})
    (tmp_path / "planted.json").write_text(json.dumps(planted))
    with (tmp_path / "planted.json").open() as asked:  # more than a pipe holds
        done = subprocess.run(
            [f"{sys.prefix}/bin/node", checkout / "tests/architecture/lint_sources.mjs"],
            cwd=checkout,
            stdin=asked,
            capture_output=True,
            text=True,
            check=True,
        )
    told = [words for each in json.loads(done.stdout) for words in each]
    assert not [
        words for words in told if re.search("Parsing error|not supported|came with", words)
    ]
