"""oManual packages and iFixit's guides: in as drafts, out and in again the same."""

import io
import json
import zipfile
from xml.etree.ElementTree import fromstring

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lms.manuals.exchange.documents import PackageRefused, document_of
from lms.manuals.exchange.omanual.guides import MOST_WORDS, pieces
from lms.manuals.exchange.omanual.making import NAMESPACE, omanual_of
from lms.manuals.exchange.omanual.reading import read_ifixit, read_omanual
from lms.manuals.exchange.services import import_manual
from lms.manuals.models import ManualVersion
from lms.manuals.starter.loading import starter_package
from tests.manuals.conftest import png

#: Elements of a guide, all of which the schema of version 1.0 asks for.
OF_A_GUIDE = {
    "title", "summary", "image", "author", "time_required", "difficulty", "category",
    "introduction", "tools", "parts", "flags", "documents", "prerequisites", "steps",
    "conclusion", "modified_date", "created_date",
}  # fmt: skip
OF_A_LISTED_GUIDE = {"title", "url", "path", "image"}
CATEGORY = """<category locale="zh" xmlns="http://omanual.com"><title>云谷收音机手册</title>
<category_info manufacturer="云谷">YG-7</category_info>
<guides><guide id="2"><path>b/guide.xml</path></guide>
<guide id="1"><path>a/guide.xml</path></guide></guides>
</category>"""
GUIDE = """<guide locale="zh" xmlns="http://omanual.com/"><title>{title}</title>
<introduction><p>先坐好。</p></introduction>
<steps><step number="0" title="">
<lines><line bullet="black" level="0">按<em>红色</em>的钮。</line>
<line bullet="icon_caution" level="0">手湿别碰。</line>
<line bullet="icon_note" level="1">灯会亮。</line></lines>
<media type="image"><image>media/1.png</image><image>media/2.png</image>
<image>http://pictures.example/3.png</image></media>
</step></steps><conclusion>好了。</conclusion></guide>"""


def packed_as(files: dict[str, str | bytes]) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    content.seek(0)
    return content


def foreign() -> io.BytesIO:
    files: dict[str, str | bytes] = {
        "category.xml": CATEGORY,
        "a/guide.xml": GUIDE.format(title="怎么开机"),
        "b/guide.xml": GUIDE.format(title="怎么调台"),
    }
    files |= {f"{folder}/media/{n}.png": png() for folder in "ab" for n in (1, 2)}
    return packed_as(files)


def test_the_guides_of_another_system_become_a_draft_in_their_order():
    package = read_omanual(foreign())
    document = package.document
    assert (document.product.brand, document.product.model) == ("云谷", "YG-7")
    assert [task.title for task in document.tasks] == ["怎么调台", "怎么开机"]
    introduction, first, second, conclusion = document.tasks[0].steps
    assert introduction.words == "先坐好。"
    assert first.words == "按 红色 的钮。灯会亮。"
    assert first.warning == "手湿别碰。"
    assert (second.words, conclusion.words) == ("", "好了。")
    assert first.picture != second.picture
    assert {first.picture, second.picture} < set(package.pictures)
    assert package.left_out == 2  # one on the internet, in each guide


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["blood-pressure", "big-phone"])
def test_a_starter_manual_goes_out_and_comes_in_again_the_same(cast, name):
    organisation, by = cast.organisation, None
    first = import_manual(starter_package(name), organisation=organisation, by=by)
    version = ManualVersion.objects.with_content().get(manual=first)
    out = omanual_of(version)
    again = import_manual(read_omanual(io.BytesIO(out)), organisation=organisation, by=by)
    assert document_of(ManualVersion.objects.with_content().get(manual=again)) == document_of(
        version
    )
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        guide = fromstring(archive.read("guide-1/guide.xml"))
        assert {each.tag.removeprefix(f"{{{NAMESPACE}}}") for each in guide} == OF_A_GUIDE
        category = fromstring(archive.read("category.xml"))
        for listed in category.iter(f"{{{NAMESPACE}}}guide"):
            names = {each.tag.removeprefix(f"{{{NAMESPACE}}}") for each in listed}
            assert names == OF_A_LISTED_GUIDE
        named = [image.text for image in guide.iter(f"{{{NAMESPACE}}}image") if image.text]
        assert {name.removeprefix("../") for name in named} < set(archive.namelist())
    files = {name: data for name, data in contents(out).items() if name != "manual.json"}
    foreign_view = read_omanual(packed_as(files)).document  # as another program reads it
    assert [task.title for task in foreign_view.tasks] == [
        task.title for task in document_of(version).tasks
    ]
    told = "".join(step.words + step.warning for t in foreign_view.tasks for step in t.steps)
    for task in document_of(version).tasks:
        for step in task.steps:
            assert step.words in told


