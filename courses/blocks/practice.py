"""The screens of a practice: drawn from widgets, or a picture with places to press."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter
from wagtail.images.blocks import ImageChooserBlock

from courses.choices import NEVER_PRESSED, Press, WidgetColour, WidgetKind
from courses.practice import END, Box, Practice, Screen, ScreenPicture, Target, Widget
from courses.practice.checks import problems_of
from courses.practice.icons import ICONS
from courses.practice.sounds import SOUNDS

#: What an author writes for END.
END_WORD = "完"
#: Pixels; sharp on a phone of today, and 90 % of a television's height.
PICTURE_SPEC = "max-1080x1920"


class PercentBlock(blocks.IntegerBlock):
    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        super().__init__(min_value=least, validators=[MaxValueValidator(100)], **kwargs)

    def deconstruct(self) -> tuple[str, list[object], dict[str, Any]]:
        """As an IntegerBlock, so that no migration depends on this class."""
        return "wagtail.blocks.IntegerBlock", [], {}


class BoxBlock(blocks.StructBlock):
    """A place on the screen. Authors draw it with the script, or type its four numbers."""

    x = PercentBlock(label=_("离左边"))
    y = PercentBlock(label=_("离上边"))
    w = PercentBlock(label=_("宽"), least=1)
    h = PercentBlock(label=_("高"), least=1)

    class Meta:
        icon = "crosshairs"
        label = _("在哪儿")
        description = _("四个数，都是屏幕的百分之几。")
        form_classname = "practice-box"
        label_format = ""


def box_of(value: Any) -> Box | None:
    """None while a draft lacks one of the numbers."""
    numbers = [value.get(name) for name in ("x", "y", "w", "h")]
    return None if None in numbers else Box(*numbers)


class PressableBlock(blocks.StructBlock):
    """Something on a screen; what it is and what a press on it does."""

    text = blocks.CharBlock(label=_("上面的字"), max_length=40)
    box = BoxBlock()
    press = blocks.ChoiceBlock(
        label=_("按了会怎样"), choices=Press.choices, required=False, default=Press.NOTHING
    )
    next = blocks.CharBlock(
        label=_("按对了去哪一屏"),
        max_length=12,
        required=False,
        help_text=_("写那一屏的代号。不写就是下一屏。写“完”就是做完了。"),
    )
    miss = blocks.CharBlock(
        label=_("按错了说什么"),
        max_length=40,
        required=False,
        help_text=_("告诉他按的是什么，该往哪儿看。最好不超过25个字。"),
    )


class WidgetBlock(PressableBlock):
    kind = blocks.ChoiceBlock(
        label=_("是什么"),
        choices=[choice for choice in WidgetKind.choices if choice[0] != WidgetKind.AREA],
        default=WidgetKind.BUTTON,
    )
    icon = blocks.ChoiceBlock(label=_("图样"), choices=ICONS, required=False)
    colour = blocks.ChoiceBlock(label=_("颜色"), choices=WidgetColour.choices, required=False)
    keys = blocks.IntegerBlock(
        label=_("按几个数字"), min_value=1, max_value=12, default=6, required=False
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["press"] and cleaned["kind"] in NEVER_PRESSED:
            raise blocks.StructBlockValidationError(
                block_errors={"press": ValidationError(_t("这样东西只能看，不能按。"))}
            )
        return cleaned

    class Meta:
        icon = "form"
        label = _("一样东西")
        label_format = "{text}"
        form_layout = blocks.BlockGroup(
            children=["kind", "text", "box", "press", "next", "miss"],
            settings=["icon", "colour", "keys"],
        )


class AreaBlock(PressableBlock):
    class Meta:
        icon = "crosshairs"
        label = _("一块能按的地方")
        label_format = "{text}"


class ScreenBlock(blocks.StructBlock):
    """What every screen has. In the editor its places are drawn by the script of the adapter."""

    name = blocks.CharBlock(
        label=_("代号"),
        max_length=12,
        help_text=_("每一屏一个，别重名。按对了去哪一屏，写的就是它。"),
    )
    title = blocks.CharBlock(label=_("这一屏叫什么"), max_length=20)
    say = blocks.CharBlock(
        label=_("请他做什么"), max_length=30, help_text=_("一句话，最好不超过22个字。")
    )
    hint = blocks.CharBlock(
        label=_("提示"), max_length=30, help_text=_("第二次按错时说，同时指给他看。")
    )
    description = blocks.CharBlock(
        label=_("画面上有什么"), max_length=100, help_text=_("读给看不见屏幕的人听。")
    )
    sound = blocks.ChoiceBlock(
        label=_("听到什么"),
        choices=[(name, sound.name) for name, sound in SOUNDS.items()],
        required=False,
        help_text=_("到了这一屏放一声，旁边有字。多半不用选。"),
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["screen"] = screen_of(value, name=value["name"], following=END)
        return context


class DrawnScreenBlock(ScreenBlock):
    widgets = blocks.ListBlock(WidgetBlock(), label=_("屏幕上的东西"), collapsed=True)

    class Meta:
        icon = "mobile-alt"
        label = _("画出来的一屏")
        description = _("用按钮、小图、开关这些拼出来，不用图片。")
        template = "courses/blocks/practice_screen.html"
        label_format = "{title}"
        preview_value: ClassVar[dict[str, Any]] = {
            "name": "主屏",
            "title": "主屏",
            "say": "请点“电话”",
            "hint": "左上角那个小图",
            "description": "三个小图：电话、相机、天气。",
            "widgets": [
                {
                    "kind": kind,
                    "text": text,
                    "icon": icon,
                    "box": dict(zip("xywh", place, strict=True)),
                    "press": press,
                }
                for kind, text, icon, place, press in (
                    ("clock", "上午九点", "", (0, 4, 100, 12), ""),
                    ("icon", "电话", "phone", (8, 24, 38, 16), "right"),
                    ("icon", "相机", "camera", (54, 24, 38, 16), "decoy"),
                    ("icon", "天气", "sun", (8, 46, 38, 16), "decoy"),
                )
            ],
        }


class PictureScreenBlock(ScreenBlock):
    picture = ImageChooserBlock(
        label=_("图片"), help_text=_("自己画的或自己拍的。不要用别家软件的截图。")
    )
    areas = blocks.ListBlock(AreaBlock(), label=_("能按的地方"), collapsed=True)

    class Meta:
        icon = "image"
        label = _("一张图片做的一屏")
        description = _("放一张图片，在上面拖出能按的地方。")
        template = "courses/blocks/practice_screen.html"
        label_format = "{title}"
        preview_value: ClassVar[dict[str, Any]] = {
            "name": "图",
            "title": "遥控器",
            "say": "请按“确定”",
            "hint": "中间的圆钮",
            "description": "一个遥控器。",
            "picture": None,
            "areas": [],
        }


class ScreensBlock(blocks.StreamBlock):
    drawn = DrawnScreenBlock()
    picture = PictureScreenBlock()

    def clean(self, value: Any) -> Any:
        """Refuse what cannot be played to its end; a draft may be unfinished."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        problems: dict[int, list[str]] = {}
        for problem in problems_of(practice_of("", cleaned)):
            problems.setdefault(problem.screen, []).append(problem.words)
        if problems:
            raise blocks.StreamBlockValidationError(
                block_errors={
                    index: blocks.StructBlockValidationError(non_block_errors=words)
                    for index, words in problems.items()
                }
            )
        return cleaned

    class Meta:
        min_num = 1
        max_num = 12
        collapsed = True


