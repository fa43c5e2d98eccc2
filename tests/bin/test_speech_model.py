"""bin/speech-model: a model's folder is there whole, checked, or not at all."""

import hashlib
import io
import os
import pty
import subprocess
import tarfile
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings

from subtitles.engines.sherpa_onnx import family_of
from tests.subtitles.by_heart import Piece, make_sense_voice

SPEECH_MODEL = settings.BASE_DIR / "bin/speech-model"


def fetch(*arguments):
    return subprocess.run(
        [SPEECH_MODEL, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def sum_of(archive):
    return hashlib.sha256(archive.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    home = tmp_path_factory.mktemp("publisher")
    model = make_sense_voice(home / "sense-voice-2026", [Piece(1_000, [(0, "好")])])
    (model / "LICENSE").write_text("You may use it where its name stands.", encoding="utf-8")
    packed = home / "sense-voice.tar.bz2"
    with tarfile.open(packed, "w:bz2") as tar:
        tar.add(model, model.name)
    return packed


@pytest.fixture
def published(archive):
    handler = partial(SimpleHTTPRequestHandler, directory=str(archive.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{archive.name}"
    server.shutdown()
    server.server_close()


def test_it_fetches_checks_and_unpacks_a_model_and_shows_its_licence(published, archive, tmp_path):
    folder = tmp_path / "models/sense-voice"
    done = fetch("sense-voice", folder, "--from", published, "--sha256", sum_of(archive).upper())
    assert done.returncode == 0, done.stderr
    found = family_of(folder)
    assert found is not None
    assert found[0].name == "SenseVoice"
    assert "FunASR Model Open Source License" in done.stdout
    assert "You may use it where its name stands." in done.stdout
    assert list(folder.parent.iterdir()) == [folder]
    again = fetch("sense-voice", folder, "--from", "nowhere")
    assert (again.returncode, "already" in again.stdout) == (0, True)


@pytest.mark.parametrize("sum_given", [[], ["--sha256", "0" * 64]], ids=["none", "wrong"])
def test_an_archive_whose_sum_nobody_vouches_for_is_not_unpacked(sum_given, archive, tmp_path):
    done = fetch("sense-voice", tmp_path / "model", "--from", archive, *sum_given)
    assert done.returncode == 1
    assert sum_of(archive) in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("answer", "kept"), [(b"y\n", True), (b"\n", False)])
def test_a_person_may_say_that_the_sum_is_right(answer, kept, archive, tmp_path):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [SPEECH_MODEL, "sense-voice", tmp_path / "model", "--from", archive],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.write(ours, answer)
    said = process.communicate(timeout=60)[0]
    os.close(ours)
    os.close(theirs)
    assert sum_of(archive) in said
    assert (process.returncode == 0) is kept
    assert (tmp_path / "model").exists() is kept
    assert len(list(tmp_path.iterdir())) == kept


def test_who_is_told_to_stop_leaves_nothing_half_made(tmp_path):
    source = tmp_path / "never-ends.tar"
    os.mkfifo(source)
    home = tmp_path / "home/models"
    process = subprocess.Popen([SPEECH_MODEL, "sense-voice", home / "m", "--from", source])
    with source.open("wb") as sender:  # opens when it reads
        sender.write(b"the beginning")
        sender.flush()
        assert any(home.iterdir())
        while process.poll() is None:  # a signal just before a read begins is heard at the next
            process.terminate()
            time.sleep(0.05)
    assert list(home.iterdir()) == []


def upwards(tar):
    member = tarfile.TarInfo("../../escaped.txt")
    member.size = 1
    tar.addfile(member, io.BytesIO(b"x"))


def link_away(tar):
    member = tarfile.TarInfo("model/tokens.txt")
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    tar.addfile(member)


def another_model(tar):
    member = tarfile.TarInfo("model/tokens.txt")
    tar.addfile(member, io.BytesIO(b""))


def too_many(tar):
    for number in range(2_001):
        tar.addfile(tarfile.TarInfo(f"model/{number}"), io.BytesIO(b""))


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        (upwards, "outside its folder"),
        (link_away, "no plain file"),
        (another_model, "holds no sense-voice"),
        (too_many, "more than any model"),
        (None, "damaged"),
    ],
)
def test_an_archive_that_is_no_such_model_leaves_nothing_behind(hold, words, tmp_path):
    packed = tmp_path / "archive.tar"
    if hold is None:
        packed.write_bytes(b"no archive " * 100)
    else:
        with tarfile.open(packed, "w") as tar:
            hold(tar)
    home = tmp_path / "home/models"
    done = fetch("sense-voice", home / "m", "--from", packed, "--sha256", sum_of(packed))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert words in done.stderr
    assert list(home.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.tar", "home"]


def test_a_folder_that_holds_something_else_is_left_alone(archive, tmp_path):
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    done = fetch("sense-voice", tmp_path, "--from", archive, "--sha256", sum_of(archive))
    assert done.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_address_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path):
    source = "http://127.0.0.1:9/model.tar.bz2"
    done = fetch("paraformer", tmp_path / "m", "--from", source)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "could not be read" in done.stderr
