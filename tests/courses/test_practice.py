"""The pretend phone: every practice can be played to its end, and nothing can go wrong on it."""

import json
import re
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.http import urlencode
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from courses.blocks.practice import DrawnScreenBlock, ScreensBlock, practice_of
from courses.choices import WidgetKind
from courses.models import LessonPage, PracticePage
from courses.practice import END, Box, Practice, Screen, ScreenPicture, Target, Widget
from courses.practice.checks import problems_of
from courses.practice.play import moment_of, play
from courses.starter import loading
from courses.starter.loading import Loaded, find_or_make_classroom, find_or_make_home, load_lesson
from courses.starter.practices import SIGNS, practice_values

CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())
LESSONS = {lesson["slug"]: lesson for lesson in CURRICULUM["lessons"]}
ENTRIES = {slug: lesson["practice"] for slug, lesson in LESSONS.items() if lesson["practice"]}


def starter_practice(slug: str) -> Practice:
    values = practice_values(ENTRIES[slug])
    block = ScreensBlock()
    return practice_of(values["title"], block.to_python(json.loads(values["screens"])))


def right(next_screen: str, text: str = "对", *, y: int = 20) -> Widget:
    return Widget(text, WidgetKind.BUTTON, text, Box(6, y, 88, 12), Target(True, next_screen))


def decoy(text: str = "错", *, y: int = 50) -> Widget:
    return Widget(text, WidgetKind.BUTTON, text, Box(6, y, 88, 12), Target(False, miss="看上面。"))


def screen(name: str, *widgets: Widget) -> Screen:
    return Screen(name, name, "画面", "请按", "上面", widgets)


TWO = Practice("两屏", (screen("a", right("b"), decoy()), screen("b", right(END), decoy())))
PAD = Widget("pad", WidgetKind.KEYPAD, "密码", Box(10, 30, 80, 60), Target(True, END), keys=3)


class TestEveryPracticeOfTheStarter:
    def test_two_lessons_of_three_have_one(self):
        assert len(ENTRIES) * 3 >= len(LESSONS) * 2

    @pytest.mark.parametrize("slug", ENTRIES)
    def test_nothing_is_wrong_with_it(self, slug):
        assert problems_of(starter_practice(slug)) == []

    @pytest.mark.parametrize("slug", ENTRIES)
    def test_every_press_leads_where_the_curriculum_says(self, slug):
        practice = starter_practice(slug)
        for told in ENTRIES[slug]["screens"]:
            keys = [widget["id"] for widget in told["widgets"]]
            for target in told["targets"]:
                press = str(keys.index(target["box"]) + 1)
                moment = play(practice, screen=told["id"], press=press)
                if target["ok"]:
                    assert (moment.screen.id if moment.screen else END) == target["next"]
                else:
                    assert moment.screen.id == told["id"]
                    assert moment.pressed.target.miss == target["miss"]

    @pytest.mark.parametrize("slug", ENTRIES)
    def test_right_presses_lead_from_its_first_screen_to_the_end(self, slug):
        practice = starter_practice(slug)
        moment, steps = play(practice), 0
        while moment.screen:
            moment = play(practice, screen=moment.screen.id, press=moment.screen.right_widget.id)
            steps += 1
        assert 3 <= steps <= len(practice.screens)


class TestTheLadderOfMisses:
    def test_the_first_miss_says_what_was_pressed_and_shows_nothing_yet(self):
        moment = play(TWO, screen="a", press="错")
        assert (moment.misses, moment.pressed.text, moment.guide) == (1, "错", None)

    def test_the_second_shows_the_right_thing(self):
        moment = play(TWO, screen="a", press="错", misses=1)
        assert moment.guide.text == "对"
        assert not moment.offers_help

    def test_the_third_offers_to_press_it_and_does(self):
        moment = play(TWO, screen="a", press="错", misses=2)
        assert moment.offers_help
        assert play(TWO, screen="a", press="help", misses=3).screen.id == "b"

    def test_more_misses_change_nothing(self):
        assert play(TWO, screen="a", press="错", misses=3).misses == 3

    def test_a_press_on_nothing_is_a_miss_without_a_thing(self):
        moment = play(TWO, screen="a", press="")
        assert (moment.misses, moment.pressed) == (1, None)

    def test_a_right_press_begins_the_next_screen_anew(self):
        moment = play(TWO, screen="a", press="对", misses=3)
        assert (moment.screen.id, moment.misses, moment.guide) == ("b", 0, None)

    @pytest.mark.parametrize(
        "asked", [{}, {"screen": "nobody"}, {"screen": "a", "misses": "-1"}, {"misses": "９９"}]
    )
    def test_an_address_that_makes_no_sense_is_the_first_screen(self, asked):
        assert moment_of(TWO, asked).screen.id == "a"
        assert moment_of(TWO, asked).misses == 0


