"""What a sentence gives away by its form: actions, selling, a danger, a picture's name."""

import re

from lms.manuals.plain_words import BRACKETED, QUOTED, plain

#: What hands do. Looking, waiting and listening are no action, nor is what is not to be done.
ACTIONS = (
    "长按|按住|按|点开|点|轻触|插|拔|拧|旋|转|拨|推|拉|拖|划|滑|捏|撕|贴|绑|戴|穿|套|夹|盖|掀|"
    "打开|打|开|关|合上|放|装|取|拿|抽|倒|加|换|擦|洗|接|连|充|选|输入|输|填|写|扫|拍|说|念|喊|"
    "启动|设置|调|存|删|保存|确认|断开|量|测|拆|切断|固定|对准|扶|抬|坐|站|躺|伸"
)
CLAUSE = re.compile(r"[，,；;。！!]|然后|接着|同时|并且|随后|再(?!试)")
ACTION_FIRST = re.compile(
    rf"^\s*(?:请|先|再|就|也|并|用[^，]{{1,6}}|把[^，]{{1,10}}?|将[^，]{{1,10}}?|在[^，]{{1,10}}?|轻轻|慢慢|一起)*"
    rf"(?:{ACTIONS})(?!始)"
)
#: 充满了, 说完话, 打不通: how things stand, not what to do.
STATE = re.compile(rf"^\s*(?:{ACTIONS})(?:满了|完|好了|了|不)")
#: Names of things that have a verb in them, so that 插座 is no plugging in.
THINGS = re.compile(
    r"开关|按[键钮]|插[座头孔]|充电[器头口宝线盒]?口|充电[器头口宝线盒]|接[口头]|说明|音量|显示屏?|听筒|助听器|收音机|"
    r"电饭煲|加湿器|用[户途品]|记忆|认证|查询机|清单|打印机|洗衣机|测量[仪计]|指示灯|遥控器|电热水器|保温杯"
)
TASK = re.compile(
    r"怎么|怎样|如何|没声音|不[亮响动灵走转]|连不上|打不开|"
    rf"{ACTIONS}|看|听|找|用|吃|问|查|学|改|等|收|给|叫|认|记|停|办|升|降|做|煮|烧|炒|蒸|炖|保养|清|护理"
)

SELLING = re.compile(
    r"[¥￥]\s*\d|\d+(?:\.\d+)?\s*元|特价|促销|优惠价|优惠券|大减价|原价|现价|打折|折扣|包邮|下单|"
    r"购买链接|旗舰店|专卖店|网店|淘宝|天猫|京东|拼多多|官方商城|欢迎(?:选购|购买|订购)|订购热线|"
    r"购买热线|扫码购买|(?<!不)(?<!别)加(?:我|客服|店主|店家)*微信|https?:|www\.|\.(?:com|cn)\b",
    re.IGNORECASE,
)

#: Latin words that makers write, and what is said instead.
LATIN_IN_CHINESE = {
    "wifi": "无线网",
    "wi-fi": "无线网",
    "wlan": "无线网",
    "app": "手机里的小图",
    "usb": "充电线",
    "type-c": "充电线",
    "hdmi": "电视线",
    "mmhg": "毫米汞柱",
    "cm": "厘米",
    "mm": "毫米",
    "kg": "公斤",
    "g": "克",
    "ml": "毫升",
    "min": "分钟",
    "w": "瓦",
    "v": "伏",
    "db": "分贝",
    "led": "小灯",
    "lcd": "屏幕",
    "tv": "电视",
    "sim": "电话卡",
    "id": "号码",
    "pin": "密码",
    "ai": "人工智能",
    "on": "开",
    "off": "关",
}

#: At this, somebody burns himself, gets a shock or takes a wrong number to the doctor.
RISKY = re.compile(
    r"插电|插上|通电|充电|插座|插头|电源线|换电池|装电池|装上电池|加热|开火|烧|烫|开水|热水|热油|高温|明火|"
    r"刀|针|服药|吃药|停药|绑在|绑上|套在|绑紧|戴进|塞进|耳朵里|拆|掀开|揭开|锅"
)
NOT_DONE = re.compile(r"不(?:要|能|许|可)?|别|没|勿")
CARE = re.compile(r"小心|当心烫|当心电|切勿|警告|危险|注意[：:，,]|千万(?:不|别)")

FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|heic|heif|tiff?|svg)\s*$"
    r"|^(?:img|dsc|dscn|dcim|pic|photo|image|picture|screenshot|wechat|mmexport|untitled)?[\W\d_]*$"
    r"|^(?:微信|企业微信)?(?:图片|截图|图像|照片|屏幕截图|画板|未命名|新建)?[\s_\-]*[（(]?[\d_\-.]*[)）]?$"
    r"|^(?:图|插图|配图|示意图|步骤图?|第?[一二三四五六七八九十\d]+(?:步|图|张)?(?:图片|的图)?)\s*\d*$"
    r"|^[0-9a-f]{8,}(?:-[0-9a-f]{4,})*$",
    re.IGNORECASE,
)


def actions_in(words: str) -> list[str]:
    """The clauses of a step that begin with something to do with the hands."""
    quotes: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        quotes.append(match[0])
        return chr(0xE000 + len(quotes) - 1)  # a private character: no comma in it, no verb

    bare = QUOTED.sub(put_aside, BRACKETED.sub("", plain(words)))
    clauses = [clause.strip() for clause in CLAUSE.split(bare)]
    return [
        put_back(clause, quotes)
        for clause in clauses
        if ACTION_FIRST.match(clause) and not STATE.match(clause)
    ]


def put_back(clause: str, quotes: list[str]) -> str:
    return "".join(quotes[ord(c) - 0xE000] if 0xE000 <= ord(c) < 0xF8FF else c for c in clause)


def risk_in(words: str) -> str:
    """The first risky thing that one is told to do; empty: none, or one is warned of it."""
    for clause in re.split(r"[，,；;。！!]", plain(words)):
        match = RISKY.search(clause)
        is_warning = CARE.search(clause)
        if match and not is_warning and not NOT_DONE.search(clause[: match.start()]):
            return match[0]
    return ""


def late_care_in(words: str) -> str:
    """A warning that comes after what it warns of; empty: there is none."""
    first, *later = re.split(r"[，,；;。！!]", QUOTED.sub("", words))
    if not first.strip():
        return ""
    return next((clause.strip() for clause in later if CARE.search(clause)), "")


def names_a_task(title: str) -> bool:
    """Whether it says something to do (量血压), not the name of a part (袖带)."""
    return TASK.search(THINGS.sub("", title)) is not None


def is_file_name(alt: str) -> bool:
    """Whether a picture's words are what a camera or a computer called it."""
    return FILE_NAME.search(plain(alt).strip()) is not None
