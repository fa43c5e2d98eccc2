"""Manuals as elders read them: by the printed code, by wish and by thing, a step a screen, on
paper, as a practice; and what is hidden from them."""

import re
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone

from courses.practice import END, play
from courses.practice.checks import problems_of
from lms.manuals.catalogue.pdfs import CARD_LINES, card_tasks, lines_of, manual_card, manual_pdf
from lms.manuals.catalogue.practices import practice_of
from lms.manuals.choices import OrganisationState, VersionState
from lms.manuals.editor.services.versions import open_draft, start_manual
from lms.manuals.editor.services.writing import add_step, add_task, change_part, change_version
from lms.manuals.exchange.packages import Package
from lms.manuals.exchange.services import import_manual
from lms.manuals.models import Manual, ManualTally, ManualVersion
from lms.manuals.starter.loading import MAKERS, starter_package
from lms.search.finding import find
from tests.manuals.conftest import png

pytestmark = pytest.mark.django_db

A4 = (595, 842)  # points


@pytest.fixture
def live(cast, publish):
    """A function: one of the starter's manuals, published; one small picture is all of its own."""

    def live(folder="blood-pressure", organisation=None):
        organisation = organisation or cast.organisation
        author = organisation.members.first().user
        manual = import_manual(quick_package(folder), organisation=organisation, by=author)
        today = timezone.localdate()
        change_version(
            manual.versions.get(), checked_on=today, review_due=today + timedelta(days=365)
        )
        return publish(manual)

    return live


def quick_package(folder) -> Package:
    document = starter_package(folder).document
    return Package(document, dict.fromkeys(document.picture_names, png(size=(200, 150))))


@pytest.fixture
def page(client):
    """A function: the words of a page, and that it opens."""

    def page(path, status=200, **query):
        answer = client.get(path, query)
        assert answer.status_code == status
        return answer.content.decode()

    return page


def url(manual, rest="") -> str:
    return f"{manual.get_short_url()}{rest}"


def version_of(manual) -> ManualVersion:
    return ManualVersion.objects.with_content().get(pk=manual.published_version_id)


def test_a_manual_warns_first_and_then_offers_its_tasks(live, page):
    manual = live()
    words = page(url(manual))
    assert words.index("别绑这只手臂") < words.index("怎么量血压") < words.index("400-000-0021")
    assert "可能过时" not in words


def test_a_step_shows_its_warning_words_picture_marker_and_what_one_sees(live, page):
    manual = live()
    first, fourth = page(url(manual, "1/1/")), page(url(manual, "1/4/"))
    told = first.partition("<main")[2]
    assert told.index("小心：量的时候别说话") < told.index("先歇五分钟")
    assert "manual-step__marker x-49 y-60 w-25 h-22" in fourth
    assert "做对了，会这样：布袋慢慢鼓起来" in fourth
    assert "第4步，共6步" in fourth
    assert url(manual, "1/5/") in fourth
    assert url(manual, "1/done/") in page(url(manual, "1/6/"))


def test_a_page_that_the_manual_lacks_is_not_found(live, page):
    manual = live()
    for rest in ("4/1/", "1/7/", "1/0/", "0/1/", "9/done/", "9/practice/", "video/"):
        assert "找不到这一页" in page(url(manual, rest), status=404), rest


def test_a_code_may_be_typed_small_and_an_unknown_one_is_told_in_words(live, page, client):
    manual = live()
    answer = client.get(f"/m/{manual.short_code.lower()}/1/2/")
    assert answer.url == url(manual, "1/2/")
    assert "没有这份说明书" in page("/m/222222/", status=404)
    assert "没有这份说明书" in page("/m/" + "长" * 300 + "/", status=404)


def test_what_was_never_published_looks_like_nothing_at_all(cast, make_manual, page):
    manual = make_manual()
    words = page(url(manual), status=404)
    assert "没有这份说明书" in words
    assert manual.product.brand not in words


