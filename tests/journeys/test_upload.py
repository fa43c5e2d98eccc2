"""An editor uploads a video in a real browser and watches its way to subtitles."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.city]

CLIP = settings.BASE_DIR / "courses/starter/media/clip.mp4"


@pytest.fixture
def editor(browser, live_site, signed_in):
    """A browser that is signed in as the demo editor."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, storage_state=signed_in["editor"]
    )
    yield context.new_page()
    context.close()


def test_an_uploaded_video_gets_to_its_subtitles_while_the_bar_moves_by_itself(
    editor: Page, live_site
):
    editor.goto(live_site.url + "/admin/videos/new/")
    editor.fill("input[name=title]", "王老师讲微信")
    editor.set_input_files("input[name=original]", CLIP)
    editor.click("button:has-text('创建')")
    editor.wait_for_url("**/admin/videos/inspect/*/")
    bar = editor.locator(".video-status__all")
    started_at = float(bar.get_attribute("value") or 0)
    transcript = editor.locator("[data-stage=transcript] [data-state]")
    expect(transcript).to_have_text("已完成", timeout=120_000)  # nobody reloads the page
    expect(bar).to_have_attribute("value", "100")
    assert started_at < 100
    expect(editor.locator("video.video-status__player")).to_be_visible()

    editor.goto(live_site.url + "/admin/tracks/")
    editor.click("text=王老师讲微信（普通话）")
    expect(editor.locator("body")).to_contain_text("机器字幕，未经核对")
    expect(editor.locator("body")).to_contain_text("微信支付")
