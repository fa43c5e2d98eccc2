"""Fit anew the weights by which words are lit as doubtful, and measure the light.

    python benchmarks/doubts.py [--heard FILE]

Hears the starter's narrations, whose words are in curriculum.json, with our recipe; FILE keeps what
was heard and is read when it is there. Prints the table WEIGHTS for
subtitles/recognition/doubts.py, then Markdown tables for benchmarks/README.md. All figures are of
narrations that the weights which judge them were not fitted to (six parts). A lesson's narration is
never among the words it is judged by.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import subtitles` would find this folder's file

if TYPE_CHECKING:
    from subtitles.engines import Segment

PARTS = 6
STEPS = 40  # of Newton's method; ten are enough
PULL = 3.0  # towards 0, on the square of each weight
LESSON, BEGINNING, OTHER, NONE = (
    "its lesson, without the narration",
    "the first 90 characters of that",
    "another lesson",
    "no lesson: the list's words",
)


@dataclass
class Judged:
    """The characters that a machine wrote of all narrations, judged by one kind of vocabulary."""

    signs: np.ndarray  # a row a character, in the order of WEIGHTS; letters and figures have none
    wrong: np.ndarray
    engine: np.ndarray  # its own probability
    part: np.ndarray
    word: np.ndarray  # the number of the unbreakable piece that is lit as a whole
    cue: np.ndarray  # the number of the cue it stands in

    def rightness(self, weights_by_part: Sequence[np.ndarray]) -> np.ndarray:
        weights = np.array(weights_by_part)[self.part]
        right = 1 / (1 + np.exp((self.signs * weights).sum(axis=1)))
        return np.where(np.isnan(right), self.engine, right)


def hear_narrations(kept: Path | None) -> dict[str, list["Segment"]]:
    from benchmarks import narrations
    from subtitles.engines import Segment, Word
    from subtitles.recognition.machine import default_options
    from subtitles.recognition.recognise import recognise

    if kept and kept.exists():
        return {
            slug: [
                Segment(**{**one, "words": tuple(Word(**word) for word in one["words"])})
                for one in sentences
            ]
            for slug, sentences in json.loads(kept.read_text(encoding="utf-8")).items()
        }
    heard = {}
    options = default_options(engine="faster-whisper")
    for slug in narrations.lessons():
        with TemporaryDirectory() as scratch:
            audio = narrations.extract(slug, Path(scratch))
            heard[slug] = recognise(audio, work_dir=Path(scratch), options=options).sentences
        print(slug, file=sys.stderr, flush=True)
    if kept:
        fields = {slug: [asdict(one) for one in heard[slug]] for slug in heard}
        kept.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    return heard


def wrong_characters(written: str, said: str) -> np.ndarray:
    wrong = np.ones(len(written), dtype=bool)
    matcher = SequenceMatcher(None, said, written, autojunk=False)
    for block in matcher.get_matching_blocks():
        wrong[block.b : block.b + block.size] = False
    return wrong


def judge(heard: dict[str, list["Segment"]], texts: dict[str, str]) -> Judged:
    from benchmarks import narrations
    from subtitles.chinese.cleaning import spoken_text
    from subtitles.chinese.homophones import Vocabulary, put_right
    from subtitles.chinese.numbers import numbers_as_written
    from subtitles.chinese.words import domain_words, split_unbreakable
    from subtitles.cues import build_cues
    from subtitles.recognition.doubts import WEIGHTS, signs_of

    rows: list[list[float]] = []
    engine, part, word, cue, wrong = [], [], [], [], []
    piece = 0
    cues = 0
    for number, slug in enumerate(sorted(heard)):
        vocabulary = Vocabulary(texts[slug], domain_words())
        sentences = put_right(heard[slug], vocabulary)
        laid_out = build_cues(sentences, media_end_ms=sentences[-1].end_ms + 5_000)
        places = [cues + i for i, one in enumerate(laid_out) for _character in one.text]
        cues += len(laid_out)
        written = ""
        for sentence, signs in zip(sentences, signs_of(sentences, vocabulary), strict=True):
            pieces = []
            for one in split_unbreakable(sentence.text):
                piece += 1
                pieces += [piece] * len(one)
            here, places = places[: len(pieces)], places[len(pieces) :]
            for said, told, lit, shown in zip(sentence.words, signs, pieces, here, strict=True):
                if said.text.isalnum():
                    rows.append([told[name] if told else np.nan for name in WEIGHTS])
                    engine.append(1.0 if said.probability is None else said.probability)
                    part.append(number % PARTS)
                    word.append(lit)
                    cue.append(shown)
                    written += said.text.lower()
        true = spoken_text(numbers_as_written(narrations.said(slug)))
        wrong.append(wrong_characters(written, true))
    columns = [np.array(one) for one in (rows, np.concatenate(wrong), engine, part, word, cue)]
    return Judged(*columns)


def fit(signs: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression, by Newton's method, held a little towards 0."""
    spread = np.where(signs.std(axis=0) > 0, signs.std(axis=0), 1)
    scaled = signs / spread
    weights = np.zeros(signs.shape[1])
    for _step in range(STEPS):
        belief = 1 / (1 + np.exp(-scaled @ weights))
        curve = (scaled.T * (belief * (1 - belief))) @ scaled + PULL * np.eye(len(weights))
        weights += np.linalg.solve(curve, scaled.T @ (wrong - belief) - PULL * weights)
    return weights / spread