def contents(package: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]><guide><title>&a;</title></guide>'


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"category.xml": CATEGORY}, "没有一份操作步骤"),
        ({"guide.xml": "<guide><title>"}, "写得不对"),
        ({"guide.xml": BOMB}, "写得不对"),
        ({"../guide.xml": GUIDE}, "文件名不能用"),
        ({"/guide.xml": GUIDE, "category.xml": CATEGORY}, "文件名不能用"),
        ({"guide.xml": "<guide>" + " " * 2**19 + "</guide>"}, "太大了"),
    ],
    ids=["nothing", "broken", "entities", "above", "absolute", "bomb"],
)
def test_it_says_what_is_wrong_with(files, said):
    with pytest.raises(PackageRefused, match=said):
        read_omanual(packed_as(files))


IFIXIT = {
    "title": "换电池",
    "category": "云谷 YG-7",
    "introduction_rendered": "<p>关机。</p>",
    "steps": [
        {
            "title": "",
            "lines": [
                {"bullet": "black", "level": 0, "text_rendered": "打开<b>后盖</b>。"},
                {"bullet": "icon_caution", "level": 0, "text_raw": "别用刀。"},
            ],
            "media": {"type": "image", "data": [{"original": "https://pictures.example/1"}]},
        }
    ],
}


@pytest.mark.parametrize("told", [IFIXIT, {"guide": IFIXIT}], ids=["2.0", "1.1"])
def test_a_guide_of_ifixit_is_read_without_asking_for_its_pictures(told):
    package = read_ifixit(io.BytesIO(json.dumps(told).encode()))
    [task] = package.document.tasks
    assert task.title == "换电池"
    assert [step.words for step in task.steps] == ["关机。", "打开 后盖 。"]
    assert task.steps[1].warning == "别用刀。"
    assert package.left_out == 1


@pytest.mark.parametrize("told", [b"{}", b"{", b'{"steps": 3, "title": "x"}', b'{"guide": []}'])
def test_other_json_is_refused_in_words(told):
    with pytest.raises(PackageRefused, match="读不懂"):
        read_ifixit(io.BytesIO(told))


@given(st.lists(st.text("字。a ！", max_size=500), max_size=5))
def test_of_a_long_text_nothing_is_lost_and_no_piece_is_too_long(texts):
    made = list(pieces(texts, MOST_WORDS))
    assert all(len(piece) <= MOST_WORDS for piece in made)
    assert "".join("".join(made).split()) == "".join("".join(texts).split())


def test_a_point_within_a_number_ends_no_sentence():
    texts = ["Loosen the 1.5 mm screw. Then lift the lid."]
    assert list(pieces(texts, MOST_WORDS)) == texts


@pytest.mark.django_db
def test_a_maker_brings_one_in_at_the_workbench(as_):
    client = as_("maker")
    file = SimpleUploadedFile("manual.omanual", foreign().getvalue())
    answer = client.post(reverse("workbench:bring_in"), {"package": file}, follow=True)
    page = answer.content.decode()
    assert "带进来了，是一份草稿" in page
    assert "有2张图片不在文件里" in page
    assert "怎么调台" in page
