"""Patterns of sentences: actions, selling, dangers, names of picture files."""

import re

from courses.readability.plain_text import BRACKETED, QUOTED, plain

#: What hands do. Looking, waiting and listening do not count as actions.
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
#: 充满了, 说完话, 打不通 describe a state, not an action.
STATE = re.compile(rf"^\s*(?:{ACTIONS})(?:满了|完|好了|了|不)")
#: 倒水以前, 充电的时候 say when something is done.
WHEN = re.compile(r"(?:以前|之前|以后|之后|时候|..时)$")
#: Names of things that contain a verb: 插座 is not the action 插.
THINGS = re.compile(
    r"开关|按[键钮]|插[座头孔]|充电[器头口宝线盒]?口|充电[器头口宝线盒]|接[口头]|说明|音量|显示屏?|听筒|助听器|收音机|"
    r"电饭煲|加湿器|用[户途品]|记忆|认证|查询机|清单|打印机|洗衣机|测量[仪计]|指示灯|遥控器|电热水器|保温杯"
)
TASK = re.compile(
    r"怎么|怎样|如何|没声音|不[亮响动灵走转]|连不上|打不开|"
    rf"{ACTIONS}|看|听|找|用|吃|问|查|学|改|等|收|给|叫|认|记|停|办|升|降|做|煮|烧|炒|蒸|炖|保养|清|护理"
)

SELLING = re.compile(
    r"[¥￥]\s*\d|(?:只要|仅需|仅售|只卖|售价|仅|一口价|直降|立减|每[台个盒瓶套件])[^，。]{0,3}\d+(?:\.\d+)?\s*元"
    r"|\d+(?:\.\d+)?\s*元(?:起|包邮|一[台个盒瓶套件]|/)|^\s*\d+(?:\.\d+)?\s*元\s*$"
    r"|加(?:我|客服|店主|店家)*微信|https?:|www\.|\.(?:com|cn)\b",
    re.IGNORECASE,
)
#: A sentence that warns: 别信短信里的特价. What tempts with the same words (不要错过) does not.
WARNS = re.compile(
    r"别(?!错过|犹豫)|不(?!错|容错过|要错过|限|同|用等|止|断)|勿|莫|骗|小心|当心|警惕|谨防|假|拒绝|挂断|没有|[叫让要]您|怎么办"
)
TEMPTS = re.compile(r"错过|犹豫|赶快|赶紧|抓紧|欢迎|立享|尽享|热线")
#: What is folded, not sold: 软管别打折.
FOLDED = re.compile(
    r"(?:线|管|布|带|纸|绳|单|毯|垫|片|袋)[^，。]{0,6}打折|打折(?:了|的)?(?:线|管|带)"
)

#: Latin words that manufacturers write, and what to write instead.
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
    "l": "升",
    "mg": "毫克",
    "km": "公里",
    "kwh": "度",
    "kw": "千瓦",
    "mah": "电池的大小",
    "hz": "赫兹",
    "ok": "好",
    "power": "开关",
    "reset": "重来",
    "menu": "单子",
    "start": "开始",
    "stop": "停",
    "bluetooth": "不用线的近处连接",
    "nfc": "靠一靠就行",
    "gps": "看您在哪里",
    "ip": "上网的号码",
    "dns": "网页的电话本",
    "spo2": "血里的气",
    "bpm": "一分钟跳几下",
    "mic": "听声音的小孔",
    "pdf": "一页页的文件",
}

#: Names and units that people know, beside single capital letters that name a shape or a place.
KNOWN_LATIN = re.compile(
    r"(?<![A-Za-z])(?:SOS|AAA?(?=[型号节电]|$|[^A-Za-z0-9])|[AB][3-5]|U盘|[XＸ][光线]|B超|CT|ATM机?|KTV|T恤|DVD|VCD|CD机?|AED|PM2\.5|POS机|"
    r"MP3|QQ|WC|[BF]\d(?=层|楼)|[GDKTZC]\d+(?=次)|VIP|IC卡|卡拉OK|K歌|维生素[A-Z]\d*|[A-Z][型形](?!号)|[A-Z]{1,2}型血|[A-Z](?=[面组区栋座幢排档键孔口厅])|"
    r"(?<=\d)[GD](?![A-Za-z])|(?<=选)[A-D])(?![A-Za-z])"
)

