"""Narrowing a dashboard and a list by clicking: the address keeps the view, and the figures follow."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANA, BEN, DAN

pytestmark = pytest.mark.browser


def test_segment_then_tier_changes_the_figures_and_the_address_keeps_it(address: str, pages: dict[str, Page]) -> None:
    page = pages[BEN]
    page.goto("/dashboard")
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


def test_the_list_is_searched_sorted_and_paged(address: str, pages: dict[str, Page]) -> None:
    page = pages[BEN]
    page.goto("/partners")
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


def test_a_hidden_tile_stays_hidden_for_that_person_only(address: str, pages: dict[str, Page]) -> None:
    page = pages[DAN]
    page.goto("/dashboard")
    page.get_by_role("button", name="Customize").click()
    page.get_by_role("switch", name="Areas to address").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#t-areas")).to_have_count(0)
    page.reload()
    expect(page.locator("#t-areas")).to_have_count(0)
    pages[ANA].goto("/dashboard")
    expect(pages[ANA].locator("#t-areas")).to_have_count(1)
