"""Measure speech recognition: errors, coverage, holes, invented lines, work and memory.

    python benchmarks/subtitles.py                    # our recipe on all 42 narrations in one film
    python benchmarks/subtitles.py --noise MINUTES    # what it writes where nobody speaks
    python benchmarks/subtitles.py --engines ROUNDS [--lessons N]   # against openai-whisper

Prints Markdown tables for benchmarks/README.md. Everything heard is heard in a process of its own,
whose CPU time and peak memory are the kernel's figures, children included. The cost of loading is
that of the same process hearing half a second, and is taken off. Run it on a quiet machine: threads
that wait for one another count as work.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import subtitles` would find this file

Heard = list[dict[str, Any]]
"""Cues: start_ms, end_ms, text, is_hole."""


def hear_as_we_do(audio: Path, beside: str) -> Heard:
    from subtitles.chinese.homophones import Vocabulary
    from subtitles.chinese.words import domain_words
    from subtitles.recognition.machine import default_options, make_cues

    with TemporaryDirectory() as work_dir:
        cues = make_cues(
            audio,
            work_dir=Path(work_dir),
            options=default_options(engine="faster-whisper", model="bundled"),
            vocabulary=Vocabulary(beside, domain_words()) if beside else None,
        )
    return [
        {"start_ms": c.start_ms, "end_ms": c.end_ms, "text": c.text, "is_hole": c.is_hole}
        for c in cues
    ]


def hear_by_openai(audio: Path, _beside: str) -> Heard:
    """All as openai-whisper's own command does by default."""
    import whisper

    from subtitles.chinese.cleaning import simplify
    from subtitles.engines.model_files import find_openai_model
    from subtitles.engines.speech import read_wav

    result = whisper.load_model(str(find_openai_model("bundled"))).transcribe(
        read_wav(audio),
        language="zh",
        beam_size=5,
        best_of=5,
        temperature=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
        condition_on_previous_text=True,
        fp16=False,
    )
    return [
        {
            "start_ms": round(segment["start"] * 1000),
            "end_ms": round(segment["end"] * 1000),
            "text": simplify(segment["text"]),
            "is_hole": False,
        }
        for segment in result["segments"]
    ]


WAYS: dict[str, Callable[[Path, str], Heard]] = {
    "Yinling": hear_as_we_do,
    "openai-whisper": hear_by_openai,
}


def hear(way: str, audio: Path, *, beside: str = "", threads: int = 1) -> tuple[Heard, float, int]:
    """Return the cues, CPU seconds and peak MiB of a process that hears `audio`."""
    with TemporaryDirectory() as folder:
        output, lesson = Path(folder) / "heard.json", Path(folder) / "beside.txt"
        lesson.write_text(beside, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, __file__, "--hear", way, audio, lesson, output],
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{way} failed")
        heard = json.loads(output.read_text(encoding="utf-8"))
        return heard, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def loading_seconds(way: str, folder: Path, *, threads: int = 1) -> float:
    """CPU seconds of a process that hears half a second of speech."""
    from benchmarks import narrations
    from subtitles.engines.speech import SpeechSpan, copy_wav

    moment = folder / "moment.wav"
    copy_wav(narrations.extract("scan-to-pay", folder), SpeechSpan(500, 1_000), moment)
    return hear(way, moment, threads=threads)[1]


def errors_and_coverage(heard: Heard, audio: Path, said: str) -> tuple[float, float, int]:
    """Return CER, the share of voiced time under a cue with words, and holes above 1.5 s."""
    from benchmarks.error_rate import character_error_rate
    from subtitles.chinese.numbers import numbers_as_written
    from subtitles.engines import Segment, Word
    from subtitles.engines.speech import find_voice
    from subtitles.recognition.holes import find_holes

    worded = [cue for cue in heard if not cue["is_hole"]]
    text = numbers_as_written("".join(cue["text"] for cue in worded))
    voiced = find_voice(audio).voiced
    covered = sum(span.overlap_ms(c["start_ms"], c["end_ms"]) for span in voiced for c in worded)
    as_words = [
        Segment(c["start_ms"], c["end_ms"], "", (Word(c["start_ms"], c["end_ms"], "字", None),))
        for c in worded
    ]
    return (
        character_error_rate(numbers_as_written(said), text),
        covered / sum(span.duration_ms for span in voiced),
        len(find_holes(voiced, as_words)),
    )


