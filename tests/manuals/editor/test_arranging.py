"""Steps and tasks are carried over, copied, split, joined, pasted, given pictures, and undone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.manuals.editor.pasted_lines import halves_of, joined, steps_of_text
from lms.manuals.editor.services import arranging, writing
from lms.manuals.editor.services.undoing import undo
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.models import DraftUndo, ManualPicture, ManualStep
from lms.manuals.review.services.reviews import submit
from tests.manuals.conftest import make_picture, png
from tests.manuals.editor.editor_page import boxes, fresh, open_editor, save


@pytest.fixture
def editor(as_, cast, make_manual):
    return open_editor(make_manual(), as_("maker"))


@pytest.fixture
def second(editor):
    """Another task behind it, of one step."""
    task = writing.add_task(editor.draft, title="怎么挂电话")
    writing.add_step(task, words="按红色的键。")
    return task


def told(draft) -> dict[str, list[str]]:
    """By the title of a task, the words of its steps; positions are from 0, without a gap."""
    tasks = list(draft.tasks.all())
    assert [task.position for task in tasks] == list(range(len(tasks)))
    for task in tasks:
        assert [step.position for step in task.steps.all()] == list(range(task.steps.count()))
    return {task.title: [step.words for step in task.steps.all()] for task in tasks}


def test_a_step_goes_over_the_edge_of_its_task_and_to_a_place_in_another(editor, second):
    save(editor, do=f"down:{editor.last.key}")
    assert told(editor.draft) == {
        "怎么接电话": ["按绿色的键。"],
        "怎么挂电话": ["把手机放到耳边。", "按红色的键。"],
    }
    save(editor, do=f"up:{editor.last.key}")
    save(editor, do=f"into:{editor.first.key}:{second.key}:1")
    assert told(editor.draft) == {
        "怎么接电话": ["把手机放到耳边。"],
        "怎么挂电话": ["按红色的键。", "按绿色的键。"],
    }
    save(editor, do=f"into:{editor.first.key}:{editor.task.key}")
    assert told(editor.draft)["怎么接电话"] == ["把手机放到耳边。", "按绿色的键。"]
    answer = save(editor, do=f"into:{editor.first.key}:nowhere")
    assert "没有这件事" in answer["message"]


def test_a_copy_stands_behind_and_says_the_same(editor, second):
    answer = save(editor, do=f"copy-step:{editor.first.key}")
    first, copy, _last = editor.task.steps.all()
    assert answer["focus"] == str(copy.key) != str(first.key)
    assert (copy.words, copy.picture, copy.alt) == (first.words, first.picture, first.alt)
    save(editor, do=f"copy-task:{editor.task.key}")
    tasks = list(editor.draft.tasks.all())
    assert [task.title for task in tasks] == ["怎么接电话", "怎么接电话", "怎么挂电话"]
    assert [s.words for s in tasks[1].steps.all()] == [s.words for s in tasks[0].steps.all()]


def test_a_step_is_split_where_the_caret_stands_and_joined_again(editor):
    writing.change_part(editor.last, words="拿起手机，放到耳边。", expected="听到声音。")
    answer = save(editor, do=f"split:{editor.last.key}:5")
    assert told(editor.draft)["怎么接电话"][1:] == ["拿起手机。", "放到耳边。"]
    behind = ManualStep.objects.get(key=answer["focus"])
    assert (behind.picture, behind.expected) == (editor.last.picture, "听到声音。")
    assert fresh(editor.last).expected == ""
    save(editor, do=f"join:{editor.last.key}")
    assert told(editor.draft)["怎么接电话"][1:] == ["拿起手机。放到耳边。"]
    assert fresh(editor.last).expected == "听到声音。"
    assert "最后一步" in save(editor, do=f"join:{editor.last.key}")["message"]


def test_what_would_be_too_long_together_stays_apart(editor):
    writing.change_part(editor.first, words="按" * 150)
    writing.change_part(editor.last, words="按" * 60)
    assert "合起来太长" in save(editor, do=f"join:{editor.first.key}")["message"]
    assert editor.task.steps.count() == 2


@pytest.mark.parametrize(
    ("words", "at", "halves"),
    [
        ("按绿键。再放到耳边。", None, ("按绿键。", "再放到耳边。")),
        ("按绿键，再放到耳边。", None, ("按绿键。", "再放到耳边。")),
        ("先开，再按绿键，最后放到耳边。", None, ("先开，再按绿键。", "最后放到耳边。")),
        ("按绿键再放到耳边。", 3, ("按绿键。", "再放到耳边。")),
        ("按绿键。", None, None),
        ("按绿键", 0, None),
        ("", None, None),
    ],
)
def test_a_sentence_is_cut_between_its_parts(words, at, halves):
    assert halves_of(words, at) == halves


def test_what_both_say_is_said_once():
    assert joined("小心烫。", "小心烫。") == "小心烫。"
    assert joined("按绿键", "放到耳边。") == "按绿键，放到耳边。"
    assert joined("", "放到耳边。") == "放到耳边。"


def test_a_task_is_split_at_a_step_and_joined_with_the_next(editor, second):
    save(editor, do=f"split-task:{editor.last.key}")
    assert told(editor.draft) == {
        "怎么接电话": ["按绿色的键。"],
        "": ["把手机放到耳边。"],
        "怎么挂电话": ["按红色的键。"],
    }
    save(editor, do=f"join-task:{editor.task.key}")
    save(editor, do=f"join-task:{editor.task.key}")
    assert told(editor.draft) == {
        "怎么接电话": ["按绿色的键。", "把手机放到耳边。", "按红色的键。"]
    }
    assert "最后一件事" in save(editor, do=f"join-task:{editor.task.key}")["message"]
    assert "第一步" in save(editor, do=f"split-task:{editor.first.key}")["message"]


LINES = """
1. 打开盒子。
2、拿出手机。

