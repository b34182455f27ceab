"""Journal, settings and the guide in a browser: by the keyboard, on a phone and on a desk, and checked by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import BEN, PASSWORD, sign_in

pytestmark = pytest.mark.browser
PAGES = ["/", "/journal", "/journal/1", "/settings", "/settings/portfolios?manager=priya.venn@quillharbor.example"]
PAGES += ["/settings/program", "/settings/channels", "/settings/links", "/settings/sample"]


def test_journal_settings_and_guide_pass_axe_on_a_phone_and_on_a_desk(
    browser: Browser, address: str, signed_in: dict[str, object]
) -> None:
    found, axe = [], Axe()
    for width, theme in ((390, "dark"), (1440, "light")):
        context = browser.new_context(
            base_url=address,
            storage_state=signed_in[BEN],  # type: ignore[arg-type]
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        for path in PAGES:
            page.goto(path)
            for more in page.locator("main details").all():
                more.evaluate("one => one.open = true")
            where = f"{path} at {width} {theme}"
            found += [f"{where}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in axe.run(page).response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{where}: wider than its window")
        context.close()
    assert found == []


def test_an_invitation_is_made_and_taken_with_the_keyboard_alone(
    browser: Browser, address: str, signed_in: dict[str, object]
) -> None:
    admin = browser.new_context(base_url=address, storage_state=signed_in[BEN])  # type: ignore[arg-type]
    page = admin.new_page()
    page.goto("/")
    for letter in "gs":
        page.keyboard.press(letter)
    page.wait_for_url("**/settings")
    page.locator("#email").focus()
    page.keyboard.type("eve@program.example")
    page.keyboard.press("Tab")
    page.keyboard.type("Eve Moss")
    page.keyboard.press("Enter")
    link = page.get_by_label("Link", exact=True).input_value()
    guest = browser.new_context(base_url=address).new_page()
    guest.goto(link)
    expect(guest.locator("#password")).to_be_focused()
    guest.keyboard.type(PASSWORD)
    guest.keyboard.press("Enter")
    expect(guest.get_by_text("Your password is set.")).to_be_visible()
    sign_in(guest, "eve@program.example", guest.url)
    guest.context.close()
    admin.close()
