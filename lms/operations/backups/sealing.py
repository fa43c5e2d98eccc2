"""Files that only the owner of a key can read, by age (age-encryption.org); or plain ones."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO

from django.utils.translation import gettext as _

from lms.operations.backups.digests import Digest, copied
from lms.operations.backups.refusals import BackupRefused

SUFFIX = ".age"


def put(source: IO[bytes], target: Path, recipient: str) -> Digest:
    """Have it on the disk at ``target``, for ``recipient`` alone if there is one ("": plain).
    Returns what was in ``source``."""
    with target.open("xb") as file:
        found = sealed(source, file, recipient) if recipient else copied(source, file)
        file.flush()
        os.fsync(file.fileno())
    return found


def sealed(source: IO[bytes], target: IO[bytes], recipient: str) -> Digest:
    found = Digest("", 0)
    with age("--encrypt", "--recipient", recipient, stdin=PIPE, stdout=target) as program:
        assert program.stdin
        with suppress(BrokenPipeError), program.stdin:  # it says itself why it ended
            found = copied(source, program.stdin)
    return found


def get(source: Path, target: IO[bytes], recipient: str, identity: Path | None) -> Digest:
    """Write the plain content to ``target``; a sealed one by the key in the file ``identity``."""
    with source.open("rb") as file:
        if not recipient:
            return copied(file, target)
        if identity is None:
            raise BackupRefused(_("这份备份加了密。请加上 --identity 和密钥文件。"))
        with age("--decrypt", "--identity", str(identity), stdin=file, stdout=PIPE) as program:
            assert program.stdout
            return copied(program.stdout, target)


@contextmanager
def age(*arguments: str, stdin: int | IO[bytes], stdout: int | IO[bytes]) -> Iterator[Popen[bytes]]:
    """Runs beside the block; raises BackupRefused after it when it did not succeed."""
    path = shutil.which("age")
    if path is None:
        raise BackupRefused(_("没有装加密程序 age。请用 root 运行：apt-get install age"))
    with Popen([path, *arguments], stdin=stdin, stdout=stdout, stderr=PIPE) as program:
        yield program
        assert program.stderr
        said = program.stderr.read().decode(errors="replace").strip()
    if program.returncode == 0:
        return
    if "no space left on device" in said:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    [why, *_rest] = said.splitlines() or [str(program.returncode)]
    raise BackupRefused(
        _("加密程序说：%(why)s。什么都没有改。请检查密钥。")
        % {"why": why.removeprefix("age: error: ")}
    )