（3）按住右边的键。
④ 等屏幕亮。
第五步：点一下“开始”。
- 等1.5分钟。
12:30再看一次。
"""


def test_lines_from_elsewhere_lose_their_numbers_and_nothing_else():
    assert steps_of_text(LINES) == [
        "打开盒子。",
        "拿出手机。",
        "按住右边的键。",
        "等屏幕亮。",
        "点一下“开始”。",
        "等1.5分钟。",
        "12:30再看一次。",
    ]
    assert steps_of_text("十分钟后关上。\n1.5米以外看。\n三个灯都亮。\n一、插电。") == [
        "十分钟后关上。",
        "1.5米以外看。",
        "三个灯都亮。",
        "插电。",
    ]


def test_pasted_lines_become_steps_at_the_end_or_behind_a_step(editor):
    text = {f"{editor.task.key}-lines": "1. 打开盒子。\n2. 拿出手机。"}
    answer = save(editor, text, do=f"lines:{editor.task.key}")
    assert answer["focus"] == str(editor.task.steps.all()[2].key)
    empty = writing.add_step(editor.task)
    writing.move_part(empty, to=1)
    text = {f"{empty.key}-lines": "甲。\n乙。"}
    save(editor, text, do=f"lines:{empty.key}")
    assert told(editor.draft)["怎么接电话"] == [
        "按绿色的键。",
        "甲。",
        "乙。",
        "把手机放到耳边。",
        "打开盒子。",
        "拿出手机。",
    ]


def test_lines_that_do_not_fit_are_named_and_none_is_taken(editor, monkeypatch):
    text = {f"{editor.task.key}-lines": "甲。\n" + "长" * 201}
    answer = save(editor, text, do=f"lines:{editor.task.key}")
    assert "第2行“长长长" in answer["message"]
    assert "还没有写" in save(editor, do=f"lines:{editor.task.key}")["message"]
    monkeypatch.setattr(arranging, "MOST_PARTS", 3)
    text = {f"{editor.task.key}-lines": "甲。\n乙。"}
    assert "最多3步" in save(editor, text, do=f"lines:{editor.task.key}")["message"]
    assert editor.task.steps.count() == 2


def files(*named):
    return [SimpleUploadedFile(name, content) for name, content in named]


def test_many_pictures_go_to_steps_without_one_in_the_order_of_their_names(editor):
    bare = writing.add_step(editor.task, words="拿出手机。")
    name = f"{editor.task.key}-files"
    sent = files(("10.png", png("red")), ("9.png", png("green")), ("2.png", b"no picture"))
    answer = save(editor, {name: sent})
    assert "1张图没有放上" in answer["message"]
    assert "“2.png”" in answer["message"]
    steps = list(editor.task.steps.all())
    assert [step.words for step in steps[2:]] == ["拿出手机。", "", ""]
    assert steps[2].key == bare.key
    assert steps[2].picture is None  # its file was the bad one
    assert [s.picture.original_name for s in steps[3:]] == ["9.png", "10.png"]
    save(editor, {name: files(("a.png", png("black")), ("b.png", png("white")))})
    shown = [step.picture.original_name for step in editor.task.steps.all()[2:]]
    assert shown == ["a.png", "9.png", "10.png", "b.png"]


# --- The library --------------------------------------------------------------------------------


def test_a_picture_of_the_library_is_chosen_again(editor, cast, as_):
    bare = writing.add_step(editor.task, words="拿出手机。")
    address = reverse("workbench:library")
    asked = {"manual": editor.manual.pk, "step": str(bare.key)}
    page = editor.maker.get(address, asked).content.decode()
    button = f"picture:{bare.key}:{editor.first.picture.key}"
    assert button in page
    assert "手机正面，绿色的键亮着" in page
    part = editor.maker.get(address, asked, headers={"x-requested-with": "XMLHttpRequest"})
    assert button in part.content.decode()
    assert "<h1" not in part.content.decode()
    save(editor, do=button)
    chosen = fresh(bare)
    assert (chosen.picture, chosen.alt) == (editor.first.picture, "手机正面，绿色的键亮着")


def test_the_library_has_nothing_of_others(editor, cast):
    theirs = make_picture(cast.rivals, "red")
    page = editor.maker.get(reverse("workbench:library")).content.decode()
    assert str(theirs.key) not in page
    answer = save(editor, do=f"picture:{editor.first.key}:{theirs.key}")
    assert "没有这张图片" in answer["message"]
    for step in ("", "nobody"):
        asked = {"manual": editor.manual.pk, "step": step}
        assert editor.maker.get(reverse("workbench:library"), asked).status_code == 404


# --- Undo ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "do",
    ["remove:{last}", "remove:{task}", "copy-step:{first}", "split-task:{last}", "join:{first}",
     "down:{first}", "add-step:{task}", "no-picture:{first}", "copy-task:{task}"],
)  # fmt: skip
def test_every_press_is_undone_and_done_again(editor, second, do):
    def stands():
        steps = ManualStep.objects.filter(task__version=editor.draft)
        values = ("key", "words", "picture", "alt", "task__key", "position")
        return list(steps.order_by("task__position", "position").values(*values))

    before = stands()
    keys = {name: getattr(editor, name).key for name in ("task", "first", "last")}
    save(editor, do=do.format(**keys))
    after = stands()
    assert after != before
    assert "撤销：" in save(editor)["undo"]  # it is still there after a reload
    answer = save(editor, do="undo:")
    assert stands() == before
    assert "重做：" in answer["undo"]
    save(editor, do="undo:")
    assert stands() == after


def test_what_was_typed_after_a_press_survives_its_undoing(editor):
    save(editor, do=f"remove:{editor.last.key}")
    save(
        editor,
        boxes(editor.first, words="按绿色的大键。", marker_x=1, marker_y=2, marker_w=3, marker_h=4),
    )
    save(editor, do="undo:")
    first, last = editor.draft.tasks.get().steps.all()
    assert (first.words, first.marker.x, last.words) == ("按绿色的大键。", 1, "把手机放到耳边。")


def test_a_picture_that_was_replaced_comes_back_with_its_mark(editor, cast):
    writing.change_part(editor.first, marker_x=10, marker_y=10, marker_w=20, marker_h=20)
    old = fresh(editor.first)
    save(editor, {f"{editor.first.key}-file": SimpleUploadedFile("new.png", png("red"))})
    assert fresh(editor.first).marker is None
    save(editor, do="undo:")
    assert ManualStep.objects.get(key=old.key).picture == old.picture
    assert ManualStep.objects.get(key=old.key).marker == old.marker
    assert ManualPicture.objects.of(cast.organisation).count() == 2


def test_what_was_handed_in_is_not_undone_and_the_next_draft_begins_without(editor, cast):
    save(editor, do=f"copy-task:{editor.task.key}")
    assert DraftUndo.objects.get().what == "复制"
    version = submit(editor.draft, by=cast.maker)
    with pytest.raises(VersionRefused):
        undo(version, by=cast.maker)


def test_nothing_to_undo_is_said(editor):
    assert "没有可以撤销的" in save(editor, do="undo:")["message"]


def test_without_a_script_all_of_it_is_buttons_of_the_form(editor, second):
    page = editor.maker.get(editor.url).content.decode()
    for do in (
        f"copy-step:{editor.first.key}",
        f"split:{editor.first.key}",
        f"into:{editor.first.key}:{second.key}",
        f"lines:{editor.task.key}",
        f"copy-task:{editor.task.key}",
    ):
        assert f'value="{do}"' in page
    answer = editor.maker.post(editor.url, {"do": f"remove:{editor.last.key}"}, follow=True)
    assert "撤销：删除" in answer.content.decode()
    editor.maker.post(editor.url, {"do": "undo:"})
    assert editor.task.version.tasks.first().steps.count() == 2
