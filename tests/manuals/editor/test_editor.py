"""The editor: what it saves, what it refuses, and two people at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.manuals.editor.forms.products import ProductForm
from lms.manuals.editor.parts import mark_of
from lms.manuals.editor.services import writing
from lms.manuals.models import ManualPicture, ManualStep
from lms.manuals.review.services.reviews import submit
from tests.manuals.conftest import photograph
from tests.manuals.editor.editor_page import JSON, boxes, fresh, open_editor, save


@pytest.fixture
def editor(make_manual, as_):
    """A draft of 康乐's that may be handed in, before one of its people."""
    return open_editor(make_manual(), as_("maker"))


def test_what_was_typed_is_kept_and_judged(editor):
    told = save(editor, boxes(editor.first, words="按下OK键。\n请务必按"))
    assert fresh(editor.first).words == "按下OK键。 请务必按"
    key = str(editor.first.key)
    assert told["versions"][key] == mark_of(fresh(editor.first))
    assert "“OK”" in told["advice"][key]
    assert 'data-instead="一定要"' in told["advice"][key]
    assert told["advice"][str(editor.last.key)].strip() == ""
    assert "1处要改" in told["tally"]
    assert told["draft"] is None


def test_what_nobody_sees_in_pasted_words_is_not_kept(editor):
    save(
        editor,
        boxes(editor.first, words="\ufeff按\u200b绿色的键。\u2028 👨\u200d👩", alt="\u200b"),
        boxes(editor.draft, title="手机\u202e怎么\0用"),
    )
    assert (fresh(editor.first).words, fresh(editor.first).alt) == ("按绿色的键。 👨👩", "")
    assert fresh(editor.draft).title == "手机怎么用"


def test_nor_in_what_a_product_is_called():
    names = {"brand": "康\u200b乐", "model": "KL\ufeff-1", "name": "手\u00ad机", "kind": "phone"}
    form = ProductForm(names)
    assert form.is_valid(), form.errors
    assert [form.cleaned_data[n] for n in ("brand", "model", "name")] == ["康乐", "KL-1", "手机"]
    assert "name" in ProductForm({**names, "name": "\u200b"}).errors


def test_boxes_that_cannot_be_kept_do_not_keep_the_others_back(editor):
    key = editor.first.key
    told = save(
        editor,
        boxes(editor.first, words="按红色的键。", marker_x="90", marker_y="5", marker_w="20"),
        boxes(editor.draft, service_telephone="400-1", checked_on="昨天"),
    )  # fmt: skip
    assert set(told["refused"]) == {f"{key}-marker_x", "version-checked_on"}
    assert fresh(editor.first).words == "按红色的键。"
    assert fresh(editor.draft).service_telephone == "400-1"
    assert fresh(editor.draft).checked_on is not None


@pytest.mark.parametrize(
    ("numbers", "is_kept"),
    [(("10", "20", "30", "40"), True), (("80", "0", "30", "40"), False), (("", "", "", ""), True),
     (("-1", "0", "5", "5"), False), (("0", "0", "0", "5"), False), (("1", "2", "x", "4"), False)],
)  # fmt: skip
def test_a_marker_has_four_numbers_within_the_picture(editor, numbers, is_kept):
    names = ("marker_x", "marker_y", "marker_w", "marker_h")
    told = save(editor, boxes(editor.first, **dict(zip(names, numbers, strict=True))))
    assert (told["refused"] == {}) is is_kept
    step = fresh(editor.first)
    kept = [getattr(step, name) for name in names]
    assert kept == ([int(n) if n else None for n in numbers] if is_kept else [None] * 4)


def test_two_people_at_one_step_are_told_and_nobodys_words_are_lost(editor, as_):
    mine = boxes(editor.first, words="按绿色的大键。")
    writing.change_part(editor.first, words="按右边的绿键。")  # a colleague
    told = save(editor, mine)
    key = str(editor.first.key)
    assert "按右边的绿键。" in told["conflicts"][key]
    assert fresh(editor.first).words == "按右边的绿键。"
    told = save(editor, mine | {f"{key}-seen": told["versions"][key]})  # mine, having seen theirs
    assert told["conflicts"] == {}
    assert fresh(editor.first).words == "按绿色的大键。"


def test_two_people_at_two_steps_or_of_one_mind_do_not_meet(editor):
    mine = boxes(editor.first, words="按绿键。"), boxes(editor.last, expected="听到女儿说话。")
    writing.change_part(editor.first, words="按绿键。")
    assert save(editor, *mine)["conflicts"] == {}
    assert fresh(editor.last).expected == "听到女儿说话。"


def test_what_a_colleague_removed_is_told_and_not_made_again(editor):
    mine = boxes(editor.first, words="按绿键。")
    writing.remove_part(editor.first)
    assert save(editor, mine)["gone"] == [str(editor.first.key)]
    assert editor.task.steps.count() == 1


