"""From a number to its rows by clicking and by keys alone; hiding a tile and taking it back; new pages without barriers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, let_in
from tests.running import done, serving

pytestmark = pytest.mark.browser
BEN = "ben@program.example"
PAGES = ("/figures/win_rate", "/figures/open_pipeline/how", "/figures/regions?key=DACH")


@pytest.fixture(scope="module")
def address(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on the sample program."""
    home = tmp_path_factory.mktemp("behind") / "home"
    done("init", "--home", home)
    for name in ("facts.duckdb", "program.yaml"):
        (home / name).write_bytes((sample_stores / name).read_bytes())
    let_in(home, BEN, "admin")
    with serving(home) as at:
        yield at


def at(browser: Browser, address: str, path: str, width: int = 1440, scheme: str = "light") -> Page:
    """A page of the admin, at a path."""
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.goto(f"{address}/sign-in?next={path}")
    page.get_by_label("Email").fill(BEN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def test_a_card_leads_to_rows_formula_and_back_by_keys_alone(address: str, browser: Browser) -> None:
    page = at(browser, address, "/dashboard?segment=Growth")
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


def test_a_hidden_tile_comes_back_by_undo(address: str, browser: Browser) -> None:
    page = at(browser, address, "/dashboard")
    page.get_by_role("button", name="Customize").click()
    page.get_by_role("switch", name="Areas to address", exact=True).uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#t-areas")).to_have_count(0)
    page.locator("#toast-undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#t-areas")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_new_pages_have_no_barriers(address: str, browser: Browser, width: int, scheme: str) -> None:
    page = at(browser, address, PAGES[0], width, scheme)
    for path in PAGES:
        page.goto(f"{address}{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
