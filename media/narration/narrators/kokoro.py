"""Kokoro-82M: a small neural voice, run by onnxruntime; see docs/decisions/019.

`NARRATOR_MODEL` is a folder with
    model.onnx    the model, in the form that kokoro-onnx gives it
    config.json   Kokoro's own, whose "vocab" numbers its phonemes
    voices/*.bin  voices (float32, 510 rows of 256); of several, the first by name reads
"""

import json
import logging
import re
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cn2an
from django.conf import settings
from django.utils.translation import gettext as _
from pinyin_to_ipa import pinyin_to_ipa

from media.ffmpeg.process import OnProgress
from media.narration.narrators import NarrationRefused, NarratorUnavailable, Reading
from media.narration.narrators.waves import join_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 24_000
#: Share of its normal speed; with the pauses between sentences this makes about four characters a
#: second, as in the starter's recordings.
PACE = 0.9
#: The most that the model takes at once; a voice has one row for each number of phonemes.
MOST_PHONEMES = 510
STYLE = 256


class Kokoro:
    def read(
        self, sentences: Sequence[str], *, folder: Path, on_progress: OnProgress | None = None
    ) -> Reading:
        voice = _Voice(Path(settings.NARRATOR_MODEL))
        parts = []
        for number, sentence in enumerate(sentences):
            part = folder / f"sentence-{number}.wav"
            _write(part, voice.say(sentence))
            parts.append(part)
            if on_progress:
                on_progress((number + 1) / len(sentences))
        sound = folder / "reading.wav"
        return Reading(sound, join_sentences(parts, sound))


class _Voice:
    """The model of a folder. Raises NarratorUnavailable where it is missing or broken."""

    def __init__(self, folder: Path) -> None:
        import numpy as np
        import onnxruntime

        voices = sorted(folder.glob("voices/*.bin"))
        model, config = folder / "model.onnx", folder / "config.json"
        if not (voices and model.is_file() and config.is_file()):
            raise NarratorUnavailable(
                _(
                    "文件夹“%(folder)s”里要有 model.onnx、config.json 和 voices/*.bin 三样，"
                    "才能用这个声音朗读。请管理员放好，或者改设置 NARRATOR_MODEL。"
                )
                % {"folder": folder}
            )
        try:
            self.numbers: dict[str, int] = json.loads(config.read_text())["vocab"]
            self.styles = np.fromfile(voices[0], dtype="<f4").reshape(MOST_PHONEMES, 1, STYLE)
            self.session: Any = onnxruntime.InferenceSession(
                model, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # each of the three files fails in its own way
            raise NarratorUnavailable(
                _("文件夹“%(folder)s”里的声音读不出来：%(error)s。请管理员重新放一份。")
                % {"folder": folder, "error": error}
            ) from error

    def say(self, sentence: str) -> "NDArray[np.float32]":
        """Its sound, -1 to 1. Raises NarrationRefused when there is nothing to say in it."""
        import numpy as np

        known = "".join(sign for sign in phonemes_of(sentence) if sign in self.numbers)
        if not known.strip():
            raise NarrationRefused(_("“%s”这一句里没有能朗读的字，请改一改朗读稿。") % sentence)
        return np.concatenate([self._sound_of(some) for some in in_breaths(known)])

    def _sound_of(self, phonemes: str) -> "NDArray[np.float32]":
        import numpy as np

        [sound] = self.session.run(
            None,
            {
                "tokens": np.array([[0, *(self.numbers[sign] for sign in phonemes), 0]]),
                "style": self.styles[len(phonemes) - 1],
                "speed": np.array([PACE], dtype="<f4"),
            },
        )
        return np.ravel(sound)


def phonemes_of(sentence: str) -> str:
    """The notation that Kokoro 1.0 was trained on: words by jieba, IPA with arrows for tones.

    Raises NarrationRefused for what is neither Chinese nor a number.
    """
    import jieba

    jieba.setLogLevel(logging.WARNING)
    text = cn2an.transform(digit_by_digit(sentence), "an2cn")
    said = "".join(_phonemes_of_word(word) for word in jieba.cut(text))
    return re.sub(r" +(?=[ ,.!?:;”)])", "", said).strip()


def _phonemes_of_word(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    if not re.search(r"\w", word):
        return word.translate(_MARKS)
    try:
        syllables = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
        said = "".join("".join(next(iter(pinyin_to_ipa(each)))) for each in syllables)
    except ValueError:
        raise NarrationRefused(
            _("“%(word)s”这个声音不会读，请在朗读稿里换成汉字，比如把 APP 写成“手机软件”。")
            % {"word": word}
        ) from None
    for usual, learnt in _AS_LEARNT:
        said = said.replace(usual, learnt)
    return said + " "


#: English marks with a blank after them, by which Kokoro places its pauses.
_MARKS = str.maketrans(
    {mark: f"{pause} " for mark, pause in zip("，、。！？：；…—", ",,.!?:;……", strict=True)}
    | dict(zip("《》（）「」【】", "“”()“”“”", strict=True))
)
#: Single signs for what IPA writes with two or three; U+032F is not in the vocabulary.
_AS_LEARNT = [
    ("˧˩˧", "↓"),
    ("˧˥", "↗"),
    ("˥˩", "↘"),
    ("˥", "→"),
    ("ɻ\u0329", "ɨ"),
    ("ɹ\u0329", "ɨ"),
    ("ʈʂ", "ꭧ"),
    ("tɕ", "ʨ"),
    ("ts", "ʦ"),
    ("\u032f", ""),
]
#: Telephone numbers: with area code, 400 and 800, 110, 96110, 12345, and seven or more digits.
_DIALLED = re.compile(
    r"(?<![\d.])(?:0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4}|1[12]\d|[19]\d{4}|\d{7,})"
    r"(?![\d./]|\s*[元块岁年个毫次下分秒步斤])"
)
_FIGURES = str.maketrans("0123456789-", "零幺二三四五六七八九，")


def digit_by_digit(sentence: str) -> str:
    """Telephone numbers are said digit by digit: 110 is 幺幺零, while 110元 is an amount."""
    return _DIALLED.sub(lambda number: number[0].translate(_FIGURES), sentence)


def in_breaths(phonemes: str) -> Iterator[str]:
    """Cut at pauses into parts that the model takes at once."""
    while len(phonemes) > MOST_PHONEMES:
        breaths = [found.end() for found in re.finditer(r"[,;:.!?] *", phonemes[:MOST_PHONEMES])]
        cut = breaths[-1] if breaths else MOST_PHONEMES
        yield phonemes[:cut]
        phonemes = phonemes[cut:]
    yield phonemes


def _write(target: Path, sound: "NDArray[np.float32]") -> None:
    import numpy as np

    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
