"""The pages in headless Chromium: marks are the claims' words, nothing of an article runs, all of it by keyboard.

Chromium is the system's (Debian: ``apt-get install chromium``); where there is none these tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from made import TRICKY, at, make, tricky
from web_site import app_with, found_by_hand, nasty, two_outlets

from attribution.claims import Article, ArticleClaims
from attribution.web import site as web_site_module

CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
SIZES = [(360, 740), (1280, 860), (2560, 1400)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


class Running:
    """A server in a thread, and what is on its desk."""

    def __init__(self, folder: Path, articles: list[ArticleClaims]) -> None:
        self.app = app_with(folder, articles)
        self.gold = folder / "gold.jsonl"
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(self.app, log_level="warning", access_log=False))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    @property
    def addresses(self) -> list[str]:
        """The article views, in the order in which the articles were given."""
        return [f"{self.url}/articles/{key}" for key, _ in self.app.state.site.desk][::-1]

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.listening.close()


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def extract_many(inputs: list[Article], **_: Any) -> Iterator[ArticleClaims]:
        for article in inputs:
            yield found_by_hand(article)

    monkeypatch.setattr(web_site_module, "extract_many", extract_many)
    running: list[Running] = []

    def start(*articles: ArticleClaims) -> Running:
        running.append(Running(tmp_path, list(articles)))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    opened.trouble = []
    opened.on("console", lambda m: opened.trouble.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda e: opened.trouble.append(str(e)))
    opened.foreign = []
    opened.on("request", lambda r: opened.foreign.append(r.url) if not r.url.startswith("http://127.0.0.1:") else None)
    yield opened
    context.close()


def ready(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(".view[data-ready][data-correctable]")


MARKS = """() => {
  const found = {};
  for (const mark of document.querySelectorAll("#text mark")) {
    const copy = mark.cloneNode(true);
    for (const n of copy.querySelectorAll("a.n")) n.remove();
    found[mark.dataset.c] = (found[mark.dataset.c] ?? "") + copy.textContent;
  }
  return found;
}"""


def words(found: ArticleClaims) -> dict[str, str]:
    text = found.article.text
    return {f"1-{i}": "".join(text[s.start : s.end] for s in c.content.spans) for i, c in enumerate(found.claims, 1)}


def flat(text: str) -> str:
    return "".join(text.replace("\x0b", "\ufffd").split()).replace("\ufffd", "")


def test_marks_are_the_claims_words_and_paragraphs_the_text(page: Any, serve: Any) -> None:
    hard = "\r\n".join(["This line of a mail is wrapped at a width of 72 or so 👩🏽‍⚖️, said", "Ana Ruiz of Lugo, who is the mayor of that town, where the old road", "was closed on Monday, and she added that nobody would pay for it all", "before the spring. “No,” she said.", "", "Next."])
    wrapped = make(hard, [{"content": [(hard.index("👩🏽‍⚖️"), hard.index("Lugo"))], "speaker": "Ana"}, {"content": [at(hard, "“No,”")], "speaker": "Ana", "type": "direct"}])
    running = serve(tricky(), wrapped)
    for given, address in zip([tricky(), wrapped], running.addresses, strict=True):
        ready(page, address)
        assert {k: flat(v) for k, v in page.evaluate(MARKS).items()} == {k: flat(v) for k, v in words(given).items()}
        for start, shown in page.evaluate("""() => [...document.querySelectorAll("#text [data-s]")].map((p) => {
            const copy = p.cloneNode(true);
            for (const n of copy.querySelectorAll("a.n")) n.remove();
            return [Number(p.dataset.s), copy.textContent];
        })"""):
            assert given.article.text[start : start + len(shown)].replace("\x0b", "\ufffd") == shown
    assert page.trouble == []


def test_nothing_of_an_article_runs_and_nothing_is_fetched(page: Any, serve: Any) -> None:
    running = serve(nasty(), *two_outlets())
    for path in [running.addresses[0], running.url, f"{running.url}/people", f"{running.url}/compare"]:
        page.goto(path)
        page.wait_for_timeout(100)
        assert "owned" not in page.evaluate("document.title").split("—")[0].replace('document.title="owned"', "").replace("document.title='owned'", "")
        assert page.locator("main img").count() == 0 and page.locator("main script").count() == 0
    assert page.foreign == [] and page.trouble == []


def test_a_claim_is_lit_shown_filtered_and_sorted(page: Any, serve: Any) -> None:
    running = serve(tricky())
    ready(page, running.addresses[0])
    page.hover("#text mark[data-c='1-3']")
    assert page.locator("#d1-3").is_visible() and "Luis Vega" in page.inner_text("#d1-3")
    assert page.locator("#text .on").count() >= 3
    assert set(page.evaluate("[...document.querySelectorAll('#text .on')].map((e) => e.dataset.c)")) == {"1-3"}
    page.click(".voice >> nth=0")
    shown = page.locator("#claims tr:visible").all_inner_texts()
    assert len(shown) == 2 and all("Ana Ru" in row for row in shown)
    assert page.locator("#text mark.off").count() > 0
    page.click("text=Show all")
    page.wait_for_selector("#claims tr:nth-child(9)")
    page.select_option("select[name=act]", "question")
    assert page.locator("#claims tr:visible").count() == 1
    page.click("text=Show all")
    page.click("[data-sort=who]")
    names = page.eval_on_selector_all("#claims .who", "cells => cells.map((c) => c.textContent)")
    assert names[-1] == "Nobody named" and page.get_attribute("th.who", "aria-sort") == "ascending"
    page.click("#c1-5 .what")
    assert page.evaluate("document.querySelector('#t1-5').classList.contains('chosen')")
    assert "to" in page.inner_text("#d1-5").lower() and page.trouble == []


def test_the_whole_tour_by_keyboard(page: Any, serve: Any) -> None:
    """Paste, read, filter, copy, correct, undo, compare: without a mouse."""
    running = serve(*two_outlets())
    page.goto(running.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.insert_text("Ana Ruiz said no 👩🏽‍⚖️.\nAnd then no, again.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".view[data-correctable]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "t1-2" and page.locator("#d1-2").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('tr').id") == "c1-2"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "t1-2"
    page.keyboard.press("c")
    page.wait_for_selector("#said:text('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("no [indirect] — Ana Ruiz (") and copied.endswith("#t1-2")
    page.keyboard.press("e")
    page.wait_for_selector("#correct[open]")
    assert page.evaluate("document.activeElement.name") == "speaker"
    page.keyboard.press("Control+a")
    page.keyboard.type("Marta Pena")
    page.keyboard.press("Enter")
    page.wait_for_selector("#d1-2 .name bdi:text-is('Marta Pena')", state="attached")
    gold = json.loads(running.gold.read_text("utf-8"))
    assert [a["speaker"] for a in gold["attributions"]] == ["Ana Ruiz", "Marta Pena"]
    page.wait_for_selector(".view[data-correctable]")
    page.keyboard.press("u")
    page.wait_for_selector("#undo:disabled", state="attached")
    assert page.inner_text("#claims tr:nth-child(2) .who") == "Ana Ruiz"
    assert not running.gold.exists()
    page.wait_for_selector(".view[data-correctable]")
    page.keyboard.press("/")
    page.keyboard.type("nothing like it")
    assert page.locator("#none").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.goto(f"{running.url}/compare")
    for box in page.locator(".entries input").all()[:2]:
        box.focus()
        page.keyboard.press("Space")
    page.locator("#compare").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?article=*")
    assert page.trouble == []


def test_a_missed_claim_is_taken_from_the_text_in_code_points(page: Any, serve: Any) -> None:
    given = tricky()
    running = serve(given)
    ready(page, running.addresses[0])
    page.keyboard.press("m")
    page.wait_for_selector("#correct[open]")
    units = page.evaluate("""() => {
        const box = document.querySelector("#context");
        const start = box.value.indexOf("Nobody was named");
        box.focus();
        box.setSelectionRange(start, start);
        return start;
    }""")
    assert units > TRICKY.index("Nobody was named") - TRICKY[: TRICKY.index("Nobody was named")].count("\r")  # UTF-16, not code points
    for _ in range(len("Nobody was named")):
        page.keyboard.press("Shift+ArrowRight")
    page.click("[data-take=content]")
    assert page.inner_text("[data-role=content] q") == "Nobody was named"
    page.click("#correct-form [type=submit]")
    page.wait_for_selector("#claims tr:nth-child(10)")
    gold = json.loads(running.gold.read_text("utf-8"))
    assert list(at(TRICKY, "Nobody was named")) in [s for a in gold["attributions"] for s in a["content"]]
    assert page.locator("#claims .badge:text('corrected')").count() == 1 and page.trouble == []


def test_words_selected_in_the_article_are_offered(page: Any, serve: Any) -> None:
    running = serve(tricky())
    ready(page, running.addresses[0])
    page.evaluate("""() => {
        const paragraph = [...document.querySelectorAll("#text [data-s]")].find((p) => p.textContent.includes("Nobody was"));
        const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
        let node;
        while ((node = walker.nextNode()) && !node.data.includes("named")) ;
        const start = node.data.indexOf("named");
        getSelection().setBaseAndExtent(node, start, node, start + 5);
    }""")
    page.click("#missed")
    page.wait_for_selector("#correct[open]")
    assert page.inner_text("[data-role=content] q") == "named" and page.trouble == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_pages_fit_and_can_be_read(browser: Any, serve: Any, size: tuple[int, int], scheme: str) -> None:
    """No page is wider than its window, every control has a name, every text the contrast of WCAG AA."""
    running = serve(tricky(outlet="La Marea", title="A story"), *two_outlets())
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    compare = "/compare?" + "&".join(f"article={a.rpartition('/')[2]}" for a in running.addresses[1:])
    for path in ("/", running.addresses[0].removeprefix(running.url), "/people", compare, "/compare", "/api"):
        page.goto(running.url + path)
        if "articles/" in path:
            page.wait_for_selector(".view[data-ready]")
            page.keyboard.press("j")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(UNNAMED) == [], path
        assert page.evaluate(PALE) == [], path
        assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size === document.querySelectorAll('[id]').length")
        assert page.locator("h1").count() == 1 and page.locator("main").count() == 1, path
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


UNNAMED = """() => [...document.querySelectorAll("a, button, input, select, textarea, [role=region], dialog, table:has(caption)")]
  .filter((e) => e.checkVisibility() && e.type !== "hidden")
  .filter((e) => !(e.getAttribute("aria-label") || (e.labels?.length && [...e.labels].some((l) => l.textContent.trim()))
    || document.getElementById(e.getAttribute("aria-labelledby") ?? "")?.textContent.trim()
    || (!["INPUT", "SELECT", "TEXTAREA"].includes(e.tagName) && e.textContent.trim())))
  .map((e) => e.outerHTML.slice(0, 120))"""

PALE = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((x) => x / 255);
  };
  const over = (top, under) => top.slice(0, 3).map((x, i) => x * top[3] + under[i] * (1 - top[3]));
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [1, 1, 1]);
  };
  const luminance = (rgb) => rgb.map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)).reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest("[aria-hidden=true], .unseen, :disabled, option, script, template")) continue;
    const under = ground(element);
    const style = getComputedStyle(element);
    const [low, high] = [luminance(over(rgba(style.color), under)), luminance(under)].sort((a, b) => a - b);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return found;
}"""


