"""From an empty home to a commit with the keyboard alone, and no barrier on any page on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
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
    context = browser.new_context(base_url=address)
    context.set_default_timeout(90_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    assert barriers(browser, address, ["/sign-in", "/sign-in/forgotten"]) == []
    sign_in(page, BEN)
    assert barriers(browser, address, ["/", "/focus", "/week", "/settings/outbox"], signed_in=context.storage_state()) == []
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
    assert barriers(browser, address, PAGES, signed_in=context.storage_state()) == []
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert _forms_outside(page) == []


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
