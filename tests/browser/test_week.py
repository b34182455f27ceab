"""My week by keys alone: walk to a step, log it by its number, take it back, and no barrier on the page."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import copied, let_in, sign_in
from tests.running import done, serving

pytestmark = pytest.mark.browser
INES = "ines.quillon@quillharbor.example"


def test_a_manager_logs_a_step_by_keys_and_takes_it_back(sample_stores: Path, tmp_path: Path, browser: Browser) -> None:
    home = copied(sample_stores, tmp_path)
    let_in(home, INES, "manager")
    done("decide", "--home", home, "--commit", "--limit", "0")
    with serving(home) as address:
        page = browser.new_context(base_url=address).new_page()
        sign_in(page, INES, "/sign-in?next=/week")
        steps = page.locator(".step .st-acts")
        # Steps of a play that is committed today are due within two weeks.
        for _ in range(2):
            if steps.count() == 0:
                page.goto(str(page.get_by_role("link", name="Next week").get_attribute("href")))
        before = steps.count()
        assert before
        page.keyboard.press("j")
        page.keyboard.press("1")
        expect(page.locator(".toast")).to_contain_text("Logged: ")
        expect(steps).to_have_count(before - 1)
        page.locator("#toast-undo").press("Enter")
        expect(page.locator(".toast")).to_contain_text("is open again")
        expect(steps).to_have_count(before)
        assert Axe().run(page).response["violations"] == []
