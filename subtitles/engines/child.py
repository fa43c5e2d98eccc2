"""The process in which an engine works, so that a crash or a leak in it ends with it.

    python -m subtitles.engines.child DOTTED_PATH MODEL_FILE

Each line of standard input asks for one recording; the answers are lines of standard output, one a
segment and `{"done": true}` at the end. It needs neither Django's settings nor a database, and it
leaves at once when standard input closes, which also happens when its parent is killed.
"""

import json
import os
import queue
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO

from django.utils.module_loading import import_string


def main(dotted_path: str, model_file: str) -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is not an answer
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_until_orphaned, args=(sys.stdin, requests), daemon=True).start()
    engine = import_string(dotted_path)(model_file)
    while True:
        request = json.loads(requests.get())
        audio = Path(request.pop("audio"))
        for segment in engine.transcribe(audio, **request):
            print(json.dumps(asdict(segment)), file=answers, flush=True)
        print(json.dumps({"done": True}), file=answers, flush=True)


def _read_until_orphaned(source: IO[str], requests: "queue.SimpleQueue[str]") -> None:
    for line in source:
        requests.put(line)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
