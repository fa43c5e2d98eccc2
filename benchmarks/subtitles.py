"""Measure speech recognition: work, memory and errors of each engine on the same weights.

    python benchmarks/subtitles.py [--narrations DIR]

Prints Markdown tables for benchmarks/README.md. Every run is a process of its own; its CPU time
and peak memory are the kernel's figures for it and its children, loading of the model included.
`--narrations` also takes a folder of NAME.m4a with NAME.json beside it (duration_ms; sentences
with start_ms, end_ms, text) and measures our recipe on all of them together.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import subtitles` would find this file

CLIP = ROOT / "courses/starter/media/clip.mp4"


def hear_by_our_recipe(audio: Path) -> str:
    from subtitles.cleaning import clean_segments
    from subtitles.machine import default_options
    from subtitles.recognition import recognise

    options = default_options(engine="faster-whisper")
    with TemporaryDirectory() as work_dir:
        heard = recognise(audio, work_dir=Path(work_dir), options=options)
    return "".join(segment.text for segment in clean_segments(heard, prompt=options.prompt))


def hear_by_faster_whisper(audio: Path) -> str:
    from subtitles.engines import load_engine

    engine = load_engine("faster-whisper", model="bundled")
    heard = engine.transcribe(audio, language="zh", prompt="", hotwords="")
    return "".join(segment.text for segment in heard)


def hear_by_openai(audio: Path, *, beam_size: int | None, best_of: int | None) -> str:
    """All else as openai-whisper's own command does by default."""
    import whisper

    from subtitles.model_files import find_openai_model
    from subtitles.speech import read_wav

    model = whisper.load_model(str(find_openai_model("bundled")))
    result = model.transcribe(
        read_wav(audio),
        language="zh",
        beam_size=beam_size,
        best_of=best_of,
        temperature=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
        condition_on_previous_text=True,
        fp16=False,
    )
    return result["text"]


RUNS: dict[str, Callable[[Path], str]] = {
    "Yinling: faster-whisper int8, beam 5, voice filter, prompt, cleaning": hear_by_our_recipe,
    "faster-whisper int8, beam 5, voice filter, no prompt": hear_by_faster_whisper,
    "openai-whisper, its command's defaults (beam 5)": lambda audio: hear_by_openai(
        audio, beam_size=5, best_of=5
    ),
    "openai-whisper, greedy": lambda audio: hear_by_openai(audio, beam_size=None, best_of=None),
}


def measure(run: str, audio: Path) -> tuple[float, float, str]:
    """Return CPU seconds, peak MiB and the text, of one run in its own process."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "text"
        process = subprocess.Popen(
            [sys.executable, __file__, "--run", run, "--audio", audio, "--output", output]
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{run} failed")
        cpu_seconds = usage.ru_utime + usage.ru_stime
        return cpu_seconds, usage.ru_maxrss / 1024, output.read_text(encoding="utf-8")


def compare_engines(audio: Path, said: str) -> None:
    from benchmarks.error_rate import character_error_rate
    from subtitles.cleaning import simplify
    from subtitles.speech import wav_duration_ms

    seconds = wav_duration_ms(audio) / 1000
    print("| run | CPU s per audio s | peak MiB | CER | CPU against the first |")
    print("|---|---|---|---|---|")
    first_cpu = 0.0
    for run in RUNS:
        cpu, peak, text = measure(run, audio)
        first_cpu = first_cpu or cpu
        errors = character_error_rate(said, simplify(text))
        figures = f"{cpu / seconds:.2f} | {peak:.0f} | {errors:.3f} | {cpu / first_cpu:.1f} ×"
        print(f"| {run} | {figures} |", flush=True)


def measure_narrations(folder: Path) -> None:
    from benchmarks.error_rate import count_edits, heard_characters
    from media.ffmpeg import extract_speech

    edits = characters = count = 0
    seconds = cpu_seconds = 0.0
    run = next(iter(RUNS))
    for facts_file in sorted(folder.glob("*.json")):
        facts = json.loads(facts_file.read_text(encoding="utf-8"))
        said = "".join(sentence["text"] for sentence in facts["sentences"])
        with TemporaryDirectory() as scratch:
            audio = Path(scratch) / "speech.wav"
            source = facts_file.with_suffix(".m4a")
            extract_speech(source, audio, duration_ms=facts["duration_ms"])
            cpu, _peak, text = measure(run, audio)
        edits += count_edits(said, text)
        characters += len(heard_characters(said))
        seconds += facts["duration_ms"] / 1000
        cpu_seconds += cpu
        count += 1
        print(f"{facts['lesson']}: {count_edits(said, text)} edits", file=sys.stderr, flush=True)
    print(
        f"\n{count} narrations, {seconds / 60:.1f} minutes, {characters} characters: "
        f"CER {edits / characters:.3f}, {cpu_seconds / seconds:.2f} CPU s per audio s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--narrations", type=Path)
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--audio", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    import django

    django.setup()
    if arguments.run:
        text = RUNS[arguments.run](arguments.audio)
        arguments.output.write_text(text, encoding="utf-8")
        return

    from media.ffmpeg import extract_speech
    from subtitles.model_files import find_ctranslate2_model, find_openai_model

    find_ctranslate2_model("bundled")  # made before anything is measured
    find_openai_model("bundled")
    lines = CLIP.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    said = "".join(line.split("\t")[3] for line in lines if line.strip())
    with TemporaryDirectory() as scratch:
        audio = Path(scratch) / "speech.wav"
        extract_speech(CLIP, audio, duration_ms=25_100)
        compare_engines(audio, said)
    if arguments.narrations:
        measure_narrations(arguments.narrations)


if __name__ == "__main__":
    main()
