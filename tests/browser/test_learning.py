"""The learning report by keys alone: each figure opens the decisions it counts, and no page has barriers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BEN, copied, let_in, sign_in
from tests.running import done, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def learned(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """Ben, signed in where two months of spring were committed, whose windows are over."""
    home = copied(sample_stores, tmp_path_factory.mktemp("learned"))
    let_in(home, BEN, "admin")
    for day in ("2026-04-30", "2026-05-31"):
        done("decide", "--home", home, "--as-of", day, "--commit", "--limit", "0")
    with serving(home) as address:
        page = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}).new_page()
        sign_in(page, BEN)
        yield page


def test_a_figure_of_the_report_opens_as_many_decisions_as_it_says(learned: Page) -> None:
    learned.goto("/learning")
    expect(learned.get_by_role("heading", level=1)).to_have_text("Outcomes and learning")
    rates = learned.locator("section", has=learned.get_by_role("heading", name="Outcomes of plays that were run"))
    figure = rates.locator("tbody tr").first.locator("a").nth(1)
    said = int(figure.inner_text())
    figure.focus()
    learned.keyboard.press("Enter")
    expect(learned.locator("tr[data-row]")).to_have_count(said)
    learned.get_by_role("link", name="Outcomes and learning").last.focus()
    learned.keyboard.press("Enter")
    expect(learned.get_by_role("heading", name="Are our odds honest?")).to_be_visible()


def test_what_a_test_can_find_and_the_method_are_told(learned: Page) -> None:
    learned.goto("/learning")
    learned.get_by_text("Numbers and method").focus()
    learned.keyboard.press("Enter")
    expect(learned.get_by_text("Everybody offered counts")).to_be_visible()
    expect(learned.get_by_role("heading", name="What the test can find")).to_be_visible()


@pytest.mark.parametrize("path", ["/learning", "/learning/cases?status=committed"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_report_has_no_barriers_and_never_scrolls_sideways(learned: Page, path: str, width: int) -> None:
    learned.set_viewport_size({"width": width, "height": 900})
    learned.goto(path)
    found = Axe().run(learned).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert not learned.evaluate("document.documentElement.scrollWidth > innerWidth")
