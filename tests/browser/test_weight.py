"""A dashboard is light, paints before any script, and stays where it was painted."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import BEN

pytestmark = pytest.mark.browser
# Bytes over the wire of a first visit, the charts' library apart: there is none, charts are drawn by the server.
HEAVIEST = 150_000
SHIFTED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 500);
})"""
WIRE = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((sum, one) => sum + one.transferSize, 0)"""
# A page that arrives in parts may break a line anew on a loaded machine; a bar or a figure that moves is over this.
SHAKE = 0.001
BLOCKING = "() => [...document.scripts].filter(one => one.src && !one.defer && !one.async && one.type !== 'module').length"


def _shifted_again(page: Page) -> float:
    page.reload(wait_until="networkidle")
    return float(page.evaluate(SHIFTED))


@pytest.mark.parametrize("path", ["/dashboard", "/lifecycle"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_first_visit_is_light_and_nothing_moves(
    path: str, width: int, address: str, browser: Browser, signed_in: dict[str, Any]
) -> None:
    context = browser.new_context(base_url=address, storage_state=signed_in[BEN], viewport={"width": width, "height": 900})
    page: Page = context.new_page()
    page.goto(path, wait_until="networkidle")
    assert 0 < page.evaluate(WIRE) < HEAVIEST
    # What the page itself moves, it moves on every visit.
    assert page.evaluate(SHIFTED) < SHAKE or _shifted_again(page) < SHAKE
    assert page.evaluate(BLOCKING) == 0
    context.close()


@pytest.mark.parametrize(("path", "heading"), [("/dashboard", "Executive Dashboard"), ("/lifecycle", "Partner Lifecycle")])
def test_without_scripts_the_figures_are_there(
    path: str, heading: str, address: str, browser: Browser, signed_in: dict[str, Any]
) -> None:
    context = browser.new_context(base_url=address, storage_state=signed_in[BEN], java_script_enabled=False)
    page = context.new_page()
    page.goto(path)
    assert page.locator("h1").inner_text() == heading
    assert page.locator(".metric-value").count() == 8
    page.locator(".metric").first.click()
    assert page.locator("#sum").inner_text()
    context.close()
