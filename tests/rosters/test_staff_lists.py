"""Staff by spreadsheet: read, judged, imported, taken back, and their slips printed."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdfium2 import PdfDocument

from lms.accounts.models import User
from lms.people.choices import Role
from lms.people.models import RoleAssignment, RoleEvent
from lms.rosters.choices import StaffVerdict
from lms.rosters.models import StaffImport
from lms.rosters.spreadsheets import SpreadsheetRefused, read_spreadsheet
from lms.rosters.staff.matching import match_staff
from lms.rosters.staff.reading import read_staff
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

LIST = "何老师,19900000021,翠洲社区,教师\n黄老师,,翠洲社区,志愿者\n坏,1,翠洲社区,教师"
HEAD = "姓名,手机号,单位,角色\n"


def judged(text, user):
    rows, _notes = read_staff(read_spreadsheet((HEAD + text).encode(), file_name="人员.csv"))
    match_staff(rows, user=user)
    return rows


def send(client, text, head=HEAD):
    file = SimpleUploadedFile("人员.csv", (head + text).encode())
    return client.post("/people/lists/", {"file": file})


def imported(client, text):
    url = send(client, text).url
    client.post(url, {"do": "import"})
    return url


@pytest.mark.parametrize(
    ("line", "verdict", "said"),
    [
        ("何老师,19900000021,440103001001,教师", StaffVerdict.NEW, ""),
        ("何老师,199 0000 0021,翠洲社区居委会,老师", StaffVerdict.NEW, ""),
        ("何老师,,翠洲社区,志愿者", StaffVerdict.NEW, ""),
        ("何老师,19900000021,440103001001,校长", StaffVerdict.BAD, "“校长”不是角色"),
        ("何老师,02081234567,440103001001,教师", StaffVerdict.BAD, "座机"),
        ("何老师,199,440103001001,教师", StaffVerdict.BAD, "11个数字"),
        ("何老师,19900000021,和平社区,教师", StaffVerdict.BAD, "您管的单位里没有“和平社区”"),
        ("何老师,19900000021,,教师", StaffVerdict.BAD, "没有写"),
        ("何老师,19900000021,440103001,管理员", StaffVerdict.BAD, "请找上一级的管理员"),
        ("何老师,19900000021,440103001001,管理员", StaffVerdict.NEW, ""),
        (",19900000021,440103001001,教师", StaffVerdict.BAD, "没有写"),
        ("=1+1,19900000021,440103001001,教师", StaffVerdict.BAD, "公式"),
    ],
)
def test_each_row_is_judged_and_what_is_wrong_is_said(cast, line, verdict, said):
    [row] = judged(line, cast.street_officer)
    assert row.verdict == verdict
    assert said in "；".join(row.why)


def test_rows_are_judged_beside_each_other(cast):
    rows = judged(
        "何老师,19900000021,440103001001,教师\n"
        "何老师,19900000021,440103001001,教师\n"
        "何老师,19900000021,440103001002,教师\n"
        "李老师,19900000021,440103001002,教师\n",
        cast.street_officer,
    )
    assert [row.verdict for row in rows] == ["new", "double", "known", "bad"]
    assert "姓名不一样" in rows[3].why[0]


def test_who_works_there_already_is_left_as_it_is(as_, cast):
    client = as_("street_officer")
    text = "何老师,19900000021,440103001001,教师\n黄老师,,440103001001,教师"
    imported(client, text)
    assert [row.verdict for row in judged(text, cast.street_officer)] == ["has_role"] * 2
    [row] = judged("李老师,19900000021,440103001001,教师", cast.street_officer)
    assert "别的姓名" in row.why[0]


def test_a_list_without_its_headings_or_with_identity_numbers_is_refused(cast):
    for text in ("何老师,19900000021\n", HEAD + "何老师,440103195001010018,440103001001,教师\n"):
        with pytest.raises(SpreadsheetRefused):
            read_staff(read_spreadsheet(text.encode(), file_name="人员.csv"))


def test_the_preview_changes_nothing_and_the_import_does_what_it_showed(as_, cast):
    client = as_("street_officer")
    before = User.objects.count()
    url = send(
        client, "何老师,19900000021,翠洲社区,教师\n黄老师,,翠洲社区,志愿者\n坏,1,翠洲社区,教师"
    ).url
    page = words(client.get(url))
    assert "办2项任职，其中2人新开账号" in page
    assert "1行有错" in page
    assert "11个数字" in page
    assert User.objects.count() == before
    client.post(url, {"do": "import"})
    assert "办了2项任职" in words(client.get(url))
    assert User.objects.get(telephone="+8619900000021").get_full_name() == "何老师"
    volunteer = RoleAssignment.objects.get(person__first_name="黄老师")
    assert (volunteer.role, volunteer.unit.code) == (Role.VOLUNTEER, "440103001001")
    events = RoleEvent.objects.filter(
        reason="用表格导入：人员.csv", recorded_by=cast.street_officer
    )
    assert events.count() == 2
    client.post(url, {"do": "import"})
    assert events.count() == 2
    assert "11个数字" in client.get(f"{url}left-out.csv").content.decode()


def test_what_has_changed_since_the_preview_is_shown_again(as_, cast):
    client = as_("street_officer")
    text = "何老师,19900000021,翠洲社区,教师"
    first, second = send(client, text).url, send(client, text).url
    client.post(first, {"do": "import"})
    client.post(second, {"do": "import"})
    assert "有1行变了" in words(client.get(second))
    assert RoleAssignment.objects.filter(person__telephone="+8619900000021").count() == 1


def test_one_person_twice_in_a_list_gets_one_account(as_, cast):
    client = as_("street_officer")
    imported(client, "何老师,19900000021,翠洲社区,教师\n何老师,19900000021,沙面社区,教师")
    person = User.objects.get(telephone="+8619900000021")
    assert person.role_assignments.count() == 2


def test_undoing_ends_the_roles_and_leaves_who_has_signed_in(as_, cast, client):
    client = as_("street_officer")
    url = imported(
        client, "何老师,19900000021,翠洲社区,教师\n黄老师,,翠洲社区,教师\n李老师,,翠洲社区,教师"
    )
    User.objects.filter(first_name="李老师").update(last_login="2026-11-29T08:00Z")
    client.post(f"{url}undo/")
    page = words(client.get(url))
    assert "结束了2项任职；1项留下" in page
    assert "李老师" in page
    assert "已经登录过" in page
    working = RoleAssignment.objects.not_over().filter(person__first_name__contains="老师")
    assert [each.person.first_name for each in working] == ["李老师"]
    assert not User.objects.get(first_name="黄老师").is_active
    imported(client, "何老师,19900000021,翠洲社区,教师")
    assert User.objects.filter(telephone="+8619900000021").count() == 1
    assert working.all().count() == 2


def test_slips_are_printed_eight_a_page_and_each_opens_one_account(as_, cast):
    client = as_("street_officer")
    url = imported(
        client, "\n".join(f"老师{'甲乙丙丁戊己庚辛壬'[i]},,翠洲社区,教师" for i in range(9))
    )
    response = client.post(f"{url}slips.pdf", {"who": "without", "part": "0"})
    assert response["Content-Type"] == "application/pdf"
    document = PdfDocument(io.BytesIO(response.content))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 2
    assert [text.count("一次性密码") for text in texts] == [8, 1]
    [name] = re.findall(r"\b\d{8}\b", texts[1])
    person = User.objects.get(username=name)
    assert any(person.check_password(word) for word in texts[1].split())


def test_a_list_is_seen_by_who_sent_it_only(as_, cast):
    url = send(as_("street_officer"), "何老师,19900000021,翠洲社区,教师").url
    for who in ("city_officer", "other_street_officer", "teacher"):
        client = as_(who)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}undo/").status_code == 404
        assert client.post(f"{url}slips.pdf").status_code == 404
    assert StaffImport.objects.get().state == "preview"


def test_a_list_goes_with_its_senders_office(as_, cast):
    client = as_("street_officer")
    url = imported(client, "何老师,19900000021,翠洲社区,教师")
    RoleAssignment.objects.filter(person=cast.street_officer).update(
        until_date=timezone.localdate()
    )
    for path in (url, f"{url}left-out.csv"):
        assert client.get(path).status_code == 404
    for path in (f"{url}undo/", f"{url}slips.pdf"):
        assert client.post(path).status_code == 404
    assert RoleAssignment.objects.not_over().filter(person__first_name="何老师").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_read_by_its_own_reader(as_, cast, ending):
    content = as_("street_officer").get(f"/people/lists/template.{ending}").content
    with pytest.raises(SpreadsheetRefused, match="标题下面没有人"):
        read_staff(read_spreadsheet(content, file_name=f"模板.{ending}"))
