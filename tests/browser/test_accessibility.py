"""WCAG 2.2 AA as far as a machine can tell: axe-core on every kind of page, wide and narrow, light and dark.

axe's own best practices count too, and its rule on the size of targets, which is off unless asked for. Beside that: no
page scrolls sideways at 320 px, none asks for anything from another host, and the console stays empty.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.site import Site

OPTIONS = {"rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # in the dark only colours differ
PAGES = (
    "home", "ideas", "idea", "idea-filtered", "idea-error", "idea-empty", "person", "organisation", "group", "place",
    "issue", "intervention", "outcome", "list", "documents", "document", "document-long", "document-hostile",
    "statement", "search", "search-one", "search-empty", "about", "ontology", "data", "missing",
)


FOCUSABLE = """
    [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility() && !(e.closest('details:not([open])') && e.tagName !== 'SUMMARY')).length
"""


def path_of(site: Site, page: str) -> str:
    return {
        "home": "/", "ideas": "/ideas", "idea": "/ideas/co-production",
        "idea-filtered": "/ideas/co-production?from=2020&stance=challenges",
        "idea-error": "/ideas/co-production?from=abc", "idea-empty": "/ideas/volunteering",
        "person": site.path("imogen"), "organisation": site.path("northbridge"), "group": site.path("tenants"),
        "place": site.path("saltmarsh"), "issue": site.path("loneliness"), "intervention": site.path("panels"),
        "outcome": site.path("staff-time"), "list": "/organisations?said=yes", "documents": "/documents",
        "document": f"{site.document('panels.html')}?statement={site.statement('panels.html', 3)}",
        "document-long": site.document("long.docx") + "?part=2", "document-hostile": site.document("hostile.html"),
        "statement": "/statements/" + site.statement("equal.md", 0), "search": "/search?q=panels",
        "search-one": "/search?q=panels&type=Passage", "search-empty": "/search?q=unheardofword",
        "about": "/about", "ontology": "/about/ontology", "data": "/about/data", "missing": "/ideas/none",
    }[page]


def open_all(page: Page) -> None:
    """Opens what is folded up, so that it is judged too."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def violations(page: Page, scheme: str) -> list[tuple[str, Any]]:
    options = OPTIONS if scheme == "light" else COLOURS
    found = Axe().run(page, options=options).response["violations"]
    return [(v["id"], [(n["target"], n["failureSummary"]) for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, site: Site, address: str, screens: Path, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    response = page.goto(address + path_of(site, name))
    assert response is not None
    assert response.status == (404 if name == "missing" else 200)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=screens / f"{name}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    open_all(page)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways unfolded"
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            assert violations(page, scheme) == [], (width, scheme)
    assert [text for text in said if "404" not in text] == []
    assert [url for url in asked if not url.startswith(address)] == []
    context.close()


def test_text_spacing_and_larger_text_clip_nothing(browser: Browser, site: Site, address: str) -> None:
    """WCAG 1.4.12 and 1.4.4: with the spacing of the criterion and text at 200 per cent no page scrolls sideways."""
    context = browser.new_context(viewport={"width": 640, "height": 800}, bypass_csp=True)
    page = context.new_page()
    for name in ("home", "idea", "organisation", "document", "statement", "search"):
        page.goto(address + path_of(site, name))
        page.add_style_tag(content="html { font-size: 200% } * { line-height: 1.5 !important; "
                                   "letter-spacing: .12em !important; word-spacing: .16em !important } "
                                   "p { margin-bottom: 2em !important }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, name
        clipped = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).overflow === 'hidden'"
            " && !e.closest('svg') && !e.classList.contains('hidden-visually') && !e.closest('.hidden-visually')"
            " && !e.closest('thead') && e.scrollHeight > e.clientHeight + 1).map(e => e.className)")
        assert clipped == [], name
    context.close()


def test_the_keyboard_reaches_everything(browser: Browser, site: Site, address: str) -> None:
    """Tab goes through skip link, menu, fields, scrolling regions and links in the order of the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    for name in ("home", "idea", "intervention", "document", "search"):
        page.goto(address + path_of(site, name))
        focusable = page.evaluate(FOCUSABLE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "the skip link is not seen"
        places = ["Skip to the content"]
        while len(places) < focusable + 5:
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body || document.activeElement.className === 'skip'"):
                break  # round once
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", name
            places.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert len(places) == focusable, name
    context.close()


def test_the_skip_link_leads_to_the_content(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "/ideas")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ideas#main")  # the browser goes there a moment after the key; never going fails
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()


def test_everything_works_without_a_script(browser: Browser, site: Site, address: str) -> None:
    """Search, filters, folds, and the way from a statement to its source and back."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.fill("#q", "co-production")
    page.press("#q", "Enter")
    page.get_by_role("link", name="Co-production").first.click()
    assert page.locator("h1").inner_text() == "Co-production"
    page.select_option("#f-stance", "challenges")
    page.get_by_role("button", name="Apply").click()
    assert page.locator("article.ev").count() == 5
    page.get_by_role("link", name="Remove the filter Challenges").click()
    assert page.locator("article.ev").count() == 13
    page.get_by_text("The same as a table").click()
    assert page.get_by_role("region", name="Statements by year, table").is_visible()
    page.get_by_role("link", name="Read in the source, paragraph 5").first.click()
    assert "statement=" in page.url
    assert page.url.endswith("#p5")
    assert page.locator("mark").inner_text().startswith("“The gains came from faster repairs")
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Previous").click()
    page.get_by_role("link", name="Back to the trace").click()
    assert page.url.endswith("/ideas/co-production#trace")
    context.close()


def test_a_thing_in_the_drawing_is_a_link(browser: Browser, site: Site, address: str) -> None:
    page = browser.new_page()
    page.goto(address + site.path("panels"))
    page.locator(".canvas svg a", has_text="staff time").click()
    assert page.locator("h1").inner_text() == "staff time"
    page.close()


def test_a_page_prints_whole(browser: Browser, site: Site, address: str, screens: Path) -> None:
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(address + "/ideas/co-production")
    assert not page.locator(".filterbar").is_visible()
    assert page.locator("article.ev").count() == 13
    data = page.pdf(path=screens / "idea.pdf", format="A4")
    assert data.startswith(b"%PDF")
    page.close()
