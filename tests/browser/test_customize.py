"""With the keyboard alone: a resting card switched on, kept, taken back and outdone by an admin; filters, rows and files."""

import csv
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ANA, BEN

pytestmark = pytest.mark.browser
RESTING = "Sales velocity"


def press(target: Locator, key: str = "Enter") -> None:
    """As the keyboard does it: the focus there, then the key."""
    target.focus()
    expect(target).to_be_focused()
    target.page.keyboard.press(key)


def switch(page: Page, name: str, button: str) -> None:
    """Turn a switch of the customize panel and save."""
    press(page.get_by_role("button", name="Customize"))
    turned = page.get_by_role("switch", name=name, exact=True)
    if not turned.is_visible():
        press(page.get_by_text("What everybody is offered"))
    press(turned, "Space")
    press(page.get_by_role("button", name=button, exact=True))


def card(page: Page, label: str) -> Locator:
    return page.locator("a.metric", has=page.locator(".metric-label", has_text=label))


def test_a_resting_card_is_switched_on_kept_taken_back_and_outdone_by_an_admin(pages: dict[str, Page]) -> None:
    ana, ben = pages[ANA], pages[BEN]
    ana.goto("/dashboard")
    expect(card(ana, RESTING)).to_have_count(0)
    switch(ana, RESTING, "Save")
    expect(card(ana, RESTING)).to_have_count(1)
    press(ana.locator("#toast-undo"))
    expect(card(ana, RESTING)).to_have_count(0)
    switch(ana, RESTING, "Save")
    expect(card(ana, RESTING)).to_have_count(1)
    ana.goto("/dashboard")
    expect(card(ana, RESTING)).to_have_count(1)
    ben.goto("/dashboard")
    expect(card(ben, RESTING)).to_have_count(0)
    switch(ben, f"Offer {RESTING} to everybody", "Save for everybody")
    expect(ben.locator(".toast")).to_contain_text("Saved for everybody.")
    ana.reload()
    expect(card(ana, RESTING)).to_have_count(0)
    press(ben.locator("#toast-undo"))
    expect(ben.locator(".toast")).to_contain_text("Taken back.")
    ana.reload()
    expect(card(ana, RESTING)).to_have_count(1)


def test_segment_then_tier_are_chosen_and_cleared_by_keys(pages: dict[str, Page]) -> None:
    page = pages[ANA]
    page.goto("/dashboard")
    value = card(page, "Open pipeline").locator(".metric-value")
    everyone = value.inner_text()
    press(page.get_by_role("link", name="Growth"))
    expect(page).to_have_url("/dashboard?segment=Growth")
    expect(value).not_to_have_text(everyone)
    growth = value.inner_text()
    press(page.get_by_role("link", name="Gold"))
    expect(page).to_have_url("/dashboard?segment=Growth&tier=Gold")
    expect(value).not_to_have_text(growth)
    press(page.get_by_role("link", name="Clear filters"))
    expect(value).to_have_text(everyone)


def downloaded(page: Page, link: Locator) -> Path:
    with page.expect_download() as started:
        press(link)
    return Path(started.value.path())


def test_rows_are_opened_sorted_paged_and_taken_along_and_their_sum_is_the_number(pages: dict[str, Page]) -> None:
    page = pages[ANA]
    page.goto("/dashboard?segment=Growth")
    press(card(page, "Open pipeline"))
    number = page.locator("#sum").inner_text()
    press(page.locator("#sort-value"))
    expect(page.locator("th[aria-sort]")).to_contain_text("Value")
    first = page.locator("tbody tr").first.inner_text()
    press(page.get_by_role("link", name="Next", exact=True))
    expect(page.locator("tbody tr").first).not_to_have_text(first)
    expect(page.locator("#sum")).to_have_text(number)
    text = downloaded(page, page.get_by_role("link", name="CSV")).read_text(encoding="utf-8-sig")
    values = [float(row["value"]) for row in csv.DictReader(text.splitlines())]
    assert len(values) > 50
    assert number == f"${sum(values):,.0f}"
    sheet = pl.read_excel(downloaded(page, page.get_by_role("link", name="XLSX")))
    assert sheet.height == len(values)
    assert round(sum(map(float, sheet["value"])), 2) == round(sum(values), 2)


@pytest.mark.parametrize(("kind", "start"), [("PDF", b"%PDF"), ("PNG", b"\x89PNG")])
def test_the_dashboard_is_downloaded_for_the_board(pages: dict[str, Page], kind: str, start: bytes) -> None:
    page = pages[ANA]
    page.goto("/dashboard?segment=Growth")
    press(page.get_by_role("button", name="Download"))
    assert downloaded(page, page.get_by_role("link", name=kind, exact=True)).read_bytes().startswith(start)
