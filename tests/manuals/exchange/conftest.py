import pytest

from lms.manuals.exchange.originals.child import read_files
from lms.manuals.exchange.originals.drafted import DraftedManual
from lms.manuals.exchange.originals.running import DRAFT


@pytest.fixture
def read(tmp_path):
    """A function: the draft of files, read in this process."""

    def read(*files: bytes, suffix: str = "") -> DraftedManual:
        for number, data in enumerate(files, 1):
            (tmp_path / f"source-{number:02}{suffix}").write_bytes(data)
        read_files(tmp_path)
        return DRAFT.validate_json((tmp_path / "draft.json").read_bytes())

    return read