def test_the_code_leads_on_for_ever(live, cast, page):
    """Renamed, withdrawn, suspended, closed: the printed code always says something sensible."""
    manual = live()
    manual.product.name = "上臂血压计"
    manual.product.save()
    assert "上臂血压计" in page(url(manual))
    organisation = cast.organisation
    organisation.state = OrganisationState.CLOSED
    organisation.save()
    assert "厂商已退出" in page(url(manual))
    organisation.state = OrganisationState.SUSPENDED
    organisation.save()
    for rest in ("", "1/1/", "card.pdf", "practice/", "troubles/"):
        assert "现在看不到" in page(url(manual, rest), status=404)
    organisation.state = OrganisationState.ACTIVE
    organisation.save()
    Manual.objects.filter(pk=manual.pk).update(live=False)
    assert reverse("manuals:of_kind", args=["medical"]) in page(url(manual), status=404)


def test_who_comes_by_a_code_that_is_gone_is_shown_another_manual_of_the_thing(live, page, publish):
    gone, other = live(), live()
    Manual.objects.filter(pk=gone.pk).update(live=False)
    assert other.get_short_url() in page(url(gone), status=404)


def test_what_is_live_stays_while_its_next_version_is_written_and_reviewed(live, page):
    manual = live()
    draft = open_draft(manual)
    change_part(draft.tasks.all()[0].steps.all()[0], words="站着量。")
    assert "站着量" not in page(url(manual, "1/1/"))
    manual.versions.filter(pk=draft.pk).update(
        state=VersionState.SUBMITTED, submitted_at=timezone.now()
    )
    assert "站着量" not in page(url(manual, "1/1/"))


def test_an_overdue_manual_says_so_everywhere(live, page):
    manual = live()
    past = timezone.localdate() - timedelta(days=1)
    manual.versions.update(checked_on=past - timedelta(days=400), review_due=past)
    for rest in ("", "1/1/"):
        assert "可能过时" in page(url(manual, rest))


def test_a_picture_is_served_only_while_it_is_shown(live, cast, make_manual, client):
    manual, hidden = live(), make_manual()
    shown = version_of(manual).tasks.first().steps.first().picture
    path = reverse("manuals:picture", args=[manual.short_code, shown.key])
    assert client.get(path)["Content-Type"] == "image/png"
    drafted = hidden.open_version().tasks.first().steps.first().picture
    for code, key in ((manual, drafted.key), (hidden, drafted.key), (hidden, shown.key)):
        path = reverse("manuals:picture", args=[code.short_code, key])
        assert client.get(path).status_code == 404
    cast.organisation.state = OrganisationState.SUSPENDED
    cast.organisation.save()
    path = reverse("manuals:picture", args=[manual.short_code, shown.key])
    assert client.get(path).status_code == 404


def test_an_answer_is_a_count_of_the_step_and_nothing_about_who(live, page, client):
    manual = live()
    for said in ("yes", "yes", "no"):
        answer = client.post(url(manual, "1/2/answer/"), {"said": said})
        assert answer.url == url(manual, f"1/2/?said={said}")
    page(url(manual, "1/2/"))
    tally = ManualTally.objects.get(step__position=1, step__words="把蓝布袋绑在左上臂。")
    assert (tally.views, tally.understood, tally.unclear) == (1, 2, 1)
    fields = {field.name for field in ManualTally._meta.get_fields()}
    assert fields == {"id", "version", "step", "views", "understood", "unclear"}
    assert "400-000-0021" in page(url(manual, "1/2/"), said="no")
    assert client.post(url(manual, "1/2/answer/"), {"said": "maybe"}).status_code == 404
    assert client.get(url(manual, "1/2/answer/")).status_code == 405


