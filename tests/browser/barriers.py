"""What stands in somebody's way on a page: found by axe, by its width and in the browser's console."""

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

# Where columns fold, beside a desk and a phone.
FOLDED = (1024, 320)
DESK, PHONE = 1440, 390


def barriers(browser: Browser, address: str, paths: Iterable[str], *, signed_in: Any = None) -> list[str]:
    """What axe finds, widths at which a page has to be pushed sideways, and errors in its console.

    Each page is opened once, light on a desk; on a phone it is dark, as a tone that fails in one theme fails at any width.
    """
    found: list[str] = []
    context = browser.new_context(base_url=address, storage_state=signed_in, reduced_motion="reduce")
    context.set_default_timeout(90_000)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(_error(message)))
    for path in paths:
        said.clear()
        page.set_viewport_size(_window(DESK))
        page.emulate_media(color_scheme="light")
        page.goto(path)
        found += [f"{path} on a desk: {one}" for one in _violations(page)]
        wide = [width for width in (DESK, *FOLDED, PHONE) if _too_wide(page, width)]
        page.emulate_media(color_scheme="dark")
        found += [f"{path} dark on a phone: {one}" for one in _violations(page)]
        found += [f"{path}: wider than its window of {width}" for width in wide]
        found += [f"{path}: {one}" for one in said if one]
    context.close()
    return found


def _window(width: int) -> ViewportSize:
    return {"width": width, "height": 900}


def _violations(page: Page) -> list[str]:
    # A color on its way from one theme to the other is none of either.
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    return [f"{one['id']} {_places(one)}" for one in Axe().run(page).response["violations"]]


def _error(message: ConsoleMessage) -> str:
    """An error of ours: that a page was not found is what some pages are there to say."""
    refused = "status of 4" in message.text
    return "" if message.type != "error" or refused else message.text


def _places(violation: dict[str, Any]) -> list[str]:
    return [str(node["target"][0]) for node in violation["nodes"]][:3]


def _too_wide(page: Page, width: int) -> bool:
    page.set_viewport_size(_window(width))
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