def test_text_from_right_to_left_keeps_its_direction(page: Any, serve: Any) -> None:
    text = "ראש העיר אמר לא היום\n\nAna said no."
    running = serve(make(text, [{"content": [at(text, "לא היום")], "cue": [at(text, "אמר")], "speaker": "ראש העיר"}]))
    ready(page, running.addresses[0])
    assert page.evaluate("[...document.querySelectorAll('#text [data-s]')].map((p) => getComputedStyle(p).direction)") == ["rtl", "ltr"]
    assert page.evaluate(MARKS) == {"1-1": "לא היום"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, serve: Any, scheme: str) -> None:
    """axe-core, where AXE_CORE names its axe.min.js (npm package axe-core; `.ci/run` fetches it if it can)."""
    axe = Path(os.environ.get("AXE_CORE", ""))
    if not axe.is_file():
        pytest.skip("no axe-core: set AXE_CORE to axe.min.js of the npm package axe-core")
    running = serve(tricky(outlet="La Marea", title="A story"), *two_outlets())
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    compare = "/compare?" + "&".join(f"article={a.rpartition('/')[2]}" for a in running.addresses[1:])
    script = axe.read_text("utf-8")
    for path in ("/", running.addresses[0].removeprefix(running.url), "/people", compare, "/compare", "/api", "/articles/none"):
        page.goto(running.url + path)
        if "articles/" in path and "none" not in path:
            page.wait_for_selector(".view[data-correctable]")
            for key in ("j", "e"):
                page.keyboard.press(key)
            page.wait_for_selector("#correct[open]")
        page.evaluate(script)
        found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
        assert [(v["impact"], v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]] == [], path
        if page.locator("#correct[open]").count():
            page.keyboard.press("Escape")
            found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
            assert [(v["impact"], v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]] == [], path
    context.close()