def measure_our_recipe(folder: Path) -> None:
    from benchmarks import narrations
    from subtitles.engines.speech import wav_duration_ms

    slugs = list(narrations.lessons())
    film = narrations.join(slugs, folder)
    said = "".join(map(narrations.said, slugs))
    beside = "\n".join(map(narrations.beside, slugs))
    seconds = wav_duration_ms(film) / 1000
    loading = loading_seconds("Yinling", folder)
    print(f"{len(slugs)} narrations in one film of {seconds / 60:.1f} minutes\n")
    print("| told of the film | CER | coverage | holes | CPU s per audio s | peak MiB |")
    print("|---|---|---|---|---|---|")
    for told, text in (
        ("nothing", ""),
        ("the lessons' pages, without what is read aloud", beside),
        ("the lessons' pages, with it", f"{beside}\n{said}"),
    ):
        heard, cpu, peak = hear("Yinling", film, beside=text)
        errors, coverage, holes = errors_and_coverage(heard, film, said)
        work = (cpu - loading) / seconds
        print(f"| {told} | {errors:.4f} | {coverage:.1%} | {holes} | {work:.3f} | {peak} |")
        sys.stdout.flush()


def measure_noise(minutes: int, folder: Path) -> None:
    from tests.subtitles.sounds import WITHOUT_SPEECH, write_wav

    print("| sound without speech | minutes | lines | marked holes |\n|---|---|---|---|")
    for name, make_sound in WITHOUT_SPEECH.items():
        recording = write_wav(folder / "sound.wav", make_sound(60 * minutes))
        heard, _cpu, _peak = hear("Yinling", recording)
        holes = sum(cue["is_hole"] for cue in heard)
        print(f"| {name} | {minutes} | {len(heard) - holes} | {holes} |", flush=True)


def compare_engines(rounds: int, lessons: int, folder: Path) -> None:
    """Interleaved: each round hears the same film in every way."""
    from benchmarks import narrations
    from subtitles.engines.speech import wav_duration_ms

    every = list(narrations.lessons())
    slugs: Sequence[str] = every[:: max(1, len(every) // lessons)][:lessons]
    film = narrations.join(slugs, folder)
    said = "".join(map(narrations.said, slugs))
    seconds = wav_duration_ms(film) / 1000
    ways = {"Yinling, one thread": ("Yinling", 1)} | {
        f"openai-whisper's command, {threads} thread{'s' * (threads > 1)}": (
            "openai-whisper",
            threads,
        )
        for threads in (1, 2)
    }
    work: dict[str, list[float]] = {name: [] for name in ways}
    rest: dict[str, tuple[float, float, int, int]] = {}
    for _round in range(rounds):
        for name, (way, threads) in ways.items():
            loading = loading_seconds(way, folder, threads=threads)
            heard, cpu, peak = hear(way, film, threads=threads)
            work[name].append((cpu - loading) / seconds)
            rest[name] = (*errors_and_coverage(heard, film, said), peak)
    first = next(iter(ways))
    print(
        f"{len(slugs)} narrations, {seconds / 60:.1f} minutes, {rounds} rounds, loading left out\n"
    )
    print("| way | CPU s per audio s | × ours, by round | CER | coverage | holes | MiB |")
    print("|---|---|---|---|---|---|---|")
    for name in ways:
        ratios = [theirs / ours for theirs, ours in zip(work[name], work[first], strict=True)]
        errors, coverage, holes, peak = rest[name]
        shown = ", ".join(f"{ratio:.1f}" for ratio in ratios)
        print(
            f"| {name} | {median(work[name]):.3f} | {shown} | {errors:.3f} | {coverage:.1%} "
            f"| {holes} | {peak} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--noise", type=int, metavar="MINUTES")
    parser.add_argument("--engines", type=int, metavar="ROUNDS")
    parser.add_argument("--lessons", type=int, default=42)
    parser.add_argument("--hear", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    import django

    django.setup()
    if arguments.hear:
        way, audio, beside, output = arguments.hear
        heard = WAYS[way](Path(audio), Path(beside).read_text(encoding="utf-8"))
        Path(output).write_text(json.dumps(heard), encoding="utf-8")
        return

    from subtitles.engines.model_files import find_ctranslate2_model, find_openai_model

    find_ctranslate2_model("bundled")  # made before anything is measured
    with TemporaryDirectory() as scratch:
        if arguments.noise:
            measure_noise(arguments.noise, Path(scratch))
        elif arguments.engines:
            find_openai_model("bundled")
            compare_engines(arguments.engines, arguments.lessons, Path(scratch))
        else:
            measure_our_recipe(Path(scratch))


if __name__ == "__main__":
    main()