class TestTheNumberPad:
    practice = Practice("键", (screen("a", PAD),))

    def test_it_is_done_when_enough_keys_were_pressed_whichever(self):
        moments = [play(self.practice, screen="a", press="pad", typed=n) for n in (1, 2, 3)]
        assert [moment.typed for moment in moments] == [1, 2, 0]
        assert moments[-1].screen is None

    def test_help_fills_it_at_once(self):
        assert play(self.practice, screen="a", press="help").screen is None


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("screens", "words"),
        [
            ([screen("a", decoy())], "没有按对了的地方"),
            ([screen("a", right("nobody"))], "没有这一屏"),
            ([screen("a", right("b")), screen("b", right("a"))], "走不到做完"),
            ([screen("a", right(END)), screen("b", right(END))], "没有哪一屏会走到这里"),
            ([screen("a", right("a")), screen("a", right(END))], "前面已经有一屏"),
            ([screen("END", right(END))], "请换一个代号"),
            ([screen("a", right(END), decoy(y=25))], "叠在一起"),
            ([screen("a", replace(right(END), box=Box(6, 95, 88, 12)))], "屏幕外面"),
            ([screen("a", replace(right(END), box=Box(6, 20, 17, 12)))], "太小"),
            ([screen("a", replace(PAD, box=Box(6, 20, 88, 30)))], "太小"),
        ],
    )  # fmt: skip
    def test_it_says_why(self, screens, words):
        assert any(words in problem.words for problem in problems_of(Practice("", tuple(screens))))

    def test_a_lying_picture_asks_for_higher_places(self):
        lying = replace(screen("a", right(END)), picture=ScreenPicture("/p.png", 1600, 900))
        assert "高32" in problems_of(Practice("", (lying,)))[0].words

    def test_the_problem_stands_at_its_screen(self):
        second = screen("b", right(END), decoy(y=25))
        [problem] = problems_of(Practice("", (screen("a", right("b")), second)))
        assert problem.screen == 1

    def test_a_good_one_has_none(self):
        assert problems_of(TWO) == []


@pytest.fixture
def practice_page(db) -> PracticePage:
    """A lesson's practice, with the lesson after it; the whole starter would take seconds."""
    home = find_or_make_home(CURRICULUM["title"])
    classroom = find_or_make_classroom(home, CURRICULUM["classrooms"][1])
    for slug in ("scan-to-pay", "one-key-help"):
        load_lesson(classroom, LESSONS[slug], Loaded())
    return PracticePage.objects.get(title=ENTRIES["scan-to-pay"]["title"])


def html_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


