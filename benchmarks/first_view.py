"""What a page asks of a thin line and an old processor before it can be read.

    bin/start --port 8123 &
    python benchmarks/first_view.py http://127.0.0.1:8123 [PATH ...] [--rounds N] [--each]

Each page is opened by a browser that has nothing of the site yet, as a phone and as a television,
on Chrome's "Slow 3G": 400 kbit/s either way, and five times 400 ms before each answer begins, as
its developer tools have it; the processor slowed fourfold. `--fast` leaves line and processor as
they are, `--each` lists what was asked for. The film is counted by itself: it follows the page, and
nobody waits for it to read.
"""

import argparse
import os
import re
import statistics
import sys
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

SCREENS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 3,
        "has_touch": True,
        "is_mobile": True,
    },
    "television": {"viewport": {"width": 1920, "height": 1080}},
}
BYTES_A_SECOND = 400_000 / 8
LATENCY_MS = 5 * 400
SLOWER = 4
QUIET_MS = 3000  # nothing asked for and nothing answered: then the page is there
LONGEST_MS = 90_000
PAGES = ("/", "/smart-tech/", "/smart-tech/scan-to-pay/")

WATCH_PAINTS = """
window.paints = {first: 0, largest: 0, what: ''};
new PerformanceObserver((list) => {
  for (const paint of list.getEntriesByName('first-contentful-paint')) {
    paints.first = paint.startTime;
  }
}).observe({type: 'paint', buffered: true});
new PerformanceObserver((list) => {
  for (const paint of list.getEntries()) {
    const shown = paint.element;
    paints.largest = paint.startTime;
    paints.what = shown ? `${shown.tagName.toLowerCase()}.${shown.className}` : '?';
  }
}).observe({type: 'largest-contentful-paint', buffered: true});
"""


@dataclass
class View:
    """One page, opened once."""

    first_paint_ms: float = 0.0
    largest_paint_ms: float = 0.0
    largest: str = ""
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)  # address and kind
    sent: dict[str, int] = field(default_factory=dict)  # bytes on the line, with headers

    @property
    def files(self) -> list[str]:
        return [request for request, (_address, kind) in self.asked.items() if kind != "Media"]

    @property
    def kilobytes(self) -> float:
        return sum(self.sent.get(request, 0) for request in self.files) / 1000

    @property
    def film_kilobytes(self) -> float:
        return sum(self.sent.values()) / 1000 - self.kilobytes


def main() -> None:
    options = parse()
    paths = options.paths or [*PAGES, a_manual(options.site)]
    print("| page | screen | requests | kB | film kB | first paint s | largest paint s | that is |")
    print("|---|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
            args=["--no-sandbox"],
        )
        for path in paths:
            for screen in SCREENS:
                views = [
                    look(
                        browser,
                        options.site + path,
                        screen,
                        latency_ms=options.latency,
                        fast=options.fast,
                    )
                    for _ in range(options.rounds)
                ]
                tell(path, screen, views)
                if options.each:
                    tell_each(views[-1])


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", help="such as http://127.0.0.1:8123")
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--rounds", type=int, default=3, help="the median counts (default: 3)")
    parser.add_argument("--latency", type=int, default=LATENCY_MS, help="ms (default: 2000)")
    parser.add_argument("--fast", action="store_true", help="neither line nor processor slowed")
    parser.add_argument("--each", action="store_true", help="list what is asked for")
    return parser.parse_intermixed_args()


def a_manual(site: str) -> str:
    with urllib.request.urlopen(f"{site}/sitemap.xml") as answer:
        found = re.search(r"/m/[^<]+", answer.read().decode())
    if not found:
        sys.exit("The site has no manual: name the pages.")
    return found[0]


def look(browser: Browser, address: str, screen: str, *, latency_ms: int, fast: bool) -> View:
    context = browser.new_context(locale="zh-CN", **SCREENS[screen])  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH_PAINTS)
    devtools = context.new_cdp_session(page)
    view = View()
    listen(devtools, view)
    devtools.send("Network.enable")
    if not fast:
        line = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        told = {"offline": False, "latency": latency_ms, **line}
        devtools.send("Network.emulateNetworkConditions", told)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load", timeout=LONGEST_MS)
    known = -1
    while known != sum(view.sent.values()):
        known = sum(view.sent.values())
        page.wait_for_timeout(QUIET_MS)
    paints = page.evaluate("paints")
    view.first_paint_ms, view.largest_paint_ms = paints["first"], paints["largest"]
    view.largest = paints["what"]
    context.close()
    return view


def listen(devtools: CDPSession, view: View) -> None:
    def answered(told: dict[str, Any]) -> None:
        address = told["response"]["url"]
        if address.startswith("http"):
            view.asked[told["requestId"]] = (address, told["type"])

    def ended(told: dict[str, Any]) -> None:
        if told["requestId"] in view.asked:
            view.sent[told["requestId"]] = int(told["encodedDataLength"])

    def brought(told: dict[str, Any]) -> None:
        """A film's connection is held open: what has come of it counts."""
        request = told["requestId"]
        if view.asked.get(request, ("", ""))[1] == "Media":
            view.sent[request] = view.sent.get(request, 0) + int(told["encodedDataLength"])

    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.dataReceived", brought)
    devtools.on("Network.loadingFinished", ended)


def tell(path: str, screen: str, views: list[View]) -> None:
    def middle(values: list[float]) -> float:
        return statistics.median(values)

    print(
        f"| {path} | {screen} | {middle([len(view.files) for view in views]):.0f} "
        f"| {middle([view.kilobytes for view in views]):.1f} "
        f"| {middle([view.film_kilobytes for view in views]):.0f} "
        f"| {middle([view.first_paint_ms for view in views]) / 1000:.1f} "
        f"| {middle([view.largest_paint_ms for view in views]) / 1000:.1f} "
        f"| {views[-1].largest} |",
        flush=True,
    )


def tell_each(view: View) -> None:
    for request, (address, kind) in view.asked.items():
        print(f"    {view.sent.get(request, 0):8} {kind:10} {address}")


if __name__ == "__main__":
    main()
