"""eSpeak NG: a synthetic voice that needs no model and runs everywhere.

It is given pinyin: its own dictionary reads 长辈 as "chángbèi", and Debian's Mandarin voice (1.51)
cannot read characters but spells them in English.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from media.ffmpeg.process import OnProgress
from media.narration.narrators import NarratorUnavailable, Reading
from media.narration.narrators.waves import join_sentences

PROGRAM = "espeak-ng"
VOICE = "cmn-latn-pinyin"
#: Its "words" a minute; in Mandarin this comes to some three and a half characters a second.
PACE = "170"
SENTENCE_SECONDS = 60


class Espeak:
    def read(
        self, sentences: Sequence[str], *, folder: Path, on_progress: OnProgress | None = None
    ) -> Reading:
        program = shutil.which(PROGRAM)
        if program is None:
            raise NarratorUnavailable(
                _(
                    "服务器上没有安装朗读程序 espeak-ng。请管理员运行 apt-get install espeak-ng，"
                    "再点“重新朗读”；也可以上传自己的录音。"
                )
            )
        parts = []
        for number, sentence in enumerate(sentences):
            part = folder / f"sentence-{number}.wav"
            subprocess.run(
                [program, "-v", VOICE, "-s", PACE, "-w", str(part), "--stdin"],
                check=True,
                input=pinyin_of(sentence).encode(),
                timeout=SENTENCE_SECONDS,
                capture_output=True,
            )
            parts.append(part)
            if on_progress:
                on_progress((number + 1) / len(sentences))
        sound = folder / "reading.wav"
        return Reading(sound, join_sentences(parts, sound))


def pinyin_of(sentence: str) -> str:
    """Syllables with the number of their tone: 长辈 → zhang3 bei4. Other signs stay."""
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(sentence, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(syllables)