class TestThePage:
    def test_without_script_its_forms_alone_lead_to_the_end(self, client, practice_page):
        page, steps = html_of(client, practice_page.url), 0
        while "做完了！" not in page:
            hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page)
            told = next(
                s for s in ENTRIES["scan-to-pay"]["screens"] if s["id"] == dict(hidden)["screen"]
            )
            [ok] = [target["box"] for target in told["targets"] if target["ok"]]
            text = next(widget["text"] for widget in told["widgets"] if widget["id"] == ok)
            buttons = re.findall(
                r'<button [^>]*form="press"[^>]* value="(\d+)".*?</button>', page, re.DOTALL
            )
            whole = re.findall(r"<button [^>]*form=.press..*?</button>", page, re.DOTALL)
            [press] = [
                v for v, b in zip(buttons, whole, strict=True) if (SIGNS.get(text, text)) in b
            ]
            page = html_of(client, practice_page.url + "?" + urlencode([*hidden, ("press", press)]))
            steps += 1
        assert steps == 6

    @pytest.mark.parametrize("slug", ENTRIES)
    def test_every_screen_shows_all_its_words_and_a_button_for_each_target(self, slug):
        practice = starter_practice(slug)
        for told in ENTRIES[slug]["screens"]:
            moment = play(practice, screen=told["id"])
            page = render_to_string("courses/practice/player.html", {"moment": moment})
            assert escape(told["say"]) in page
            assert page.count('form="press"') == len(told["targets"])
            texts = [w["text"] for w in told["widgets"] if w["id"] != "pad"]
            assert all(escape(SIGNS.get(text, text)) in page for text in texts)

    def test_it_says_all_along_that_it_is_not_real(self, client, practice_page):
        for query in ("", "?screen=home&misses=2&press=2", "?screen=END"):
            assert "练习，不是真的" in html_of(client, practice_page.url + query)

    def test_a_miss_shows_the_words_then_the_hint_then_the_help(self, client, practice_page):
        told = ENTRIES["scan-to-pay"]["screens"][0]
        [miss] = [t["miss"] for t in told["targets"] if t["box"] == "tel"]
        pages = [
            html_of(client, f"{practice_page.url}?screen=home&misses={n}&press=2") for n in range(3)
        ]
        assert all(miss in page for page in pages)
        assert [told["hint"] in page for page in pages] == [False, True, True]
        assert ["widget--guide" in page for page in pages] == [False, True, True]
        assert ["请帮我按一下" in page for page in pages] == [False, False, True]

    def test_no_field_of_any_screen_would_send_what_is_typed(self, client, practice_page):
        add_typing_screen(practice_page)
        page = html_of(client, practice_page.url)
        [typing] = re.findall(r"<input[^>]*widget--typing[^>]*>", page)
        assert "name=" not in typing
        fields = re.findall(r'<input[^>]*name="(\w+)"', page)
        assert set(fields) == {"screen", "misses", "typed"}

    def test_the_keys_of_a_pad_all_send_the_same(self, client, practice_page):
        add_typing_screen(practice_page)
        page = html_of(client, practice_page.url)
        keys = re.findall(r'<button class="keypad__key[^>]*>', page)
        assert len(keys) == 10
        sent = {tuple(re.findall(r' (?:name|value)="(\w+)"', key)) for key in keys}
        assert sent == {("press", "2")}

    def test_its_lesson_leads_to_it_and_it_leads_back_and_on(self, client, practice_page):
        lesson = LessonPage.objects.parent_of(practice_page).get()
        assert practice_page.url in html_of(client, lesson.url)
        end = html_of(client, practice_page.url + "?screen=END")
        following = lesson.get_next_siblings().live().type(LessonPage).first()
        assert f'href="{lesson.url}"' in end
        assert f'href="{following.url}"' in end

    def test_a_draft_is_not_shown(self, client, practice_page):
        practice_page.unpublish()
        lesson = LessonPage.objects.parent_of(practice_page).get()
        assert client.get(practice_page.url).status_code == 404
        assert "打开练习机" not in html_of(client, lesson.url)


def add_typing_screen(page: PracticePage) -> None:
    """A first screen with a field to type into and a number pad."""
    base = {"icon": "", "colour": "", "next": "", "miss": "", "keys": 4}
    page.screens.insert(
        0,
        (
            "drawn",
            DrawnScreenBlock().to_python(
                {
                    "name": "first",
                    "title": "密码",
                    "say": "请按四个数",
                    "hint": "按哪个都行",
                    "description": "一个格子，十个数字键。",
                    "widgets": [
                        {**base, "kind": "typing", "text": "您的名字", "press": "",
                         "box": {"x": 6, "y": 4, "w": 88, "h": 12}},
                        {**base, "kind": "keypad", "text": "密码", "press": "right",
                         "box": {"x": 10, "y": 24, "w": 80, "h": 60}},
                    ],
                }
            ),
        ),
    )  # fmt: skip
    page.save_revision().publish()


