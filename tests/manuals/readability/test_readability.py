"""The rules of plain language: what stops a manual, what is advised, what is accepted."""

import json
from collections import Counter

import pytest
from django.urls import reverse

from courses.readability.findings import ADVICE, Rule
from courses.readability.patterns import is_file_name, names_a_task
from courses.readability.word_lists import WordLists, built_in_word_lists
from lms.manuals.models import PlainWord
from lms.manuals.readability.queries import current_word_lists
from lms.manuals.readability.rules import (
    ManualText,
    StepText,
    TaskText,
    TroubleText,
    WarningText,
    check_text,
)
from tests.units.unit_pages import with_permissions

ALT = "绑好布带的左胳膊"


def step(words="按“开始”。", **fields):
    return StepText(words, **{"has_picture": True, "alt": ALT, **fields})


def task(*steps, title="怎么量血压"):
    *first, last = steps or (step(),)
    seen = StepText(**{**last.__dict__, "expected": last.expected or "屏幕上有两个数。"})
    return TaskText(title, (*first, seen))


def manual(*tasks, **fields):
    whole = {
        "title": "康乐血压计怎么用",
        "service_telephone": "020-81234567",
        "is_dated": True,
        "risky": False,
    }
    return ManualText(**{**whole, **fields}, tasks=tasks or (task(),))


def rules(found):
    return {finding.rule for finding in found}


def judged(words, **fields):
    return check_text(manual(task(step(words)), **fields))


@pytest.fixture(scope="module")
def plain_steps(checkout):
    curriculum = json.loads((checkout / "courses/starter/curriculum.json").read_text())
    return [lesson["steps"] for lesson in curriculum["lessons"]]


@pytest.mark.parametrize("risky", [False, True])
def test_none_of_the_plain_steps_of_the_lessons_is_refused(plain_steps, risky):
    assert sum(map(len, plain_steps)) >= 247
    warnings = (WarningText("手湿，不碰插头。"),)
    stops = [
        finding
        for steps in plain_steps
        for finding in check_text(
            manual(
                task(step(steps[0], warning="坐稳了再做。"), *map(step, steps[1:])),
                risky=risky,
                warnings=warnings,
            )
        )
        if finding.stops
    ]
    assert stops == []


def test_hardly_any_plain_step_is_advised_about(plain_steps):
    advised = [
        (finding.rule, finding.place.step)
        for steps in plain_steps
        for finding in check_text(manual(task(*map(step, steps))))
    ]
    counts = Counter(rule for rule, _step in advised)
    half_known = counts.pop(Rule.HALF_KNOWN)  # 信号, 输入, 流量 …
    steps = sum(map(len, plain_steps))
    assert half_known / steps <= 0.08
    assert counts.total() / steps <= 0.08  # most of them do ask for two things
    assert set(counts) == {Rule.TWO_ACTIONS, Rule.QUOTED_JARGON}


#: Sentences as manufacturers write them, and all rules that each breaks.
TYPICAL = {
    "请将设备与无线路由器进行配对，并在APP客户端完成账号注册及绑定操作后方可使用远程控制功能。": {
        Rule.LONG, Rule.JARGON, Rule.LATIN, Rule.OFFICIALESE,
    },
    "长按电源键3秒，待指示灯由红色变为蓝色闪烁后松开，即进入蓝牙配对模式。": {
        Rule.LONGISH, Rule.JARGON, Rule.OFFICIALESE,
    },
    "测量前请务必静坐五分钟。": {Rule.OFFICIALESE},
    "将袖套缠绕于左上臂，下缘距肘窝2至3cm。": {Rule.JARGON, Rule.LATIN},
    "点击屏幕右上角的“设置”图标，进入系统设置界面。": {Rule.JARGON, Rule.OFFICIALESE},
    "打开微信扫描二维码关注公众号并填写验证码。": {Rule.JARGON},
    "按下OK键确认。": {Rule.LATIN},
    "按下“OK”键。": set(),
    "输入短信里的验证码（短信里的几位数字）。": set(),
    "点“登录”。": {Rule.QUOTED_JARGON},
    "插上电源适配器，然后按住开机键。": {Rule.JARGON, Rule.TWO_ACTIONS},
    "打开后盖，装上电池，盖好后盖。": {Rule.TWO_ACTIONS},
    "揭开锅盖，小心烫手。": {Rule.LATE_WARNING},
    "如遇故障代码E3，请立即停止使用并联系售后服务中心进行检修。": {
        Rule.LONGISH, Rule.JARGON, Rule.LATIN, Rule.OFFICIALESE,
    },
    "本产品采用示波法原理，收缩压显示范围为0～280mmHg。": {
        Rule.JARGON, Rule.LATIN, Rule.OFFICIALESE, Rule.LONGISH,
    },
    "电池用完了，请到本公司旗舰店下单，原价99元。": {Rule.SELLING},
    "更多优惠请加客服微信。": {Rule.SELLING},
    "使用完毕请关闭电源。": {Rule.OFFICIALESE},
    "把充电线插进手机底下的小口，另一头插进充电头，再把充电头插到墙上的插座里。": {
        Rule.LONGISH, Rule.TWO_ACTIONS,
    },
    "按一下红色的圆键。": set(),
}  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), TYPICAL.items())
def test_a_makers_sentence_is_judged_for_the_right_reasons(words, expected):
    assert len(TYPICAL) == 20
    assert rules(judged(words)) - {Rule.HALF_KNOWN} == expected