def test_buttons_save_what_was_typed_and_then_put_the_parts_in_order(editor):
    keys = lambda: list(editor.task.steps.values_list("key", flat=True))  # noqa: E731
    first, last = editor.first.key, editor.last.key
    told = save(editor, boxes(editor.first, words="按红键。"), do=f"down:{first}")
    assert keys() == [last, first]
    assert "按红键。" in told["draft"]
    assert told["focus"] == str(first)
    save(editor, do=f"up:{first}")
    assert keys() == [first, last]
    save(editor, do=f"up:{first}")  # it is the first
    assert keys() == [first, last]
    save(editor, do=f"to:{first}:1")
    assert keys() == [last, first]
    told = save(editor, do=f"add-step:{editor.task.key}")
    assert str(keys()[-1]) == told["focus"]
    save(editor, do=f"remove:{told['focus']}")
    assert keys() == [last, first]


def test_tasks_warnings_and_troubles_are_added_and_removed(editor):
    for kind in ("task", "warning", "trouble"):
        rows = getattr(editor.draft, f"{kind}s")
        before = rows.count()
        key = save(editor, do=f"add-{kind}:")["focus"]
        assert rows.count() == before + 1
        save(editor, do=f"remove:{key}")
        assert rows.count() == before


def test_a_button_that_nobody_made_changes_nothing(editor):
    for do in (
        "", ":", "fly:", "up:", "up:version", "remove:version", "add-step:", "add-step:{step}",
        "to:{step}", "to:{step}:x", "to:{step}:9999", "to:{step}:-1", "no-picture:{task}",
        "same-picture:{step}", "add-task:{task}", "remove:nobody",
    ):  # fmt: skip
        save(editor, do=do.format(step=editor.last.key, task=editor.task.key))
        steps = editor.task.steps.values_list("words", flat=True)
        assert list(steps) == ["按绿色的键。", "把手机放到耳边。"], do


def test_there_is_an_end_to_adding(editor, monkeypatch):
    monkeypatch.setattr(writing, "MOST_PARTS", 2)
    told = save(editor, do=f"add-step:{editor.task.key}")
    assert "太多了" in told["message"]
    assert editor.task.steps.count() == 2


def test_a_picture_takes_its_step_and_leaves_an_old_marker_behind(editor, cast):
    numbers = {"marker_x": 1, "marker_y": 1, "marker_w": 5, "marker_h": 5}
    writing.change_part(editor.first, **numbers)
    save(editor, **{f"{editor.first.key}-file": photograph("正面.png")})
    step = fresh(editor.first)
    assert step.picture.original_name == "正面.png"
    assert (step.picture.organisation, step.picture.added_by) == (cast.organisation, cast.maker)
    assert step.marker is None
    save(editor, do=f"no-picture:{editor.last.key}")
    assert fresh(editor.last).picture is None
    save(editor, do=f"same-picture:{editor.last.key}")
    assert fresh(editor.last).picture == step.picture
    assert ManualPicture.objects.of(cast.organisation).count() == 2


def test_a_file_that_is_no_picture_is_refused_beside_its_step(editor):
    before = editor.first.picture_id
    bad = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", content_type="image/png")
    told = save(editor, boxes(editor.first, words="按红键。"), **{f"{editor.first.key}-file": bad})
    assert "SVG" in told["problems"][str(editor.first.key)]
    assert fresh(editor.first).picture_id == before
    assert fresh(editor.first).words == "按红键。"


def test_what_was_handed_in_cannot_be_written_any_more(editor, cast):
    submit(editor.draft, by=cast.colleague)
    response = editor.maker.post(editor.url, boxes(editor.first, words="改了"), headers=JSON)
    assert response.status_code == 409
    assert "不能改" in response.json()["message"]
    assert editor.maker.get(editor.url).url == reverse("workbench:manual", args=[editor.manual.pk])
    assert fresh(editor.first).words == "按绿色的键。"


def test_without_a_script_it_is_one_form(editor):
    response = editor.maker.post(
        editor.url, boxes(editor.first, words="按红键。") | {"do": f"down:{editor.first.key}"}
    )
    assert response.url == f"{editor.url}#part-{editor.first.key}"
    assert fresh(editor.first).position == 1
    page = editor.maker.get(editor.url).content.decode()
    assert page.count("<form") == 1
    assert page.count('type="hidden" name="') >= 5  # a mark for every part


def test_without_a_script_what_was_refused_stands_there_again_with_the_reason(editor):
    mine = boxes(editor.first, words="按绿色的大键。")
    writing.change_part(editor.first, words="按右边的绿键。")
    response = editor.maker.post(editor.url, mine | boxes(editor.last, marker_x="7"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "按绿色的大键。" in page
    assert "按右边的绿键。" in page
    assert "四个数要写齐" in page


def test_the_editor_costs_the_same_whatever_its_length(editor, django_assert_max_num_queries):
    for number in range(6):
        writing.add_step(editor.task, words=f"按第{number}个键。", picture=editor.first.picture)
    with django_assert_max_num_queries(16):
        answer = editor.maker.get(editor.url)
    assert "按第5个键。" in answer.content.decode()


def test_a_part_of_another_manual_is_not_written_by_its_key(editor, make_manual, cast):
    other = make_manual(cast.rivals, by=cast.rival, model="X9").open_version()
    step = ManualStep.objects.of(cast.rivals).first()
    told = save(editor, boxes(step, words="换掉"), do=f"remove:{step.key}")
    assert told["gone"] == [str(step.key)] * 2
    assert fresh(step).words == "按绿色的键。"
    assert other.tasks.get().steps.count() == 2
