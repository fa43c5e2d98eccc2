"""Names as they are typed, and as a list of them is sorted and searched: by pinyin."""

from typing import Any

from django.db import models

#: As surnames these are read otherwise than in most words.
SURNAMES = {
    "区": "ou1", "仇": "qiu2", "单": "shan4", "解": "xie4", "曾": "zeng1", "查": "zha1",
    "覃": "qin2", "朴": "piao2", "任": "ren2", "盖": "ge3", "翟": "zhai2", "缪": "miao4",
    "尉": "wei4", "乐": "yue4", "华": "hua4", "过": "guo1", "纪": "ji3", "宁": "ning4",
    "冼": "xian3", "繁": "po2", "员": "yun4", "召": "shao4", "折": "she2",
    "黑": "he4", "盛": "sheng4", "应": "ying1", "葛": "ge3", "燕": "yan1", "哈": "ha3",
}  # fmt: skip
COMPOUND_SURNAMES = {"尉迟": ["yu4", "chi2"], "长孙": ["zhang3", "sun1"], "万俟": ["mo4", "qi2"]}
#: Syllables have six letters at most; a key holds so many characters of a name.
WIDTH = 6
LENGTH = 8
KEY_LENGTH = LENGTH * (WIDTH + 1 + 5)
SOUND_LENGTH = LENGTH * (WIDTH + 1)
#: Sounds that are taken for one another by ear, in the south above all: by the beginning of a
#: syllable, and by its end.
HEARD_ALIKE = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
ENDINGS_ALIKE = {"ang": "an", "eng": "en", "ing": "in"}


def clean_name(typed: str) -> str:
    """Without the blanks that 陈　伯 is spread out with; 阿依古丽 A. keeps hers."""
    words = typed.split()
    return ("" if not any(word.isascii() for word in words) else " ").join(words)


def sort_key_of(name: str) -> str:
    """By which names are sorted as in a dictionary: character by character by its pinyin, its tone
    and itself. Of letters and digits only, so that every database sorts it alike."""
    return "".join(
        f"{syllable[:-1]:0<{WIDTH}}{syllable[-1]}{ord(character):05x}"
        for character, syllable in _read(name)[:LENGTH]
    )


def initials_of(name: str) -> str:
    """ccm for 陈春梅, as one types it to find her."""
    return "".join(syllable[0] for _character, syllable in _read(name))


def sound_of(name: str) -> str:
    """What the name sounds like, without tones: 陈春梅, 陈春妹 and 程春梅 are heard alike."""
    return " ".join(_heard(syllable[:-1]) for _character, syllable in _read(name)[:LENGTH])


def _heard(syllable: str) -> str:
    for beginning, alike in HEARD_ALIKE.items():
        if syllable.startswith(beginning) and syllable != beginning:
            syllable = alike + syllable.removeprefix(beginning)
            break
    for ending, alike in ENDINGS_ALIKE.items():
        if syllable.endswith(ending):
            return syllable.removesuffix(ending) + alike
    return syllable


def _read(name: str) -> list[tuple[str, str]]:
    """Each character with its pinyin and the number of its tone; a letter with itself and 0."""
    from pypinyin import Style, lazy_pinyin

    characters = "".join(name.split())
    read = lazy_pinyin(
        characters,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=list,  # type: ignore[arg-type]  # each letter by itself
    )
    for length, surnames in ((2, COMPOUND_SURNAMES), (1, SURNAMES)):
        if (surname := characters[:length]) in surnames:
            said = surnames[surname]
            read[:length] = [said] if isinstance(said, str) else said
            break
    return [
        (character, _syllable(character, said))
        for character, said in zip(characters, read, strict=True)
    ]


def _syllable(character: str, said: str) -> str:
    if said != character and said.isascii() and said[-1].isdigit():
        return said[: WIDTH + 1]
    return (character.lower() if character.isascii() and character.isalnum() else "z") + "0"


class PinyinField(models.CharField):
    """The row's name in pinyin, made whenever it is stored: its sort key, its initials, or what it
    sounds like."""

    def __init__(
        self, *args: Any, initials: bool = False, sound: bool = False, **kwargs: Any
    ) -> None:
        self.initials, self.sound = initials, sound
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "initials": self.initials, "sound": self.sound}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        name: str = instance.name  # type: ignore[attr-defined]
        make = initials_of if self.initials else sound_of if self.sound else sort_key_of
        value = make(name)
        setattr(instance, self.attname, value)
        return value
