"""A telephone company on this machine, which answers as the real one does: it reckons the signature
by itself, knows a nonce again, and answers what a test tells it to."""

import base64
import hmac
import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote_plus

ID, SECRET = "testId", "testSecret"
SIGN_NAME = "翠洲学堂"
TEMPLATES = {
    name: f"SMS_{name}"
    for name in ("code", "cancelled", "moved", "restored", "tomorrow", "digest", "work")
}


def reckoned(form: dict[str, str]) -> str:
    """The signature, by other means than ours."""

    def escaped(text: str) -> str:
        return quote_plus(text).replace("+", "%20").replace("*", "%2A").replace("%7E", "~")

    pairs = sorted((escaped(k), escaped(v)) for k, v in form.items() if k != "Signature")
    line = "&".join(map("=".join, pairs))
    signed = "&".join(["POST", "%2F", escaped(line)])
    return base64.b64encode(hmac.digest(f"{SECRET}&".encode(), signed.encode(), "sha1")).decode()


class Company:
    """`says`: what it answers next, one after the other, and then OK. What was handed over to it
    and taken lies in `taken`."""

    def __init__(self):
        self.says: list[str] = []
        self.asked: list[dict[str, str]] = []
        self.taken: list[dict[str, str]] = []
        self.nonces: set[str] = set()
        self.over = threading.Event()
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                company.answer(self, body)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def numbers(self) -> Counter:
        return Counter(form["PhoneNumbers"] for form in self.taken)

    def answer(self, handler, body: bytes) -> None:
        form = dict(parse_qsl(body.decode()))
        self.asked.append(form)
        said = self.says.pop(0) if self.says else "OK"
        if form["Signature"] != reckoned(form):
            self.write(handler, 400, "SignatureDoesNotMatch")
        elif form["SignatureNonce"] in self.nonces:
            self.write(handler, 400, "SignatureNonceUsed")
        elif said == "gone":  # an error of something before it, and no message is taken
            handler.send_error(500)
        else:
            self.nonces.add(form["SignatureNonce"])
            if said in {"OK", "silence"}:
                self.taken.append(form)
            if said == "silence":
                self.over.wait(30)
            elif said == "Throttling.User":
                self.write(handler, 400, said)
            else:
                self.write(handler, 200, said)

    def write(self, handler, status: int, code: str) -> None:
        said = json.dumps({"Code": code, "Message": code, "BizId": "900619746936498440^0"})
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(said.encode())
