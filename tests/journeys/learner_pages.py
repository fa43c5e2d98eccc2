"""The pages of learners, of each kind one, as tests walk them."""

import re
from collections.abc import Iterable

PAGES = [
    "/",
    "/digital-life/",
    "/digital-life/?p=3",
    "/smart-tech/scan-to-pay/",
    "/smart-tech/scan-to-pay/?answer=0",
    "/science/qr-inside/",
    "/smart-tech/scan-to-pay/practice/?screen=home&misses=2&press=2",
    "/smart-tech/scan-to-pay/practice/?screen=END",
    "/anti-fraud/drill/?round=5&class=1&hands=12.3.5",
    "/anti-fraud/drill/?round=5&said=1.0.0",
    "/display/",
    "/help/",
    "/help/call/",
    "/help/village/?in=440103",
    "/accounts/login/",
    "/accounts/code/",
    "/search/",
    "/search/?q=s",
    "/more/",
    "/courses/",
    "/courses/going-out/",
    "/teachers/",
    "/stories/",
    "/stories/tell/",
    "/stories/video-call/",
    "/my/",
    "/my/number/",
    "/my/enter/",
    "/my/lesson/{scan-to-pay}/unclear/?told=2",
    "/here/",
    "/tv/",
    "/tv/pair/",
    "/manuals/",
    "/m/?code=VKJN30&go=1",
    "/m/{SY-9}/",
    "/m/{QH-21}/1/4/?said=no",
    "/m/{QH-21}/1/practice/?screen=s4",
]


def addresses(site, pages: Iterable[str]) -> list[str]:
    """Whole ones; a word in braces is a product's model, for its manual's code, or names a key."""
    return [site.url + re.sub(r"{(.+?)}", lambda m: site.codes[m[1]], page) for page in pages]
