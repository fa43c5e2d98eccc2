"""The way of a product manager: a file chosen, waited for, looked at, made a draft."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.manuals.choices import OriginalState, ProductKind
from lms.manuals.editor.services.products import add_product
from lms.manuals.editor.services.versions import discard_draft, open_draft
from lms.manuals.exchange.originals import services, views
from lms.manuals.exchange.originals.child import read_files
from lms.manuals.exchange.originals.running import outcome
from lms.manuals.exchange.originals.services import claim, make_draft, read_original, take_original
from lms.manuals.models import Manual, ManualPicture, ManualStep, Original, Product
from tests.manuals.exchange.made_files import LAYOUTS, package_of
from tests.manuals.exchange.test_originals import picture, word

NEW = reverse("workbench:new_original")


def read_now(original: Original) -> None:
    if token := claim(original):
        read_original(original.pk, token)


@pytest.fixture
def at_once(monkeypatch):
    """Files are read before the upload answers, in this thread: a test has one connection."""

    monkeypatch.setattr(views, "start_reading", read_now)


@pytest.fixture
def without_a_child(monkeypatch):
    """They are read in this process: a child costs a start of Python."""

    def read(folder, *, told):
        read_files(folder)
        return outcome(folder, 0, "")

    monkeypatch.setattr(services, "read_in_child", read)


@pytest.fixture
def product(cast):
    return add_product(
        organisation=cast.organisation,
        brand="晴禾坡",
        model="QH-21",
        name="血压计",
        kind=ProductKind.MEDICAL,
    )


def booklet(name="说明书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, LAYOUTS["booklet"].make(package_of("blood-pressure")))


def small() -> SimpleUploadedFile:
    lines = ["型号：QH-21", "品牌：晴禾坡", "一、怎么开机", "1. 按电源键。", "2. 等屏幕亮。"]
    lines += ["二、装箱清单", "主机一台", "三、常见问题", "问：不亮", "答：换四节新电池。"]
    return SimpleUploadedFile("说明书.docx", word(*lines))


def text(answer) -> str:
    return answer.content.decode()


def test_a_file_becomes_a_draft_with_its_pages_beside_the_steps(as_, cast, product, at_once):
    client = as_("maker")
    asked = client.get(f"{NEW}?product={product.pk}")
    assert f'value="{product.pk}" selected' in text(asked)
    answer = client.post(NEW, {"document": booklet(), "product": product.pk})
    original = Original.objects.get()
    assert answer.url == reverse("workbench:original", args=[original.key])
    page = text(client.get(answer.url))
    assert "读到3件事，一共13步、13张图；开头的提醒2句，常见问题3个。" in page
    assert "“装箱清单”里没有步骤，没有带进来。" in page
    answer = client.post(answer.url)
    manual = Manual.objects.get(product=product)
    assert answer.url == reverse("workbench:write", args=[manual.pk])
    draft = manual.open_version()
    steps = ManualStep.objects.filter(task__version=draft)
    assert steps.count() == 13
    assert steps.exclude(picture=None).count() == 13
    assert draft.service_telephone == "400-000-0021"
    page = text(client.get(answer.url))
    first = steps.order_by("task__position", "position")[0]
    leaf = reverse("workbench:original_leaf", args=[original.key, first.original_page])
    assert leaf in page
    assert f"原来的第{first.original_page}页" in page
    assert client.get(leaf)["Content-Type"] == "image/jpeg"
    assert "要改" in page or "建议" in page  # the plain-language check has looked at it
    assert sorted(path.name[:4] for path in original.folder.iterdir()) == ["page"] * draft_pages(
        original
    )


def draft_pages(original) -> int:
    original.refresh_from_db()
    return original.pages


def test_without_a_product_the_file_tells_it_and_a_person_says_the_kind(
    as_, cast, at_once, without_a_child
):
    client = as_("maker")
    address = client.post(NEW, {"document": small()}).url
    assert 'value="QH-21"' in text(client.get(address))
    told = {"brand": "晴禾坡", "model": "QH-21", "name": "血压计"}
    assert client.post(address, told).status_code == 422
    assert not Product.objects.exists()
    assert client.post(address, {**told, "kind": "medical"}).status_code == 302
    assert str(Manual.objects.get().product) == "晴禾坡 QH-21 血压计"


def test_a_product_that_one_has_is_not_added_twice(as_, cast, product, at_once, without_a_child):
    client = as_("maker")
    address = client.post(NEW, {"document": small()}).url
    told = {"brand": "晴禾坡", "model": "qh-21", "name": "血压计", "kind": "medical"}
    page = text(client.post(address, told, follow=True))
    assert "您已经加过这个产品" in page
    assert not Manual.objects.exists()
    client.post(address)
    assert Manual.objects.get().product == product


def test_where_a_manual_is_already_it_is_asked_first_and_that_one_stays(
    as_, cast, make_manual, at_once, without_a_child
):
    manual = make_manual()
    before = list(ManualStep.objects.values())
    client = as_("maker")
    answer = client.post(NEW, {"document": small(), "product": manual.product_id})
    assert answer.status_code == 422
    assert "这个产品已经有说明书" in text(answer)
    assert not Original.objects.exists()
    sure = {"document": small(), "product": manual.product_id, "sure": "on"}
    client.post(client.post(NEW, sure).url)
    assert Manual.objects.filter(product=manual.product).count() == 2
    assert list(ManualStep.objects.filter(task__version__manual=manual).values()) == before


def test_a_draft_is_made_once(as_, cast, product, at_once, without_a_child):
    client = as_("maker")
    address = client.post(NEW, {"document": small(), "product": product.pk}).url
    client.post(address)
    client.post(address)
    assert Manual.objects.count() == 1
    page = text(client.get(address))
    assert "做成草稿" not in page
    assert "装箱清单" in page  # what was left out can be read later


def test_what_is_refused_says_why_and_leads_on(as_, cast, product, at_once):
    client = as_("maker")
    old = SimpleUploadedFile("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    page = text(client.post(NEW, {"document": old, "product": product.pk}, follow=True))
    assert "另存为.docx或.pptx" in page
    assert f"{NEW}?product={product.pk}" in page
    assert not Manual.objects.exists()


def test_too_much_is_refused_before_it_is_kept(as_, cast, monkeypatch, at_once):
    client = as_("maker")
    assert client.post(NEW, {}).status_code == 422
    monkeypatch.setattr(services, "MOST_MIB", 0)
    answer = client.post(NEW, {"document": small()})
    assert answer.status_code == 422
    assert "文件太大了" in text(answer)
    monkeypatch.setattr(services, "MOST_MIB", 60)
    monkeypatch.setattr(services, "MOST_PHOTOS", 1)
    photos = [SimpleUploadedFile(f"{n}.png", picture(colour=n)) for n in ("red", "blue")]
    assert "照片太多了" in text(client.post(NEW, {"document": photos}))
    assert not Original.objects.exists()


def test_photographs_become_a_task_in_their_order(as_, cast, product, at_once, without_a_child):
    photos = [SimpleUploadedFile(f"{n}.png", picture(colour=n)) for n in ("red", "blue", "green")]
    client = as_("maker")
    address = client.post(NEW, {"document": photos, "product": product.pk}).url
    client.post(address)
    steps = list(ManualStep.objects.order_by("position"))
    assert [(step.words, step.original_page) for step in steps] == [("", 1), ("", 2), ("", 3)]
    assert len({step.picture_id for step in steps}) == 3


def test_while_it_is_read_the_page_says_how_far_and_asks_again(as_, cast, monkeypatch):
    started: list[Original] = []
    monkeypatch.setattr(views, "start_reading", started.append)
    original = Original.objects.create(
        organisation=cast.organisation,
        name="说明书.pdf",
        state=OriginalState.READING,
        token=uuid.uuid4(),
        lease_until=timezone.now() + timedelta(minutes=1),
        pages=40,
        pages_read=10,
    )
    address = reverse("workbench:original", args=[original.key])
    answer = as_("maker").get(address)
    assert "第10页，共40页" in text(answer)
    assert answer["Refresh"] == "2"
    assert started == []
    Original.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    as_("maker").get(address)
    assert [each.pk for each in started] == [original.pk]


def test_a_reader_that_fell_silent_twice_is_not_followed_by_a_third(cast):
    original = take_original(
        [SimpleUploadedFile("a.docx", word("1. 按键。"))],
        organisation=cast.organisation, product=None, by=cast.maker,
    )  # fmt: skip
    tokens = []
    for _n in range(services.MOST_ATTEMPTS):
        tokens.append(claim(original))
        assert claim(original) is None  # somebody reads it
        Original.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert None not in tokens
    assert claim(original) is None
    original.refresh_from_db()
    assert original.state == OriginalState.REFUSED
    read_original(original.pk, tokens[0] or uuid.uuid4())  # one that wakes up late changes nothing
    original.refresh_from_db()
    assert original.state == OriginalState.REFUSED


def test_a_draft_that_fails_leaves_no_picture_and_may_be_tried_again(
    cast, product, monkeypatch, without_a_child
):
    original = take_original(
        [SimpleUploadedFile("a.png", picture())],
        organisation=cast.organisation, product=product, by=cast.maker,
    )  # fmt: skip
    read_now(original)
    original.refresh_from_db()

    def fail(*_args, **_fields):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(services, "write_draft", fail)
        with pytest.raises(RuntimeError):
            make_draft(original, product=product, by=cast.maker)
    assert not ManualPicture.objects.exists()
    make_draft(original, product=product, by=cast.maker)
    assert ManualPicture.objects.exists()


def test_what_was_thrown_away_or_never_used_goes_with_the_next_file(cast, product, without_a_child):
    def bring():
        return take_original(
            [SimpleUploadedFile("a.docx", word("一、怎么开机", "1. 按键。"))],
            organisation=cast.organisation, product=product, by=cast.maker,
        )  # fmt: skip

    used, never = bring(), bring()
    read_now(used)
    manual = make_draft(Original.objects.get(pk=used.pk), product=product, by=None)
    discard_draft(manual)
    assert not Original.objects.filter(pk=used.pk).exists()
    Original.objects.filter(pk=never.pk).update(added_at=timezone.now() - timedelta(days=8))
    last = bring()
    assert [path.name for path in last.folder.parent.iterdir()] == [last.key.hex]


def test_the_next_version_keeps_its_pages(cast, product, publish, without_a_child):
    original = take_original(
        [SimpleUploadedFile("a.docx", word("一、怎么开机", "1. 按键。"))],
        organisation=cast.organisation, product=product, by=cast.maker,
    )  # fmt: skip
    read_now(original)
    manual = make_draft(Original.objects.get(pk=original.pk), product=product, by=cast.maker)
    manual.versions.update(state="withdrawn", submitted_at=timezone.now())
    again = open_draft(manual)
    assert again.number == 2
    assert again.tasks.get().steps.get().original_page == 1