def test_answers_and_openings_are_limited(live, page, client, settings):
    manual = live()
    settings.RATE_LIMITS = {
        **settings.RATE_LIMITS, "manual_answer": "1/10m/ip", "manual_view": "1/10m/ip",
    }  # fmt: skip
    statuses = [
        client.post(url(manual, "1/2/answer/"), {"said": "yes"}).status_code for _n in range(2)
    ]
    assert statuses == [302, 429]
    for _n in range(3):
        page(url(manual))  # shown all the same
    assert ManualTally.objects.get(step__isnull=True).views == 1


def test_the_catalogue_goes_by_wish_and_by_thing_and_shows_what_is_live_only(
    live, cast, make_manual, page
):
    manual, hidden = live(), make_manual(title="还没发布的手机")
    wishes = page("/manuals/wishes/")
    assert url(manual, "1/1/") in wishes
    assert "怎么接电话" not in wishes
    assert "医疗和健康" in page("/manuals/things/")
    assert "手机和平板" not in page("/manuals/things/")
    assert url(manual) in page("/manuals/things/medical/")
    page("/manuals/things/gun/", status=404)
    assert hidden.short_code not in page("/manuals/")
    cast.organisation.state = OrganisationState.SUSPENDED
    cast.organisation.save()
    assert manual.short_code not in page("/manuals/wishes/") + page("/manuals/")


def test_a_wish_that_two_things_answer_leads_to_both(live, cast, page):
    own = live("speaker")
    other = live("television-box", cast.rivals)
    task = other.published_version.tasks.all()[2]
    type(task).objects.filter(pk=task.pk).update(title="怎么把声音调大调小")
    words = page("/manuals/wishes/")
    assert "2样东西能做" in words.replace("<wbr>", "")
    things = page("/manuals/wishes/things/", title="怎么把声音调大调小")
    assert url(own, "2/1/") in things
    assert url(other, "3/1/") in things


def test_no_screen_of_the_catalogue_has_more_than_seven_choices(live, cast, page):
    manual = live()
    for folder in ("speaker", "big-phone", "television-box"):
        live(folder)
    for path in ("/manuals/", "/manuals/wishes/", "/manuals/things/", url(manual), "/more/"):
        main = page(path).partition("<main")[2]
        assert len(re.findall(r'class="tile[ "]', main)) <= 7


def test_the_search_finds_manuals_with_the_lessons(live):
    manual = live()
    for query in ("量血压", "lxy", "liangxue", "血压计", "qh-21"):
        found = [each.url for each in find(query).found]
        assert any(manual.short_code in each for each in found), query
    assert find("lxy").found[0].url == url(manual, "1/1/")
    assert url(manual) in [each.url for each in find("屏幕不亮").found]  # which it only speaks of
    Manual.objects.filter(pk=manual.pk).update(live=False)
    assert find("血压").found == []


@pytest.mark.parametrize("folder", [folder for maker in MAKERS for folder in maker.folders])
def test_every_task_of_the_starter_can_be_played_to_its_end(cast, folder):
    manual = import_manual(quick_package(folder), organisation=cast.organisation, by=cast.maker)
    for task in ManualVersion.objects.with_content().get(manual=manual).tasks.all():
        practice = practice_of(task, url_of=lambda picture: "/x.png")
        assert problems_of(practice) == []
        moment = play(practice)
        for _screen in practice.screens:
            moment = play(practice, screen=moment.screen.id, press="here")
        assert moment.screen is None


def test_a_place_that_another_step_marks_is_a_miss_that_is_explained(cast):
    manual = import_manual(
        starter_package("speaker"), organisation=cast.organisation, by=cast.maker
    )
    task = manual.versions.get().tasks.all()[1]
    practice = practice_of(task, url_of=lambda picture: "/x.png")
    [decoy] = [widget for widget in practice.screens[0].widgets if not widget.is_right]
    moment = play(practice, screen="s1", press=decoy.id)
    assert moment.misses == 1
    assert "另一步" in moment.pressed.target.miss


