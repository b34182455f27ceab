"""A partner's seller with a link from a mail: no account, no script, and the Monday is answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BEN, copied, let_in, sign_in
from tests.running import serving

pytestmark = pytest.mark.browser
PARTNER = "PTR-007"


@pytest.fixture(scope="module")
def ben(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """Ben, an admin, signed in on the sample program."""
    home = copied(sample_stores, tmp_path_factory.mktemp("linked"))
    let_in(home, BEN, "admin")
    with serving(home) as address:
        page = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}).new_page()
        sign_in(page, BEN)
        yield page


def test_a_link_is_made_opens_on_a_phone_without_script_and_ends(ben: Page, browser: Browser) -> None:
    ben.goto(f"/partners/{PARTNER}/scorecard")
    ben.get_by_role("button", name="Keep as version 1").click()
    ben.get_by_role("button", name="Share with the partner").click()
    expect(ben.get_by_role("button", name="Share it no longer")).to_be_visible()
    assert Axe().run(ben).violations_count == 0
    ben.goto(f"/partners/{PARTNER}")
    ben.get_by_role("button", name="Make a link").click()
    link = ben.get_by_label("Link", exact=True).last.input_value()
    phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = phone.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("What do I do on Monday?")
    expect(page.get_by_text("Outreach sprint done")).to_be_visible()
    assert phone.cookies() == []
    ben.goto(f"/partners/{PARTNER}")
    handle = link.rpartition("/")[2].partition(".")[0]
    ben.get_by_role("button", name=f"End link {handle}").click()
    expect(ben.locator("#toasts")).to_contain_text("The link opens nothing any more.")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not open anything")


def test_the_partners_page_has_no_barriers(ben: Page, browser: Browser) -> None:
    ben.goto(f"/partners/{PARTNER}")
    ben.get_by_role("button", name="Make a link").click()
    link = ben.get_by_label("Link", exact=True).last.input_value()
    for width in (1440, 390):
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.goto(link)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
