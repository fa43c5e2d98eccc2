"""A client that sends a film in pieces, and the film."""

from base64 import b64encode

FILM = bytes(range(256)) * 40
SIZE = len(FILM)
UPLOADS = "/admin/videos/uploads/"


class Sender:
    """A tus client, as plain as can be."""

    def __init__(self, client):
        self.client = client

    def ask(self, method, url, body=b"", *, content_type="", **headers):
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.client.generic(
            method, url, body, content_type, headers={"Tus-Resumable": "1.0.0", **named}
        )

    def begin(self, *, name="量 '血压' 😀.mp4", size=SIZE, modified="1", kind="video/mp4"):
        told = {"filename": name, "filetype": kind, "modified": modified}
        pairs = (f"{key} {b64encode(value.encode()).decode()}" for key, value in told.items())
        return self.ask("POST", UPLOADS, Upload_Length=size, Upload_Metadata=",".join(pairs))

    def send(self, url, body, *, at, content_type="application/offset+octet-stream", **headers):
        return self.ask("PATCH", url, body, content_type=content_type, Upload_Offset=at, **headers)

    def offset(self, url):
        return int(self.ask("HEAD", url)["Upload-Offset"])

    def hand_in(self, url, **fields):
        key = url.rstrip("/").rpartition("/")[2]
        data = {"title": "量血压", "spoken_language": "zh", "upload": key, **fields}
        return self.client.post("/admin/videos/new/", data)


def files(tmp_path):
    return sorted(str(path.parent.name) for path in tmp_path.rglob("*") if path.is_file())
