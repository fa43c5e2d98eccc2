"""Numbers as people write them: 60岁, 95598, 3块5, 12:30, 10%.

The rule, after GB/T 15835 (how figures are used in print): telephone numbers and others that are
read digit by digit, whole numbers from ten, and smaller ones with money, ages, hours, dates,
floors, per cent or a decimal point are written in figures. Words stay where nothing is counted
(一起, 万一), where a number is vague (十几, 三五个), in sayings and in feasts. Where it is not
plain which it is, the words stay: nobody misreads 三块.

cn2an turns 一起 into 1起 and 万一 into 10001, so the rule is our own.
"""

import re

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "幺": 1, "两": 2} | {str(value): value for value in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1_000}

_ONE = "一二三四五六七八九"
_NUMERAL = f"零〇{_ONE}两十百千万亿"
_BELOW_TEN = f"[{_ONE}两]"
#: One to 99, in words or in figures.
_SMALL = rf"(?:[二三四五六七八九]?十[{_ONE}]?|[{_ONE}两]|\d{{1,2}})"

#: In these a number is a name or a way of speaking. The longer ones first.
_SAYINGS = re.compile(
    "|".join(
        [
            "不管三七二十一", "三百六十行", "一千零一夜", "二百五(?!十)", "九九八十一",
            "二十四(?:节气|孝)", "十二生肖", "十八般", "十全十美", "一五一十", "十拿九稳",
            "十里八", "十天半", "十年八", "十万火急", "十万八千里", "十之八九", "十有八九",
            "七老八十", "八九不离十", "三十六计", "七十二变", "三十而立", "四十不惑",
            "五十知天命", "六十花甲", "七十古来稀", "百分百", "双十[一二]", "九一八", "一二一",
            "零零散散", "(?:大年|年)三十", "三十晚上", "十一(?=放假|假期|长假|黄金周|国庆)",
            # feasts and days of the moon's calendar, days of the week
            f"[{_ONE}正冬腊十]+月初[{_ONE}十]+", "初[一二三四五六七八九十]",
            rf"(?:[{_ONE}十]+|正|冬|腊)月(?:十五|二十三|二十四|[{_ONE}])(?![{_NUMERAL}日号])",
            "(?:农历|阴历)[二三]?十[一二三四五六七八九]?",
            "(?:星期|礼拜|周)[一二三四五六日天]",
        ]
    )
)  # fmt: skip
_PER_CENT = re.compile(
    rf"百分之(?P<whole>[{_NUMERAL}\d]+)(?:点(?P<part>[零〇{_ONE}\d]+))?(?![几点])"
)
_HOURS_TOLD = "上午|下午|早上|早晨|清晨|晚上|中午|凌晨|傍晚|夜里|半夜|今天|明天|后天"
_CLOCK = re.compile(
    rf"(?<![{_NUMERAL}\d几])(?P<hour>{_SMALL})点(?P<minute>[零〇][{_ONE}]|[二三四五]?十[{_ONE}]?"
    rf"|[{_ONE}](?=分)|\d{{2}})(?:分(?!钟|之))?(?![{_NUMERAL}几])"
)
_HOUR = re.compile(
    rf"(?:(?<={_HOURS_TOLD})"
    rf"(?P<hour>{_BELOW_TEN})(?=点(?![点儿也都]|[{_NUMERAL}]))"
    rf"|(?<![{_NUMERAL}几有这那])(?P<sharp>{_BELOW_TEN})(?=点(?:钟|半|整|[一三]刻)))"
)
_MEASURES = "倍米斤度元块万亿公千毫厘克升吨岁分秒小寸"
_DECIMAL = re.compile(
    rf"(?<![{_NUMERAL}\d几])(?:(?P<whole>零|[二三四五六七八九]|[{_ONE}]?[百十][{_NUMERAL}]*"
    rf"|[{_ONE}][百十][{_NUMERAL}]*)点(?P<part>[零〇{_ONE}]{{2,}}|[二三四五六七八九]|一(?=[{_MEASURES}]))"
    rf"(?![{_NUMERAL}点个位条件种样滴])"
    rf"|一点(?P<of_one>[零〇{_ONE}]+)(?=[{_MEASURES}]))"
)
_DATE = re.compile(
    rf"(?<![{_NUMERAL}\d个])(?P<month>十[一二]?|[{_ONE}]|\d{{1,2}})月"
    rf"(?:(?P<day>[二三]?十[{_ONE}]?|[{_ONE}]|\d{{1,2}})(?=[日号])|(?![初{_NUMERAL}怀]))"
)
_EACH = "个斤张份盒瓶条包袋次位人本度杯碗天月年样点些起定"
_MONEY = re.compile(
    rf"(?<![{_NUMERAL}\d几])(?P<whole>[{_NUMERAL}]+|\d+)(?P<unit>[块元度])"
    rf"(?P<part>[{_ONE}\d])(?![{_NUMERAL}\d{_EACH}])"
)
#: What a number below ten has to stand before to be written in figures.
_COUNTED = re.compile(
    rf"(?<![{_NUMERAL}\d几])(?:"
    rf"(?P<paid>{_BELOW_TEN})(?=块钱|元(?!旦|宵)|块[{_ONE}\d][个斤张份盒瓶])"
    rf"|(?P<small>[二三四五六七八九两])(?=毛钱|角钱|毛[{_ONE}][{_EACH}]?)"
    rf"|(?P<age>{_BELOW_TEN})(?=岁)"
    rf"|(?P<number>[{_ONE}])(?=号(?!称|召)|单元|楼(?![上下]?的?人)|路(?:公交|汽车|车))"
    rf"|(?P<off>[二三四五六七八九])(?=折(?!腾|叠))"
    rf")"
)
_DIGIT_BY_DIGIT = re.compile(rf"(?<![{_NUMERAL}\d])[零〇幺{_ONE}\d]{{3,}}(?![{_NUMERAL}])")
_RISING = "一二三四五六七八九"
_WHOLE = re.compile(
    rf"(?<![{_NUMERAL}\d几第分])(?P<ordinal>第?)(?P<number>[{_NUMERAL}]+|\d+[十百千万亿][{_NUMERAL}]*)(?!分之|[几{_NUMERAL}\d])"
)
_AFTER_TEN = re.compile(
    r"个|块|元|岁|天|年|月|日|号|点|位|名|次|条|张|本|种|句|页|层|楼|米|斤|度|遍|步|人|家|件|项|盒|瓶"
    r"|片|粒|颗|支|台|辆|间|户|届|折|多|来|分钟|秒|小时|公里|公斤|厘米|毫|万|亿|%"
)


