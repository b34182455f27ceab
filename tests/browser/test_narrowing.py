"""Narrowing a dashboard and a list by clicking: the address keeps the view, and the figures follow."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD
from tests.running import done, serving

pytestmark = pytest.mark.browser
BEN, ANA = "ben@program.example", "ana@program.example"


@pytest.fixture(scope="module")
def address(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on the sample program with two people."""
    home = tmp_path_factory.mktemp("narrowing") / "home"
    done("init", "--home", home)
    for name in ("facts.duckdb", "program.yaml"):
        (home / name).write_bytes((sample_stores / name).read_bytes())
    for email, role in ((BEN, "admin"), (ANA, "viewer")):
        done("user", "add", email, "--home", home, "--role", role, "--password-stdin", stdin=f"{PASSWORD}\n")
    with serving(home) as at:
        yield at


def signed_in(browser: Browser, address: str, email: str, path: str) -> Page:
    """A page of someone, at a path."""
    page = browser.new_context().new_page()
    page.goto(f"{address}/sign-in?next={path}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def test_segment_then_tier_changes_the_figures_and_the_address_keeps_it(address: str, browser: Browser) -> None:
    page = signed_in(browser, address, BEN, "/dashboard")
    value = page.locator(".metric-value").first
    everyone = value.inner_text()
    page.get_by_role("link", name="Growth").click()
    expect(page).to_have_url(f"{address}/dashboard?segment=Growth")
    expect(value).not_to_have_text(everyone)
    growth = value.inner_text()
    page.get_by_role("link", name="Gold").click()
    expect(page).to_have_url(f"{address}/dashboard?segment=Growth&tier=Gold")
    expect(value).not_to_have_text(growth)
    gold = value.inner_text()
    page.reload()
    expect(value).to_have_text(gold)
    bar = page.locator("#t-industry").locator("xpath=ancestor::section").locator("details").first
    bar.locator("summary").click()
    expect(bar.locator(".behind li").first).to_be_visible()


def test_the_list_is_searched_sorted_and_paged(address: str, browser: Browser) -> None:
    page = signed_in(browser, address, BEN, "/partners")
    names = page.locator("tbody th")
    expect(names).to_have_count(50)
    first = names.first.inner_text()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page).to_have_url(f"{address}/partners?page=2")
    expect(names.first).not_to_have_text(first)
    page.get_by_role("columnheader").get_by_role("link", name="Name").click()
    expect(page).to_have_url(re.compile("sort=name"))
    page.get_by_role("searchbox", name="Name").fill("nordvane")
    page.get_by_role("button", name="Search").click()
    expect(names).to_have_text(["Nordvane Systems"])


def test_a_hidden_tile_stays_hidden_for_that_person_only(address: str, browser: Browser) -> None:
    page = signed_in(browser, address, BEN, "/dashboard")
    page.get_by_role("button", name="Customize").click()
    page.get_by_role("switch", name="Areas to address").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#t-areas")).to_have_count(0)
    page.reload()
    expect(page.locator("#t-areas")).to_have_count(0)
    expect(signed_in(browser, address, ANA, "/dashboard").locator("#t-areas")).to_have_count(1)