@pytest.mark.parametrize(
    ("words", "found", "instead"),
    [
        ("点下面的链接。", "链接", "蓝字"),
        ("扫一扫二\u200b维码。", "二维码", "方块图"),
        ("打开 ＷｉＦｉ。", "WiFi", "无线网"),
        ("连上无线路由器。", "无线路由器", "上网盒子"),
        ("请务必坐好。", "请务必", "一定要"),
    ],
)
def test_it_shows_the_words_and_says_what_to_write_instead(words, found, instead):
    [finding] = judged(words)
    assert (finding.found, finding.instead) == (found, instead)
    assert found in finding.message
    assert instead in finding.message


@pytest.mark.parametrize(
    "words", ["点蓝字（链接）。", "点“链接”（蓝字）。", "点链接(蓝字)。", "把康乐KL-90拿出来。"]
)
def test_what_is_explained_or_is_the_products_own_name_may_stay(words):
    assert judged(words, names=("康乐", "KL-90")) == []


def test_a_word_explained_in_an_earlier_step_is_known_in_the_later_ones():
    first, later = step("看方块图（二维码）。"), step("扫二维码。")
    assert check_text(manual(task(first, later))) == []
    assert rules(check_text(manual(task(later, first)))) == {Rule.JARGON}


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, Rule.BLANK), (1, None), (7, None), (8, Rule.MANYISH_STEPS), (10, Rule.MANY_STEPS)],
)
def test_a_task_has_one_to_nine_steps(count, expected):
    whole = manual(task(*[step()] * count)) if count else manual(TaskText("怎么量血压", ()))
    assert rules(check_text(whole)) == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("count", "expected"),
    [(25, set()), (26, {Rule.LONGISH}), (40, {Rule.LONGISH}), (41, {Rule.LONG})],
)
def test_a_step_is_long_from_its_26th_character_and_too_long_from_its_41st(count, expected):
    assert rules(judged("红" * count)) == expected
    assert rules(judged(" 红" * count)) == expected


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"title": " "}, Rule.BLANK, "title"),
        ({"service_telephone": ""}, Rule.TELEPHONE, "service_telephone"),
        ({"is_dated": False}, Rule.CHECKED, "checked_on"),
        ({"subtitles_reviewed": False}, Rule.SUBTITLES, "video"),
        ({"risky": True}, Rule.WARNING, "warnings"),
        ({"title": "原价199元"}, Rule.SELLING, "title"),
        ({"warnings": (WarningText("远离热点", "k"),)}, Rule.JARGON, "words"),
        ({"warnings": (WarningText(" "),)}, Rule.BLANK, "words"),
        ({"troubles": (TroubleText("没声音", ""),)}, Rule.BLANK, "remedy"),
        ({"troubles": (TroubleText("连不上热点", "关了再开"),)}, Rule.JARGON, "problem"),
        ({"troubles": (TroubleText("没声音", "请上www.example.com"),)}, Rule.LATIN, "remedy"),
    ],
)
def test_what_a_manual_lacks_or_may_not_say_stops_it(fields, rule, field):
    stops = [finding for finding in check_text(manual(**fields)) if finding.stops]
    assert (rule, field) in [(finding.rule, finding.place.field) for finding in stops]


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"has_picture": False}, Rule.PICTURE, "picture"),
        ({"alt": ""}, Rule.ALT, "alt"),
        ({"alt": "IMG_2034.jpg"}, Rule.ALT, "alt"),
        ({"words": "  "}, Rule.BLANK, "words"),
        ({"warning": "别碰传感器"}, Rule.JARGON, "warning"),
        ({"expected": "看到LCD"}, Rule.LATIN, "expected"),
    ],
)
def test_what_a_step_lacks_stops_it_at_its_place(fields, rule, field):
    broken = step(**{"key": "two", **fields})
    [stop] = [f for f in check_text(manual(task(step(), broken))) if f.stops]
    assert (stop.rule, stop.place.field, stop.place.key) == (rule, field, "two")
    assert (stop.place.task, stop.place.step) == (1, 2)