def numbers_as_written(text: str) -> str:
    """Return `text` with its numbers in figures where people write figures."""
    kept: list[str] = []

    def keep(saying: re.Match[str]) -> str:
        kept.append(saying[0])
        return f"\0{len(kept) - 1}\1"

    text = _SAYINGS.sub(keep, text)
    text = _PER_CENT.sub(_per_cent, text)
    text = _CLOCK.sub(_clock, text)
    text = _DECIMAL.sub(_decimal, text)
    text = _HOUR.sub(_figure, text)
    text = _DATE.sub(_date, text)
    text = _MONEY.sub(_money, text)
    text = _COUNTED.sub(_figure, text)
    text = _DIGIT_BY_DIGIT.sub(_digit_by_digit, text)
    text = _WHOLE.sub(_whole, text)
    return re.sub("\0(\\d+)\1", lambda at: kept[int(at[1])], text)


def value_of(numeral: str) -> int | None:
    """Return what a numeral in words, or partly in figures, stands for; None where it is none.

    两万五 is 25000: a last digit without a unit counts the next lower one.
    """
    if numeral.isdecimal():
        return int(numeral)
    for mark, size in (("亿", 100_000_000), ("万", 10_000)):
        head, found, tail = numeral.partition(mark)
        if not found:
            continue
        high = value_of(head) if head else None
        low = _below_unit(tail, size // 10) if tail else 0
        return None if not high or low is None else high * size + low
    return _below_ten_thousand(numeral)


def _below_unit(tail: str, next_unit: int) -> int | None:
    if len(tail) == 1 and tail in _DIGITS:
        return _DIGITS[tail] * next_unit
    return value_of(tail.lstrip("零〇")) if tail.strip("零〇") else None


def _below_ten_thousand(numeral: str) -> int | None:
    total, rest, last = 0, numeral, 10_000
    while rest:
        found = re.match(r"([零〇]*)(?:(\d+|[一二三四五六七八九两])([十百千]?)|(十))", rest)
        if found is None:
            return None
        zeros, digit, unit, ten = found.groups()
        size = 10 if ten else _UNITS.get(unit, 1)
        if size >= last or (ten and last != 10_000) or (digit == "一" and size == 10 and not total):
            return None
        is_next_lower = size == 1 and last in {100, 1_000} and not zeros
        count = 1 if ten else int(digit) if digit.isdecimal() else _DIGITS[digit]
        total += count * (last // 10 if is_next_lower else size)
        rest, last = rest[found.end() :], size
        if size == 1:
            break
    return None if rest else total


def _figure(found: re.Match[str]) -> str:
    return str(_DIGITS[found[0]])


def _digits(words: str) -> str:
    return "".join(str(_DIGITS[word]) for word in words)


def _per_cent(found: re.Match[str]) -> str:
    whole = found["whole"]
    value = {"百": 100, "零": 0}.get(whole, value_of(whole))
    if value is None:
        return found[0]
    return f"{value}.{_digits(found['part'])}%" if found["part"] else f"{value}%"


def _clock(found: re.Match[str]) -> str:
    hour, minute = value_of(found["hour"]), value_of(found["minute"].lstrip("零〇0") or "0")
    if hour is None or minute is None or hour > 24 or minute > 59:
        return found[0]
    return f"{hour}:{minute:02}"


def _decimal(found: re.Match[str]) -> str:
    if found["of_one"]:
        return f"1.{_digits(found['of_one'])}"
    whole = 0 if found["whole"] == "零" else value_of(found["whole"])
    return found[0] if whole is None else f"{whole}.{_digits(found['part'])}"


def _date(found: re.Match[str]) -> str:
    month, day = value_of(found["month"]), value_of(found["day"] or "1")
    if month is None or day is None or month > 12 or day > 31:
        return found[0]
    return f"{month}月{day}" if found["day"] else f"{month}月"


def _money(found: re.Match[str]) -> str:
    whole = value_of(found["whole"])
    if whole is None:
        return found[0]
    return f"{whole}{found['unit']}{_digits(found['part'])}"


def _digit_by_digit(found: re.Match[str]) -> str:
    said = found[0]
    words = re.findall(rf"[零〇幺{_ONE}]+", said)
    if not words or (len(said) < 5 and said in _RISING):
        return said  # 一二三 is counting
    is_pair_twice = len(said) == 4 and said[0] == said[1] and said[2] == said[3]
    if is_pair_twice and said[0] in _RISING and said[0] + said[2] in _RISING:
        return said  # 七七八八
    if said[-1] == "一" and said[:-1].isdecimal():
        return said  # 100一个
    return _digits(said)


def _whole(found: re.Match[str]) -> str:
    said, after = found["number"], found.string[found.end() :]
    value = value_of(said)
    if value is None or value < 10:
        return found[0]
    if said[0] == "十" and found.string[: found.start()].endswith(("数", "上", "成")):
        return found[0]  # 数十家
    is_name_too = said in {"十一", "十五"} and not found["ordinal"]
    if (said == "十" or is_name_too) and not _AFTER_TEN.match(after):
        return found[0]
    for mark, size in (("亿", 100_000_000), ("万", 10_000)):
        if said.endswith(mark):
            return f"{found['ordinal']}{value // size}{mark}"
    return f"{found['ordinal']}{value}"
