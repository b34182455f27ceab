"""From an empty home to a commit with the keyboard alone; every page at three widths in both themes, checked by axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BEN, let_in, sign_in
from tests.browser.keys import settled
from tests.running import done, serving

pytestmark = pytest.mark.browser
PAGES = ["/dashboard", "/dashboard?segment=Growth&tier=Gold", "/lifecycle", "/focus", "/focus/how", "/partners"]
PAGES += [
    "/partners/PTR-007",
    "/learning",
    "/learning/cases",
    "/partners/PTR-007/signals",
    "/partners/PTR-007/signals/silence",
    "/data",
    "/data/import",
    "/no/such/page",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on an empty home with one admin."""
    home: Path = tmp_path_factory.mktemp("pages") / "home"
    done("init", "--home", home)
    let_in(home, BEN, "admin")
    with serving(home) as at:
        yield at


def test_from_an_empty_home_to_a_commit_without_a_mouse_and_every_page_passes_axe(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, BEN, f"{address}/sign-in")
    page.get_by_role("button", name="Load the sample").press("Enter")
    page.get_by_role("link", name="Open Focus this month").wait_for(timeout=90_000)
    page.get_by_role("link", name="Open Focus this month").press("Enter")
    page.get_by_role("button", name="Propose the month").press("Enter")
    page.get_by_role("link", name="Open Focus this month").wait_for(timeout=90_000)
    page.get_by_role("link", name="Open Focus this month").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Focus this month")
    settled(page)
    waiting = page.locator(".pick").count()
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator(".toast")).to_contain_text("Committed.")
    expect(page.locator(".pick")).to_have_count(waiting - 1)
    page.locator("#toast-undo").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Taken back.")
    expect(page.locator(".pick")).to_have_count(waiting)
    assert complaints == []
    assert _violations(browser, context.storage_state(), address) == []


def _violations(browser: Browser, signed_in: object, address: str) -> list[str]:
    """What axe finds, and pages wider than their window."""
    found, axe = [], Axe()
    for width in (390, 1024, 1440):
        for theme in ("light", "dark"):
            context = browser.new_context(
                storage_state=signed_in,  # type: ignore[arg-type]
                viewport={"width": width, "height": 900},
                color_scheme=theme,
            )
            page = context.new_page()
            for path in PAGES:
                page.goto(address + path)
                where = f"{path} at {width} {theme}"
                found += [f"{where}: {one['id']}" for one in axe.run(page).response["violations"]]
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    found.append(f"{where}: wider than its window")
                if path == "/focus":
                    found += [f"{where}: {one} hangs out of the window" for one in _forms_outside(page)]
            context.close()
    return found


def _forms_outside(page: Page) -> list[str]:
    """Forms of the first decision that do not open inside the window."""
    outside = []
    for name in ("Reassign", "Decline"):
        button = page.locator(".pick").first.get_by_role("button", name=name)
        button.click()
        box = page.locator("[popover]:popover-open").bounding_box()
        assert box
        seen = page.evaluate("[innerWidth, innerHeight]")
        if min(box["x"], box["y"]) < 0 or box["x"] + box["width"] > seen[0] or box["y"] + box["height"] > seen[1]:
            outside.append(name)
        page.keyboard.press("Escape")
    return outside
