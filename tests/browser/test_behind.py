"""From a number to its rows by clicking and by keys alone; hiding a tile and taking it back; new pages without barriers."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import BEN

pytestmark = pytest.mark.browser
PAGES = ("/figures/win_rate", "/figures/open_pipeline/how", "/figures/regions?key=DACH", "/cards/velocity")


def test_a_card_leads_to_rows_formula_and_back_by_keys_alone(address: str, pages: dict[str, Page]) -> None:
    page = pages[BEN]
    page.goto("/dashboard?segment=Growth")
    card = page.locator("a.metric", has_text="Win rate")
    card.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Win rate")).to_be_visible()
    number = page.locator("#sum").inner_text()
    page.locator("#sort-closed").focus()
    page.keyboard.press("Enter")
    expect(page.locator('th[aria-sort="descending"]')).to_contain_text("Closed")
    expect(page.locator("#sum")).to_have_text(number)
    page.get_by_role("link", name="How is this made").focus()
    page.keyboard.press("Enter")
    expect(page.locator("pre.sql").first).to_contain_text("SELECT")
    page.get_by_role("link", name="Executive Dashboard").last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/dashboard?segment=Growth")


def test_a_hidden_tile_comes_back_by_undo(pages: dict[str, Page]) -> None:
    page = pages[BEN]
    page.goto("/dashboard")
    page.get_by_role("button", name="Customize").click()
    page.get_by_role("switch", name="Areas to address", exact=True).uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#t-areas")).to_have_count(0)
    page.locator("#toast-undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#t-areas")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_new_pages_have_no_barriers(
    address: str, browser: Browser, signed_in: dict[str, Any], width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        base_url=address, storage_state=signed_in[BEN], viewport=ViewportSize(width=width, height=900), color_scheme=scheme
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