def test_a_phone_is_practised_on_the_pretend_phone_and_a_thing_on_its_picture(live, page):
    phone = page(url(live("big-phone"), "1/practice/"), screen="s1")
    assert "phone__status" in phone
    assert "phone--thing" not in phone
    manual = live()
    assert url(manual, "2/practice/") in page(url(manual, "practice/"))
    assert "看着图练" in page(url(manual))
    words = page(url(manual, "1/practice/"), screen="s4")
    assert "练习，不是真的" in words
    assert "phone--thing" in words
    assert "phone__status" not in words
    assert 'class="phone__image" src="' in words
    assert "data-say-aloud" in words
    first = page(url(manual, "1/practice/"), screen="s1")
    assert first.index("别说话") < first.index("坐在椅子上")  # the warning comes first
    assert "按一下“开始”大钮" in words
    done = page(url(manual, "1/practice/"), screen=END)
    assert "做完了" in done
    assert f'href="{url(manual)}"' in done


def test_paper_has_large_letters_and_a_code_that_leads_back(live, settings):
    manual = live()
    for content in (manual_card(version_of(manual)), manual_pdf(version_of(manual))):
        first = pypdfium2.PdfDocument(content)[0]
        assert (round(first.get_width()), round(first.get_height())) == A4
        [code] = zxingcpp.read_barcodes(first.render(scale=2).to_pil())
        assert code.text == settings.WAGTAILADMIN_BASE_URL + url(manual)
        assert "怎么量血压" in first.get_textpage().get_text_range()


def test_a_card_is_one_sheet_however_much_there_is(cast, publish, make_manual, live):
    manual = live("big-phone")
    version = manual.published_version
    for number in range(12):
        version.tasks.create(
            title=f"怎么做第{number}件很长很长很长很长的事情才好", position=10 + number
        )
    version = version_of(manual)
    told = card_tasks(version)
    lines = [1 + sum(lines_of(each.step.words) for each in task.steps) for task in told]
    assert sum(lines) <= CARD_LINES
    assert len(told) < version.tasks.count()
    [sheet] = pypdfium2.PdfDocument(manual_card(version))
    # No heading stands alone: tasks whose steps have no room are named below the way to them.
    below = sheet.get_textpage().get_text_range().partition("还有别的事")[2]
    assert {bool(task.steps) for task in told} == {True, False}
    for task in told:
        assert (task.title in below) is not bool(task.steps)


def test_a_card_with_all_steps_speaks_of_no_others(publish, make_manual):
    version = version_of(publish(make_manual()))
    words = pypdfium2.PdfDocument(manual_card(version))[0].get_textpage().get_text_range()
    assert "按绿色的键" in words
    assert "还有别的事" not in words


def test_an_empty_catalogue_says_so(page):
    for path in ("/manuals/wishes/", "/manuals/things/", "/manuals/things/medical/"):
        assert "过几天再来看看" in page(path)
    page("/manuals/")


def test_a_manual_with_one_task_is_practised_at_once(cast, publish, make_manual, client):
    manual = publish(make_manual())
    assert client.get(url(manual, "practice/")).url == url(manual, "1/practice/")
    draft = start_manual(product=manual.product, by=cast.maker).versions.get()
    task = add_task(draft, title="怎么挂电话")
    assert practice_of(task, url_of=str).screens == ()


def test_a_step_without_a_picture_is_practised_by_a_button(cast, make_manual):
    task = make_manual().open_version().tasks.get()
    add_step(task, words="关上盖子。", warning="小心夹手。")
    add_step(task)  # it says nothing: neither film nor practice has it
    screens = practice_of(task, url_of=lambda picture: "/x.png").screens
    assert len(screens) == 3
    assert screens[2].picture is None
    assert screens[2].say == "关上盖子。做好了，就按一下。"
    moment = play(practice_of(task, url_of=lambda picture: "/x.png"), screen="s3", press="here")
    assert moment.screen is None