class TestAnEditor:
    @pytest.fixture
    def editor(self, client, practice_page):
        client.force_login(get_user_model().objects.create_superuser("lin"))
        return client

    def broken(self, page: PracticePage) -> dict[str, str]:
        """The form of the page, in which the first screen leads to one that is not there."""
        form = {"title": page.title, "slug": page.slug, "seo_title": "", "search_description": ""}
        form |= {"go_live_at": "", "expire_at": "", "comments-TOTAL_FORMS": "0"}
        form |= {"comments-INITIAL_FORMS": "0", "screens-count": str(len(page.screens))}
        for i, block in enumerate(page.screens):
            stem = f"screens-{i}"
            form |= {f"{stem}-deleted": "", f"{stem}-order": str(i), f"{stem}-type": "drawn"}
            for name in ("name", "title", "say", "hint", "description"):
                form[f"{stem}-value-{name}"] = block.value[name]
            widgets = block.value["widgets"]
            form[f"{stem}-value-widgets-count"] = str(len(widgets))
            for j, widget in enumerate(widgets):
                leaf = f"{stem}-value-widgets-{j}"
                form |= {f"{leaf}-deleted": "", f"{leaf}-order": str(j), f"{leaf}-id": ""}
                for name in ("kind", "text", "icon", "colour", "press", "next", "miss"):
                    form[f"{leaf}-value-{name}"] = widget[name] or ""
                form[f"{leaf}-value-keys"] = ""
                for side, number in widget["box"].items():
                    form[f"{leaf}-value-box-{side}"] = str(number)
                if i == 0 and widget["press"] == "right":
                    form[f"{leaf}-value-next"] = "没有"
        return form

    def test_publishing_a_practice_without_an_end_is_refused_in_words(self, editor, practice_page):
        url = f"/admin/pages/{practice_page.pk}/edit/"
        form = self.broken(practice_page)
        response = editor.post(url, {**form, "action-publish": "yes"})
        assert response.status_code == 200
        assert json.dumps("要去的“没有”，没有这一屏。")[1:-1] in response.content.decode()
        practice_page.refresh_from_db()
        assert problems_of(practice_page.practice) == []

    def test_a_draft_may_be_in_pieces(self, editor, practice_page):
        url = f"/admin/pages/{practice_page.pk}/edit/"
        assert editor.post(url, self.broken(practice_page)).status_code == 302
        practice_page.refresh_from_db()
        draft = practice_page.get_latest_revision_as_object()
        assert problems_of(draft.practice) != []

    def test_the_preview_shows_any_screen_and_can_be_played(self, editor, practice_page):
        url = f"/admin/pages/{practice_page.pk}/edit/preview/"
        editor.post(url, self.broken(practice_page))
        assert "请点“微信”" in editor.get(url).content.decode()
        assert "请点“扫一扫”" in editor.get(url, {"mode": "menu"}).content.decode()
        played = {"screen": "menu", "press": "2", "misses": "0"}
        assert "这是加朋友" in editor.get(url, played).content.decode()

    def test_the_form_of_a_new_practice_opens(self, editor, practice_page):
        lesson = LessonPage.objects.get(slug="one-key-help")
        lesson.get_children().delete()
        url = f"/admin/pages/add/courses/practicepage/{lesson.pk}/"
        assert "yinling.practice.ScreenBlock" in editor.get(url).content.decode()


def test_a_screen_made_of_a_picture_shows_it_with_its_places(
    client, practice_page, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    picture = get_image_model().objects.create(
        title="遥控器", file=get_test_image_file(size=(300, 600))
    )
    area = {"next": "", "miss": "", "box": {"x": 10, "y": 10, "w": 40, "h": 20}}
    practice_page.screens.insert(
        0,
        (
            "picture",
            {
                "name": "first", "title": "遥控器", "say": "请按“确定”", "hint": "中间",
                "description": "一个遥控器。", "picture": picture,
                "areas": [{**area, "text": "确定", "press": "right"}],
            },
        ),
    )  # fmt: skip
    practice_page.save_revision().publish()
    page = html_of(client, practice_page.url)
    assert re.search(r'<img[^>]*alt="一个遥控器。"', page)
    assert re.search(
        r"<button[^>]*widget--area x-10 y-10 w-40 h-20",
        page.replace(" widget--low", "").replace(" widget--flat", ""),
    )
    moment = moment_of(
        PracticePage.objects.get(pk=practice_page.pk).practice, {"screen": "first", "press": "1"}
    )
    assert moment.screen.id == "home"


def test_every_place_in_per_cent_has_its_rule(checkout):
    rules = (checkout / "lms/static/css/components/place.css").read_text()
    for number in range(101):
        assert f".x-{number} {{" in rules
        assert f".y-{number} {{" in rules
        assert number == 0 or f".w-{number} {{ width: {number}%; }} .h-{number} {{" in rules


def test_a_newer_starter_renews_a_practice_but_not_an_editors(practice_page):
    classroom = practice_page.get_parent().get_parent().specific
    PracticePage.objects.update(starter_digest="of an older starter", title="旧的")
    load_lesson(classroom, LESSONS["scan-to-pay"], Loaded())
    practice_page.refresh_from_db()
    assert practice_page.title == ENTRIES["scan-to-pay"]["title"]
    PracticePage.objects.update(starter_digest="of an older starter", title="编辑改过的练习")
    practice_page.save_revision(user=get_user_model().objects.create_user("lin"))
    load_lesson(classroom, LESSONS["scan-to-pay"], Loaded())
    practice_page.refresh_from_db()
    assert practice_page.title == "编辑改过的练习"
