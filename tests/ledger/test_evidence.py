"""Evidence: judged by what is in the file, and sent to nobody but who sees the row."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from lms.ledger.choices import EvidenceKind
from lms.ledger.evidence_files import EvidenceRefused, check_file
from lms.ledger.models import Evidence
from tests.ledger.tables import office_table
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LATITUDE, GPS = 2, 0x8825


def photograph(kind="JPEG"):
    """Of 300 by 300 pixels, that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS)[LATITUDE] = (23.0, 6.0, 30.0)
    exif[0x010E] = "在沙面大街54号拍的"
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "green").save(file, kind, exif=exif)
    return file.getvalue()


def archive(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr("word/document.xml", b"0" * 20_000_000)
    return file.getvalue()


@pytest.fixture
def send(as_, measure):
    def send(content, *, name, who="teacher", title="签到表"):
        file = SimpleUploadedFile(name, content)
        url = reverse("ledger:add_evidence", args=[measure.pk])
        return as_(who).post(url, {"title": title, "file": file})

    return send


def test_a_photograph_is_kept_without_the_place_where_it_was_taken(send, measure, client):
    assert b"Exif" in photograph()
    assert send(photograph(), name="照片.jpg").status_code == 302
    evidence = measure.evidence.get()
    assert evidence.kind == EvidenceKind.PHOTO
    kept = evidence.file.read()
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert "沙面大街".encode() not in kept
    page = client.get(reverse("ledger:row", args=[measure.pk]))
    address = reverse("ledger:evidence", args=[measure.pk, evidence.pk])
    assert f'src="{address}"' in page.content.decode()
    sent = client.get(address)
    assert sent["Content-Type"] == "image/jpeg"
    assert sent["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "name", "suffix"),
    [
        (PDF, "通知.pdf", ".pdf"),
        (office_table(), "名单.xlsx", ".xlsx"),
        (archive("[Content_Types].xml", "word/document.xml"), "总结.docx", ".docx"),
        (PDF, "不管叫什么.html", ".pdf"),
    ],
)
def test_a_document_is_only_ever_a_download(send, measure, client, content, name, suffix):
    assert send(content, name=name).status_code == 302
    evidence = measure.evidence.get()
    assert evidence.suffix == suffix
    sent = client.get(reverse("ledger:evidence", args=[measure.pk, evidence.pk]))
    assert sent.content == content
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "html" not in sent["Content-Type"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<html><script>alert(1)</script></html>", "通知.pdf", "只收照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "图.svg", "只收照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "图.jpg", "SVG图不能用"),
        (b"MZ\x90\x00" * 100, "照片.jpg", "不是照片"),
        (PDF[:-7], "通知.pdf", "没有传完整"),
        (archive("a.txt"), "材料.zip", "压缩包不能当佐证"),
        (archive("a.txt"), "材料.docx", "压缩包不能当佐证"),
        (
            archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "总结.docx",
            "文件里有宏",
        ),
        (bomb(), "总结.docx", "解开以后太大"),
        (b"PK\x03\x04 broken", "总结.docx", "这个文件坏了"),
        (b"\xd0\xcf\x11\xe0" * 10, "总结.doc", "旧格式"),
        (b"", "空.pdf", "文件是空的"),
        (photograph() + b"<script>1</script>", "照片.jpg", "藏着别的东西"),
    ],
)
def test_anything_else_is_refused_in_words(send, measure, content, name, said):
    response = send(content, name=name)
    assert response.status_code == 422
    assert said in words(response)
    assert Evidence.objects.count() == 0


def test_a_file_that_is_too_large_is_not_read_whole():
    class Endless(SimpleUploadedFile):
        def read(self, size=-1):
            return b"%PDF-" + b"x" * (size - 5)

    with pytest.raises(EvidenceRefused, match="超过20MB"):
        check_file(Endless("通知.pdf", b""))


def test_nobody_has_it_who_does_not_see_the_row(send, measure, as_, client):
    send(PDF, name="通知.pdf")
    evidence = measure.evidence.get()
    address = reverse("ledger:evidence", args=[measure.pk, evidence.pk])
    for who in ("stranger", "other_teacher", "other_street_officer", "volunteer"):
        assert as_(who).get(address).status_code == 404
    for who in ("auditor", "street_officer", "city_officer"):
        assert as_(who).get(address).status_code == 200
    for who in ("city_officer", "superuser", "stranger"):
        assert as_(who).get(f"/media/{evidence.file.name}").status_code == 404


def test_evidence_of_one_row_is_not_had_through_another(send, measure, as_, cast, units):
    send(PDF, name="通知.pdf")
    evidence = measure.evidence.get()
    other = type(measure).objects.create(unit=units["440103002"], task="别的")
    address = reverse("ledger:evidence", args=[other.pk, evidence.pk])
    assert as_("other_street_officer").get(address).status_code == 404


def test_what_is_taken_back_is_gone_and_its_line_stays(
    send, measure, as_, django_capture_on_commit_callbacks
):
    send(PDF, name="通知.pdf")
    evidence = measure.evidence.get()
    path = Path(settings.MEDIA_ROOT) / evidence.file.name
    assert path.exists()
    address = reverse("ledger:take_back", args=[measure.pk, evidence.pk])
    with django_capture_on_commit_callbacks(execute=True):
        as_("street_officer").post(address)
    assert not path.exists()
    got = as_("teacher").get(reverse("ledger:evidence", args=[measure.pk, evidence.pk]))
    assert got.status_code == 404
    assert measure.changes.filter(act="hidden", now="签到表").exists()


@pytest.mark.parametrize(
    ("link", "taken"),
    [
        ("https://www.gov.cn/a", True), ("http://example.org/", True),
        ("javascript:alert(1)", False), ("file:///etc/passwd", False), ("www.gov.cn", False),
        ("", False),
    ],
)  # fmt: skip
def test_an_address_leads_to_the_web_and_nowhere_else(as_, measure, link, taken):
    url = reverse("ledger:add_evidence", args=[measure.pk])
    response = as_("teacher").post(url, {"title": "通知", "link": link})
    assert response.status_code == (302 if taken else 422)
    assert measure.evidence.exists() is taken
