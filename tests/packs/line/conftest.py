"""A city's site on a real address, whose line can be cut."""

from contextlib import contextmanager
from hashlib import sha256
from threading import Thread
from types import SimpleNamespace
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404

from lms.packs import signing
from lms.packs.line import serving
from lms.packs.manifest import MANIFEST, SIGNATURE, Manifest, PackFile, as_bytes

FILES = {
    "课程/01 看天气.mp4": bytes(range(256)) * 2_000,
    "数据/courses.json": b'{"format": 1}',
    "打开.html": "<h1>课</h1>".encode(),
}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_said):
        return


class Cut(OSError):
    """The line."""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """`site.url`; each answer of a file is cut after `site.cut_after` bytes, and what was asked for
    stands in `site.asked`, with the range."""
    site = SimpleNamespace(folder=tmp_path / "city", cut_after=None, asked=[], sent=0)
    site.folder.mkdir()

    def newest():
        if not (site.folder / MANIFEST).exists():
            raise Http404
        told = [(site.folder / name).read_bytes() for name in (MANIFEST, SIGNATURE)]
        return serving.Newest(site.folder, *told)

    monkeypatch.setattr(serving, "newest", newest)

    def answer(environ, start):
        response: Any = None
        request = WSGIRequest(environ)
        name = request.path.rsplit("/", 1)[1]
        try:
            if name == "manifest":
                response = serving.manifest(request)
            elif name == "signature":
                response = serving.signature(request)
            else:
                site.asked.append((name, request.headers.get("Range")))
                response = serving.file(request, name)
        except Http404:
            start("404 Not Found", [("Content-Length", "0")])
            return [b""]
        start(f"{response.status_code} Answer", list(response.items()))
        return sent(response) if response.streaming else [response.content]

    def sent(response):
        left = site.cut_after
        for block in response:
            if left is not None and len(block) > left:
                site.sent += left
                yield block[:left]
                raise Cut
            site.sent += len(block)
            left = None if left is None else left - len(block)
            yield block

    with served(answer) as site.url:
        yield site


@contextmanager
def served(app):
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def made(site):
    """Makes the city's next pack, with other files in it than before where they are given."""
    key = signing.make_key()
    state: dict[str, Any] = {"edition": 0, "files": dict(FILES)}

    def make(**told):
        state["edition"] += 1
        state["files"] = told.get("files", state["files"])
        for name, content in state["files"].items():
            path = site.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        manifest = Manifest(
            name="课程盘",
            edition=state["edition"],
            made_at="2026-11-30T22:00:00+08:00",
            city="海珠区",
            key_id=signing.id_of(key.public_key()),
            files=tuple(
                PackFile(name, len(content), sha256(content).hexdigest())
                for name, content in sorted(state["files"].items())
            ),
        )
        content = as_bytes(manifest)
        (site.folder / MANIFEST).write_bytes(content)
        (site.folder / SIGNATURE).write_bytes(signing.sign(content, [key]))
        return manifest

    make()
    return make