def test_a_task_that_does_not_say_what_one_should_see_at_its_end_is_stopped():
    [stop] = check_text(manual(TaskText("怎么量血压", (step(expected="灯亮了"), step(key="last")))))
    assert (stop.rule, stop.place.key, stop.stops) == (Rule.SEE, "last", True)


@pytest.mark.parametrize(
    ("warned", "risky", "expected"),
    [
        (None, True, {Rule.WARNING}),
        (0, True, set()),
        (1, True, set()),
        (2, True, {Rule.WARNING}),
        (None, False, set()),
    ],
)
def test_the_warning_stands_at_or_before_the_risky_step_of_what_can_hurt(warned, risky, expected):
    words = ["坐在桌子边。", "插上插头。", "按“开始”。"]
    steps = [step(w, warning="手湿别碰。" if n == warned else "") for n, w in enumerate(words)]
    whole = manual(task(*steps), risky=risky, warnings=(WarningText("手湿别碰。"),))
    assert rules(check_text(whole)) == expected


@pytest.mark.parametrize("words", ["手是湿的，不碰插头。", "当心烫手。"])
def test_a_warning_of_a_risky_thing_needs_no_further_warning(words):
    whole = manual(task(step(words)), risky=True, warnings=(WarningText("手湿"),))
    assert check_text(whole) == []


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("怎么量血压", True), ("换电池", True), ("戴助听器", True), ("没声音了", True),
        ("袖带", False), ("电源开关", False), ("充电口", False), ("显示屏说明", False),
    ],
)  # fmt: skip
def test_a_title_names_a_task_not_a_part(title, is_one):
    assert names_a_task(title) is is_one
    assert (Rule.PART_NOT_TASK in rules(check_text(manual(task(title=title))))) is not is_one


@pytest.mark.parametrize(
    ("alt", "is_one"),
    [
        ("IMG_2034.jpg", True), ("微信图片_20231101", True), ("图1", True), ("第3步", True),
        ("DSC0001", True), ("截图 2024-01-02", True), ("a3f9c8d21b7e", True), ("1", True),
        ("绑好布带的左胳膊", False), ("遥控器中间的圆键", False), ("血压计正面", False),
    ],
)  # fmt: skip
def test_a_file_name_is_no_description(alt, is_one):
    assert is_file_name(alt) is is_one


def test_an_editors_own_words_are_asked_too():
    words = WordLists(jargon={"握持传感": "手握住就知道"}, officialese={})
    [finding] = check_text(manual(task(step("看握持传感。"))), words=words)
    assert (finding.rule, finding.instead) == (Rule.JARGON, "手握住就知道")


@pytest.mark.django_db
def test_what_reviewers_write_in_the_admin_stands_before_the_houses_list(client, cast):
    client.force_login(with_permissions(cast.reviewer, "add_plainword", "view_plainword"))
    url = reverse("plain_words:add")
    for word, kind, instead in (
        ("握持传感", "jargon", "手握住就知道"),
        ("面板", "fine", ""),
        ("热点", "official", "网"),
    ):
        client.post(url, {"word": word, "kind": kind, "instead": instead})
    refused = client.post(url, {"word": "波导", "kind": "jargon", "instead": ""})
    assert "请写换成什么" in refused.content.decode()
    words = current_word_lists()
    assert words.jargon["握持传感"] == "手握住就知道"
    assert not {"面板", "热点", "波导"} & set(words.jargon)
    assert words.officialese["热点"] == "网"
    client.force_login(cast.editor)
    client.post(url, {"word": "偷偷", "kind": "fine", "instead": ""})
    assert not PlainWord.objects.filter(word="偷偷").exists()


def test_the_lists_give_no_word_that_they_refuse_themselves():
    lists = built_in_word_lists()
    plain = [*lists.jargon.values(), *lists.officialese.values()]
    assert [word for word in plain if lists.jargon_in(word) or lists.officialese_in(word)] == []


def test_every_rule_either_stops_or_advises():
    assert len(ADVICE) == 9
    assert set(Rule) > ADVICE
