"""How the curriculum's practices and drill become fields: a widget's looks are chosen here."""

import json
from typing import Any

from courses.blocks.practice import END_WORD
from courses.choices import WidgetColour, WidgetKind
from courses.practice import END

DRILL_SLUG = "drill"

#: A drawing and a colour by the words of a widget.
ICONS = {
    "电话": "phone",
    "微信": "chat-circle-dots",
    "相机": "camera",
    "天气": "sun",
    "手电": "flashlight",
    "设置": "gear",
    "话筒": "microphone",
    "笑脸": "smiley",
    "＋": "plus",
    "×": "x",
    "放大镜": "magnifying-glass",
    "圆圈": "x-circle",
    "应用商店": "shopping-bag",
    "短信里的蓝字": "envelope-simple",
    "换机": "device-mobile",
    "▶": "play",
    "照片": "image",
    "视频通话": "video-camera",
    "红包": "envelope-simple",
    "位置": "map-pin",
    "挂断": "phone-disconnect",
    "转镜头": "camera-rotate",
    "游戏": "game-controller",
    "乘车": "bus",
    "内科": "stethoscope",
    "外科": "bandaids",
    "眼科": "eye",
    "牙科": "tooth",
    "电费": "lightning",
    "水费": "drop",
    "煤气费": "fire",
    "彩票": "ticket",
    "送花": "flower",
    "理财": "chart-line-up",
    "借钱": "hand-coins",
    "抽奖": "gift",
    "商城": "shopping-bag",
    "资格认证": "identification-card",
    "查余额": "wallet",
    "找工作": "briefcase",
    "办卡": "credit-card",
    "拨出": "phone",
    "小丽": "user-circle",
    "班级群": "users-three",
    "智慧助老班": "users-three",
    "领鸡蛋群": "users-three",
    "没见过的人": "user-circle",
    "小丽的脸": "user-circle",
    "刷卡机": "contactless-payment",
    "窗口的机器": "contactless-payment",
    "闸机": "contactless-payment",
    "新手机的方块图": "qr-code",
    "三张一样的花": "flower",
    "账单：付给练习游戏\u30003000元": "receipt",
    "您的乘车码": "qr-code",
    "您的医保码": "qr-code",
    "老李菜摊的方块图": "qr-code",
    "盒子背面：密码 88888888": "wifi-high",
    "纸单\u3000户号10086021": "receipt",
    "包裹单：姓名、电话、住址": "package",
    "圆圈：把脸放进来（练习，不拍照）": "user-circle",
    "去哪儿": "magnifying-glass",
    "尾号628": "car",
    "尾号682": "car",
    "尾号268": "car",
}
#: Texts that are only a sign, and the words that name it for the screen reader.
SIGNS = {"＋": "加号", "×": "小叉", "▶": "三角"}
COLOURS = {
    "蓝色": WidgetColour.BLUE,
    "黄色": WidgetColour.YELLOW,
    "橙色": WidgetColour.ORANGE,
    "红色": WidgetColour.RED,
    "挂断": WidgetColour.RED,
}
PLAIN_KINDS = {
    "icon": WidgetKind.ICON,
    "toggle": WidgetKind.TOGGLE,
    "slider": WidgetKind.SLIDER,
    "input": WidgetKind.INPUT,
    "image": WidgetKind.IMAGE,
}
KINDS_BY_ID = {
    "clock": WidgetKind.CLOCK,
    "q": WidgetKind.DIALOG,
    "pic": WidgetKind.POSTER,
    "pad": WidgetKind.KEYPAD,
    "bar": WidgetKind.BAR,
    "msg": WidgetKind.BUBBLE,
}


def practice_values(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields of a PracticePage from a lesson's practice in the curriculum."""
    names = [screen["id"] for screen in entry["screens"]]
    return {
        "title": entry["title"],
        "screens": json.dumps(
            [
                {"type": "drawn", "value": screen_value(screen, following=following)}
                for screen, following in zip(entry["screens"], [*names[1:], END], strict=True)
            ]
        ),
    }


def screen_value(screen: dict[str, Any], *, following: str) -> dict[str, Any]:
    targets = {target["box"]: target for target in screen["targets"]}
    return {
        "name": screen["id"],
        **{name: screen[name] for name in ("title", "say", "hint", "description")},
        "sound": screen.get("sound", ""),
        "widgets": [
            widget_value(widget, targets.get(widget["id"]), following=following)
            for widget in screen["widgets"]
        ],
    }


def widget_value(
    widget: dict[str, Any], target: dict[str, Any] | None, *, following: str
) -> dict[str, Any]:
    text = widget["text"]
    leads_to = target["next"] or "" if target else ""
    if leads_to == following:
        leads_to = ""  # as an editor would leave it
    return {
        "kind": kind_of(widget),
        "text": SIGNS.get(text, text),
        "icon": "" if widget["kind"] == "text" else ICONS.get(text, ""),
        "colour": COLOURS.get(text, "") if target else "",
        "box": widget["box"],
        "press": ("right" if target["ok"] else "decoy") if target else "",
        "next": END_WORD if leads_to == END else leads_to,
        "miss": target["miss"] if target else "",
        "keys": None,
    }


def kind_of(widget: dict[str, Any]) -> WidgetKind:
    """The curriculum knows seven kinds; the phone draws more, told by name, words and place."""
    kind, text, box = widget["kind"], widget["text"], widget["box"]
    if kind in PLAIN_KINDS:
        return PLAIN_KINDS[kind]
    if kind == "button":
        return WidgetKind.ROW if box["w"] == 88 else WidgetKind.BUTTON  # per cent: a list's row
    if text.startswith("“"):
        return WidgetKind.BUBBLE
    if "——" in text and "●" in text:
        return WidgetKind.LEVEL
    return KINDS_BY_ID.get(widget["id"], WidgetKind.NOTE)


def drill_values(entries: list[dict[str, Any]], *, lessons: dict[int, int]) -> dict[str, Any]:
    """The messages of a DrillPage; lessons: primary keys of pages by the curriculum's numbers."""
    return {
        "items": json.dumps(
            [
                {
                    "type": "item",
                    "value": {
                        **{name: entry[name] for name in ("channel", "sender", "text")},
                        **{name: entry[name] for name in ("verdict", "sign")},
                        "advice": entry["do"],
                        "lessons": [lessons[number] for number in entry["lessons"]],
                    },
                }
                for entry in entries
            ]
        ),
    }
