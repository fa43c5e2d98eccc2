"""收课程包: a ZIP is looked through, and what was ticked comes as drafts."""

import os
import stat
import struct
import zipfile
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.models import LessonPage
from lms.packs import signing
from lms.packs.exchange.brought import brought_folder
from lms.packs.making.laying_down import files_of
from lms.packs.manifest import MANIFEST, SIGNATURE, Manifest, as_bytes
from tests.packs.exchange.conftest import FILMED, THIRD, document
from tests.staff_pages import words

pytestmark = pytest.mark.django_db
IN, OK, NONE, WRONG = "sign-in", 200, 404, 422


@pytest.fixture
def people(django_user_model):
    made = {
        "administrator": django_user_model.objects.create_superuser("root", "r@example.com"),
        "editor": django_user_model.objects.create_user("lin"),
        "learner": django_user_model.objects.create_user("li"),
    }
    made["editor"].groups.add(Group.objects.get(name="课程编辑"))
    return made


@pytest.fixture
def as_(people):
    def browser(who):
        client = Client()
        if who != "anonymous":
            client.force_login(people[who])
        return client

    return browser


def zipped(folder, *, within="", only=""):
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name.startswith(only):
                archive.write(path, within + name.removeprefix(only))
    return file.getvalue()


def upload(browser, content):
    file = SimpleUploadedFile("pack.zip", content, content_type="application/zip")
    return browser.post(reverse("packs:bring_in"), {"package": file})


def signed(folder, *, key=None):
    key = key or signing.make_key()
    public = key.public_key()
    manifest = as_bytes(
        Manifest(
            name="课程盘",
            edition=1,
            made_at="2026-11-30T22:00:00+08:00",
            city="海珠区",
            key_id=signing.id_of(public),
            files=files_of(folder),
            keys=(signing.in_words(public),),
        )
    )
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SIGNATURE).write_bytes(signing.sign(manifest, [key]))
    return folder


ROLES = ("anonymous", "learner", "editor", "administrator")
ACCESS = [
    ("bring_in", "get", (IN, NONE, OK, OK)),
    ("bring_in", "post", (IN, NONE, WRONG, WRONG)),
    ("brought", "get", (IN, NONE, NONE, NONE)),
    ("take_in", "post", (IN, NONE, NONE, NONE)),
]


@pytest.mark.parametrize("who", ROLES)
def test_who_gets_what(as_, who):
    browser = as_(who)
    for name, method, outcomes in ACCESS:
        args = [] if name == "bring_in" else [uuid4()]
        answer = getattr(browser, method)(reverse(f"packs:{name}", args=args), {})
        wanted = outcomes[ROLES.index(who)]
        if wanted == IN:
            assert answer["Location"].startswith("/accounts/login/"), name
        else:
            assert answer.status_code == wanted, (name, method)


@pytest.mark.parametrize(("within", "only"), [("", ""), ("数据/", "数据/"), ("", "数据/")])
def test_lessons_come_as_drafts_those_that_were_ticked(as_, packed, within, only):
    browser = as_("administrator")
    answer = upload(browser, zipped(packed, within=within, only=only))
    assert answer.status_code == 302, words(answer)
    page = browser.get(answer["Location"])
    assert "不是这里相信的城市" in words(page)
    keys = {
        lesson["slug"]: lesson["key"]
        for room in document(packed)["classrooms"]
        for lesson in room["lessons"]
    }
    for key in keys.values():
        assert f'value="{key}"' in page.content.decode()
    assert not LessonPage.objects.exists()
    taken = browser.post(answer["Location"] + "take/", {"lesson": [keys[THIRD]]})
    assert "都是草稿" in words(taken)
    [lesson] = LessonPage.objects.all()
    assert (lesson.slug, lesson.live) == (THIRD, False)
    assert lesson.get_latest_revision().user.username == "root"
    assert not any(brought_folder().iterdir())


def test_nothing_ticked_takes_nothing(as_, packed):
    browser = as_("administrator")
    answer = upload(browser, zipped(packed))
    told = browser.post(answer["Location"] + "take/")
    assert told.status_code == 422
    assert "至少勾一课" in words(told)
    assert not LessonPage.objects.exists()


def test_an_editor_takes_what_a_trusted_city_signed_and_no_strangers(as_, packed):
    browser = as_("editor")
    stranger = upload(browser, zipped(packed))["Location"]
    assert "请管理员来收" in words(browser.get(stranger))
    assert browser.post(stranger + "take/", {"lesson": ["x"]}).status_code == 404
    trusted = upload(browser, zipped(signed(packed)))["Location"]
    page = browser.get(trusted)
    assert "签名对得上" in words(page)
    key = page.content.decode().split('name="lesson" value="')[1][:36]
    assert browser.post(trusted + "take/", {"lesson": [key]}).status_code == 200
    assert LessonPage.objects.count() == 1


def test_somebody_elses_upload_is_not_shown(as_, packed):
    address = upload(as_("administrator"), zipped(signed(packed)))["Location"]
    assert as_("editor").get(address).status_code == 404


def test_a_signed_pack_that_was_changed_is_refused(as_, packed):
    signed(packed)
    path = packed / "数据/courses.json"
    path.write_text(path.read_text().replace(FILMED, "weather-changed"))
    assert upload(as_("administrator"), zipped(packed)).status_code == 422


def expect_refused(as_, content, word=""):
    answer = upload(as_("administrator"), content)
    assert answer.status_code == 422
    assert word in words(answer)
    assert not brought_folder().exists() or not any(brought_folder().iterdir())


def archive_with(*entries):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "name",
    ["../secret", "数据/../../secret", "/etc/secret", "C:/secret", "a\\..\\secret", "con", "a\x01"],
)
def test_paths_that_lead_elsewhere_are_refused(as_, name, tmp_path):
    expect_refused(as_, archive_with(("数据/courses.json", "{}"), (name, "secret")))
    assert not list(tmp_path.rglob("secret"))


def test_a_bomb_is_refused_before_it_is_unpacked(as_):
    expect_refused(as_, archive_with(("数据/courses.json", b"0" * 40_000_000)), "太大")


def test_a_link_is_refused(as_):
    link = zipfile.ZipInfo("数据/courses.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    expect_refused(as_, archive_with((link, "/etc/passwd")), "快捷方式")


def test_a_size_that_lies_is_refused(as_):
    content = archive_with(("数据/courses.json", b"{}" * 50))
    size = struct.pack("<I", 100)
    expect_refused(as_, content.replace(size, struct.pack("<I", 10)))


def test_two_files_of_one_name_are_refused(as_):
    with pytest.warns(UserWarning, match="Duplicate"):
        content = archive_with(("数据/courses.json", "{}"), ("数据/courses.json", "{}"))
    expect_refused(as_, content, "两个")


@pytest.mark.parametrize("content", [b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_zip_is_refused(as_, content):
    expect_refused(as_, content, "压缩包")


def test_a_zip_without_lessons_is_refused(as_):
    expect_refused(as_, archive_with(("说明.txt", "您好")), "没有课程包")


def test_what_was_never_taken_in_goes_after_two_days(as_, packed):
    browser = as_("administrator")
    old = upload(browser, zipped(packed))["Location"]
    home = brought_folder() / UUID(old.split("/")[-2]).hex
    os.utime(home, (0, 0))
    upload(browser, zipped(packed))
    assert browser.get(old).status_code == 404
    assert len(list(brought_folder().iterdir())) == 1