LATIN = re.compile(r"[A-Za-z]+(?:[-./ ]?[A-Za-z0-9]+)*")
#: Ends of a sentence; a full stop between digits is none.
SENTENCE_END = re.compile(r"[。！？!?；;\n]+")

#: Actions with which people burn themselves, get a shock or measure a wrong value.
RISKY = re.compile(
    r"插电|插上|通电|充电|插座|插头|电源线|换电池|装电池|装上电池|加热|开火|烧|烫|开水|热水|热油|高温|明火|"
    r"刀|针|服药|吃药|停药|绑在|绑上|套在|绑紧|戴进|塞进|耳朵里|拆|掀开|揭开|锅"
)
#: What makes a sentence hard to follow: 不得不, 非 … 不可; who does what to whom turned round.
DOUBLE_NO = re.compile(
    r"不得不|不能不|不可不|非[^，。]{1,8}不可|未经[^，。]{1,8}不[得能可]|并非不|无不"
)
MOST_CLAUSES = 4
MOST_ATTRIBUTES = 4  # 的 in one sentence

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
    """The clauses of a step that begin with an action."""
    quotes: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        quotes.append(match[0])
        return chr(0xE000 + len(quotes) - 1)  # one private character stands for a whole quotation

    bare = QUOTED.sub(put_aside, BRACKETED.sub("", plain(words)))
    clauses = [clause.strip() for clause in CLAUSE.split(bare)]
    return [
        put_back(clause, quotes)
        for clause in clauses
        if ACTION_FIRST.match(clause) and not STATE.match(clause) and not WHEN.search(clause)
    ]


def sentences_of(text: str) -> list[str]:
    """Without their marks; quotations are not cut."""
    quotes: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        quotes.append(match[0])
        return chr(0xE000 + len(quotes) - 1)

    bare = QUOTED.sub(put_aside, text)
    return [put_back(each, quotes).strip() for each in SENTENCE_END.split(bare) if each.strip()]


def winding_in(words: str) -> str:
    """The first sentence that is hard to follow, by its form; empty when there is none."""
    for sentence in re.split(r"[。！？!?；;]", QUOTED.sub("", plain(words))):
        clauses = [c for c in re.split(r"[，,]", sentence) if c.strip()]
        is_long = len(clauses) > MOST_CLAUSES and len(sentence) > 4 * len(clauses)
        if is_long or sentence.count("的") > MOST_ATTRIBUTES or DOUBLE_NO.search(sentence):
            return sentence.strip()
    return ""


def put_back(clause: str, quotes: list[str]) -> str:
    return "".join(quotes[ord(c) - 0xE000] if 0xE000 <= ord(c) < 0xF8FF else c for c in clause)


def risk_in(words: str) -> str:
    """The first risky action of a step; empty when there is none or it is itself a warning."""
    for clause in re.split(r"[，,；;。！!]", plain(words)):
        match = RISKY.search(clause)
        is_warning = CARE.search(clause)
        if match and not is_warning and not NOT_DONE.search(clause[: match.start()]):
            return match[0]
    return ""


def late_care_in(words: str) -> str:
    """A warning that comes after the action that it warns of; empty when there is none."""
    first, *later = re.split(r"[，,；;。！!]", QUOTED.sub("", words))
    if not first.strip():
        return ""
    return next((clause.strip() for clause in later if CARE.search(clause)), "")


def names_a_task(title: str) -> bool:
    """Whether a title says what to do (量血压) rather than naming a part (袖带)."""
    return TASK.search(THINGS.sub("", title)) is not None


def is_file_name(alt: str) -> bool:
    """Whether a picture's description is only the file name that a camera or a computer gave it."""
    return FILE_NAME.search(plain(alt).strip()) is not None
