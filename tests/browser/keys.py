"""Hands on a keyboard and none on a mouse."""

from playwright.sync_api import Locator, Page, expect

# Nobody walks further than that.
_MOST_STOPS = 250


def reach(page: Page, wanted: Locator) -> None:
    """Walk there by Tab from where the focus is, as somebody without a mouse does."""
    expect(wanted).to_have_count(1)
    for _ in range(_MOST_STOPS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab from {page.url}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Reach it and press a key on it."""
    reach(page, wanted)
    page.keyboard.press(key)


def press_away(page: Page, wanted: Locator) -> None:
    """Press what is gone on the next page, and wait for that."""
    press(page, wanted)
    expect(wanted).to_have_count(0)


def write(page: Page, wanted: Locator, text: str) -> None:
    """Reach a field and write into it, over what stands there."""
    reach(page, wanted)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def write_day(page: Page, wanted: Locator, day: str) -> None:
    """Reach a field for a day, which takes month, day and year as digits; `day` is ISO."""
    reach(page, wanted)
    year, month, of_month = day.split("-")
    page.keyboard.type(f"{month}{of_month}{year}")


def go(page: Page, where: str) -> None:
    """Open a page and skip what stands before its content."""
    page.goto(where)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def settled(page: Page) -> None:
    """The page is whole and listens, and no part of it is about to be changed or to take the focus."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def told(page: Page, text: str) -> None:
    """What just happened is said, and the page can be gone on with."""
    expect(page.locator(".toast")).to_contain_text(text)
    settled(page)
