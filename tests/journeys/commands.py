"""Management commands of one site, one after the other in one process: it has Django ready, which
takes seconds. Reads a JSON list of arguments a line, answers with a line of JSON."""

import contextlib
import io
import json
import os
import sys
import traceback


def run(arguments: list[str]) -> dict[str, object]:
    """The exit code, and what it printed, as a process of its own would tell them."""
    from django.core.management import ManagementUtility
    from django.db import connections

    said, complained = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        try:
            ManagementUtility(["manage.py", *arguments]).execute()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except Exception:  # noqa: BLE001  # as Python itself would at the end of a process
            traceback.print_exc()
            code = 1
        connections.close_all()
    return {"code": code, "said": said.getvalue(), "complained": complained.getvalue()}


def main() -> None:
    # FFmpeg and the like write to this process's output too: the answers get one of their own.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
