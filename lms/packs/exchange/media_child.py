"""The process in which a stranger's pictures, films and sounds are opened, so that a hostile one
costs its own time and memory only.

    python -m lms.packs.exchange.media_child < asked.json

Asked is `{"limits": {…}, "files": [{"kind": "picture" or "media", "path": …}]}`; of each a line of
JSON comes back. It knows none of our settings but those limits, opens no database and no address,
and writes no file.
"""

import json
import os
import resource
import sys
import warnings
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from PIL import Image

from media.ffmpeg.probe import UnusableMedia, probe

NICENESS: Final = 10
CPU_SECONDS: Final = 900
MEMORY_BYTES: Final = 3 * 2**30
OPEN_FILES: Final = 64
FORMATS: Final = {
    ".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF", ".avif": "AVIF",
}  # fmt: skip
MOST_PIXELS: Final = 50_000_000


def limit_itself() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def picture_facts(path: Path) -> dict[str, Any]:
    """Raises ValueError for what is no picture of its suffix, or a huge one; else what Pillow
    raises."""
    with Image.open(path, formats=[FORMATS[path.suffix]]) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.load()
    return {"width": width, "height": height}


def media_facts(path: Path) -> dict[str, Any]:
    facts = probe(path)
    return {
        "container": facts.container,
        "duration_ms": facts.duration_ms,
        "video": facts.video_codec if facts.has_video else None,
        "audio": facts.audio_codec if facts.has_audio else None,
        "width": facts.width,
        "height": facts.height,
    }


def main() -> None:
    asked = json.load(sys.stdin)
    limit_itself()
    settings.configure(USE_I18N=False, **asked["limits"])
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    readers = {"picture": picture_facts, "media": media_facts}
    for file in asked["files"]:
        told: dict[str, Any] = {"path": file["path"]}
        try:
            told["facts"] = readers[file["kind"]](Path(file["path"]))
        except UnusableMedia as reason:
            told["refused"] = str(reason)
        except Exception:  # noqa: BLE001 - whatever a decoder raises, the file is not taken
            told["refused"] = ""
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
