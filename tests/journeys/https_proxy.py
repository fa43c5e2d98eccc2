"""What stands before a city's site: HTTPS outside, plain HTTP and the headers of a proxy inside."""

import datetime
import ssl
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "127.0.0.1"
#: Of one connection, and so not passed on.
OF_A_HOP = {"connection", "transfer-encoding", "content-length"}


def certificate(folder: Path) -> Path:
    """A key and a certificate for this machine, signed by nobody, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HERE)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "https.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(pem)
    )
    return file


class HttpsProxy:
    """Passes requests on to a site's port, as whoever speaks HTTPS for it would."""

    def __init__(self, site_port: int, folder: Path) -> None:
        class Passes(PassesOn):
            port = site_port

        self.server = ThreadingHTTPServer((HERE, 0), Passes)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://{HERE}:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class PassesOn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    port: int

    def pass_on(self) -> None:
        """Whole, since no page of ours is larger than memory."""
        length = int(self.headers.get("Content-Length") or 0)
        sent = {name: value for name, value in self.headers.items() if name.lower() not in OF_A_HOP}
        sent |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.client_address[0]}
        inside = HTTPConnection(HERE, self.port, timeout=120)
        inside.request(self.command, self.path, self.rfile.read(length) if length else None, sent)
        answer = inside.getresponse()
        body = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in OF_A_HOP:
                self.send_header(name, value)
        if answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        inside.close()

    do_GET = do_HEAD = do_POST = pass_on  # noqa: N815  # as the library calls them

    def log_message(self, *words: Any) -> None:
        """Nothing: the site has its own log."""