def fit_together(judged: Iterable[Judged], *, without: int | None = None) -> np.ndarray:
    """One table for all vocabularies; `without` leaves a part of the narrations out."""
    kept = [(one, (one.part != without) & ~np.isnan(one.signs[:, 0])) for one in judged]
    signs = np.concatenate([one.signs[those] for one, those in kept])
    return fit(signs, np.concatenate([one.wrong[those] for one, those in kept]))


def least_by(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return for each character the least value within its group."""
    _names, places = np.unique(groups, return_inverse=True)
    least = np.full(places.max() + 1, np.inf)
    np.minimum.at(least, places, values)
    return least[places]


def light(judged: Judged, right: np.ndarray, threshold: float) -> list[float]:
    """Return shares: lit of all characters, of the wrong ones, wrong among the lit (each by
    itself), and by lit words: of the wrong characters, words with a wrong one among the lit."""
    alone = right < threshold
    lit = least_by(judged.word, right) < threshold
    faulty = least_by(judged.word, -judged.wrong.astype(float)) < 0
    words = len(set(judged.word[lit]))
    wrong = judged.wrong.sum()
    return [
        alone.mean(),
        judged.wrong[alone].sum() / wrong,
        judged.wrong[alone].mean() if alone.any() else 0.0,
        lit.mean(),
        judged.wrong[lit].sum() / wrong,
        len(set(judged.word[lit & faulty])) / max(1, words),
    ]


def threshold_for(judged: Judged, right: np.ndarray, recall: float) -> float:
    return float(np.quantile(right[judged.wrong], recall)) + 1e-9


def row(*cells: Any) -> None:
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def show_light(sets: dict[str, Judged], rights: dict[str, np.ndarray]) -> None:
    print("\nAt the threshold that lights 60 % of the wrong characters, each by itself:\n")
    row("judged by", "threshold", "lit", "lit ones that are wrong")
    row(*["---"] * 4)
    for name, judged in sets.items():
        for label, right in {
            f"{name}; the engine alone": judged.engine,
            name: rights[name],
        }.items():
            if right is judged.engine and name != LESSON:
                continue
            threshold = threshold_for(judged, right, 0.6)
            lit, _caught, precision, *_words = light(judged, right, threshold)
            row(label, f"{threshold:.2f}", f"{lit:.1%}", f"{precision:.1%}")
    print("\nAs at the desk, where the whole word of a doubtful character is lit:\n")
    row("lit below", "of all characters", "of the wrong ones", "lit words with a wrong one")
    row(*["---"] * 4)
    for name in (LESSON, NONE):
        for threshold in (0.5, 0.6, 0.7, 0.8, 0.9):
            shares = light(sets[name], rights[name], threshold)[3:]
            row(f"{threshold}, {name}", *(f"{share:.0%}" for share in shares))
    shares = light(sets[LESSON], sets[LESSON].engine, 0.6)[3:]
    row("0.6, the engine alone", *(f"{share:.0%}" for share in shares))


def show_calibration(sets: dict[str, Judged], rights: dict[str, np.ndarray]) -> None:
    print("\nWhat is said of a character, and how many are right:\n")
    row("", "characters", "said", "right")
    row(*["---"] * 4)
    for name in (LESSON, NONE):
        right, wrong = rights[name], sets[name].wrong
        for low, high in ((0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)):
            those = (low <= right) & (right < high)
            figures = f"{right[those].mean():.0%}", f"{1 - wrong[those].mean():.0%}"
            row(f"{name}, {low} to {min(1, high)}", those.sum(), *figures)


def show_cues(judged: Judged, right: np.ndarray) -> None:
    print("\nCues by their least sure character:\n")
    row("flagged below", "of all cues", "with a wrong character", "wrong characters in one")
    row(*["---"] * 4)
    least = least_by(judged.cue, right)
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.1):
        flagged = judged.cue[least < threshold]
        names = sorted(set(flagged))
        counts = np.array([judged.wrong[judged.cue == name].sum() for name in names])
        share = len(names) / len(set(judged.cue))
        row(threshold, f"{share:.0%}", f"{(counts > 0).mean():.0%}", f"{counts.mean():.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--heard", type=Path)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    import django

    django.setup()
    from benchmarks import narrations
    from subtitles.recognition.doubts import WEIGHTS

    heard = hear_narrations(arguments.heard)
    slugs = sorted(heard)
    own = {slug: narrations.beside(slug) for slug in slugs}
    texts = {
        LESSON: own,
        BEGINNING: {slug: own[slug][:90] for slug in slugs},
        OTHER: {slug: own[slugs[i - 1]] for i, slug in enumerate(slugs)},
        NONE: dict.fromkeys(slugs, ""),
    }
    sets = {name: judge(heard, text) for name, text in texts.items()}
    print("WEIGHTS = {")
    for name, weight in zip(WEIGHTS, fit_together(sets.values()), strict=True):
        print(f'    "{name}": {weight:.2f},')
    print("}")
    by_part = [fit_together(sets.values(), without=part) for part in range(PARTS)]
    rights = {name: judged.rightness(by_part) for name, judged in sets.items()}
    total, wrong = len(sets[LESSON].wrong), sets[LESSON].wrong.sum()
    print(f"\n{len(heard)} narrations, {total} characters, {wrong} wrong ({wrong / total:.1%})")
    show_light(sets, rights)
    show_calibration(sets, rights)
    show_cues(sets[LESSON], rights[LESSON])


if __name__ == "__main__":
    main()