class ScreenBlockAdapter(StructBlockAdapter):
    """The form of a screen, and above its places a board to draw them on."""

    js_constructor = "yinling.practice.ScreenBlock"

    def js_args(self, block: blocks.StructBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        meta["boardHelp"] = _t(
            "在空处拖一下，就多一块。拖一块就挪动它，拖右下角改大小，连按两下看它的内容。"
            "也可以选中一块按方向键，按住Shift键改大小。"
        )
        return [name, children, meta]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(
            js=[forms.Script("admin/practice-board.js", type="module")],  # type: ignore[list-item]
            css={"all": ["admin/practice-board.css"]},
        )


register(ScreenBlockAdapter(), ScreenBlock)


def practice_of(title: str, screens: Any) -> Practice:
    """The practice that a field of screens holds; what a draft lacks is left out."""
    names = [block.value["name"] or str(number) for number, block in enumerate(screens, 1)]
    following = [*names[1:], END]
    return Practice(
        title,
        tuple(
            screen_of(block.value, name=name, following=following[index])
            for index, (block, name) in enumerate(zip(screens, names, strict=True))
        ),
    )


def screen_of(value: Any, *, name: str, following: str) -> Screen:
    """following: the screen after a right press that names none."""
    things = value["areas"] if "areas" in value else value["widgets"]
    picture = value.get("picture")
    rendition = picture.get_rendition(PICTURE_SPEC) if picture else None
    return Screen(
        id=name,
        title=value["title"],
        description=value["description"],
        say=value["say"],
        hint=value["hint"],
        widgets=tuple(
            widget_of(str(number), thing, box, following=following)
            for number, thing in enumerate(things, 1)
            if (box := box_of(thing["box"]))
        ),
        sound=value.get("sound") or "",
        picture=rendition and ScreenPicture(rendition.url, rendition.width, rendition.height),
    )


def widget_of(widget_id: str, value: Any, box: Box, *, following: str) -> Widget:
    return Widget(
        id=widget_id,
        kind=value.get("kind") or WidgetKind.AREA,
        text=value["text"],
        box=box,
        target=target_of(value, following=following),
        icon=value.get("icon") or "",
        colour=value.get("colour") or "",
        keys=value.get("keys") or 0,
    )


def target_of(value: Any, *, following: str) -> Target | None:
    if value["press"] == Press.RIGHT:
        next_screen = END if value["next"] == END_WORD else value["next"] or following
        return Target(right=True, next=next_screen)
    if value["press"] == Press.DECOY:
        return Target(right=False, miss=value["miss"] or "")
    return None
