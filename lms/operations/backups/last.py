"""How the last backup went, for whoever looks after the site. Kept beside the data and not in it: a
database that came back from a backup would tell of the one before."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class LastBackup:
    ended_at: datetime  # with its zone
    ok: bool
    said: str  # what the command said, in one sentence
    file: str  # where it is; where it should have been


def last_backup() -> LastBackup | None:
    """Of database and media, made on this machine; None: there was none yet."""
    try:
        told = json.loads(note().read_text())
        return LastBackup(**told | {"ended_at": datetime.fromisoformat(told["ended_at"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # a full disk cuts it off
        return None


def remember(backup: LastBackup) -> None:
    told = asdict(backup) | {"ended_at": backup.ended_at.isoformat()}
    note().write_text(json.dumps(told, ensure_ascii=False))


def note() -> Path:
    return Path(settings.VAR_DIR) / "last-backup.json"
