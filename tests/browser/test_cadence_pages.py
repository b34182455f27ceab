"""Every page of the cadence in a real state, with a partner whose name is hostile and long: no barrier on any."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import BEN, copied, let_in, sign_in
from tests.browser.keys import settled, told
from tests.running import done, serving

pytestmark = pytest.mark.browser
PARTNER, SELLER = "PTR-007", "seller@partner.example"
# Those who own partners in the sample: whoever signs in is sent what they own.
MANAGERS = tuple(f"{name}@quillharbor.example" for name in ("tobin.harrow", "priya.venn", "ines.quillon"))
NAME = (
    "<img src=x onerror=alert(1)>=SUM(A1) Gesellschaft für außerordentlich langfristige Partnerschaften und "
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG"
)
OFFER = "We take the first call on every support case off your desk in four weeks, at a fixed price."


@dataclass
class Held:
    """A server on a home where the cadence runs."""

    address: str
    home: Path
    ben: Page
    play: str

    @property
    def signed_in(self) -> object:
        """What Ben's browser keeps."""
        return self.ben.context.storage_state()


@pytest.fixture(scope="module")
def held(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Held]:
    """A month that was decided, and a first selling play under way with its session held and its list kept."""
    home = copied(sample_stores, tmp_path_factory.mktemp("cadence"))
    with duckdb.connect(home / "facts.duckdb") as facts:
        facts.execute("update partners set name = ? where partner_id = ?", [NAME, PARTNER])
    let_in(home, BEN, "admin", "--name", "Ben Adler")
    for manager in MANAGERS:
        let_in(home, manager, "manager")
    let_in(home, SELLER, "partner", "--partner", PARTNER)
    done("decide", "--home", home, "--limit", "0")
    with serving(home, NEXTPLAY_PUBLIC_URL="http://program.example") as address:
        ben = _signed_in(browser, address, BEN)
        ben.goto(f"/focus/decide?partner={PARTNER}")
        ben.locator("input[name=play][value=first_selling_play]").check()
        ben.get_by_label("Why").fill("They asked for it.")
        ben.get_by_role("button", name="Commit").click()
        ben.goto(f"/partners/{PARTNER}")
        play = ben.locator("main a[href^='/plays/']").first.get_attribute("href")
        assert play
        yield Held(address, home, ben, "/".join(play.split("/")[:3]))


def _signed_in(browser: Browser, address: str, email: str) -> Page:
    page = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(90_000)
    sign_in(page, email)
    return page


def _holds_the_session(held: Held) -> None:
    """Accounts are picked and counted, the offer is kept, the step is logged, and both sides promise something."""
    ben = held.ben
    ben.goto(f"{held.play}/session")
    for place in range(2):
        ben.locator(".pickbox").nth(place).check()
    expect(ben.locator("[data-picked]")).to_have_text("2")
    ben.locator("#more-accounts").fill(f"Acme\n{NAME[:150]}")
    ben.locator("#offer").fill(OFFER)
    ben.get_by_role("button", name="Five accounts agreed").click()
    expect(ben.locator(".toast")).to_contain_text("Logged: ")
    for by in ("us", "partner"):
        ben.goto(held.play)
        ben.get_by_text("Add a promise").click()
        ben.locator(f"input[name=by][value={by}]").check()
        ben.locator("#p-text").fill(f"One page on {NAME}"[:300])
        ben.locator("#p-due").fill(ben.locator("#p-due").get_attribute("min") or "")
        ben.get_by_role("button", name="Add the promise").click()


def test_a_play_its_session_and_the_partners_page_have_no_barriers(held: Held, browser: Browser) -> None:
    pages = ["/week", "/week/team", held.play, f"{held.play}/session", f"/focus/decide?partner={PARTNER}"]
    assert barriers(browser, held.address, pages, signed_in=held.signed_in) == []
    _holds_the_session(held)
    ben = held.ben
    ben.goto(f"/partners/{PARTNER}")
    ben.get_by_role("button", name="Make a link").click()
    link = ben.get_by_label("Link", exact=True).last.input_value()
    opened = [f"/for-partners/{link.rpartition('/')[2]}", "/for-partners/nothing-of-ours"]
    assert barriers(browser, held.address, opened) == []
    seller = _signed_in(browser, held.address, SELLER)
    assert barriers(browser, held.address, ["/"], signed_in=seller.context.storage_state()) == []
    seller.goto("/")
    seller.get_by_role("button", name="We will do it").click()
    expect(seller.get_by_text("Thank you, that is agreed.")).to_be_visible()
    again = [held.play, f"{held.play}/session", "/week", f"/partners/{PARTNER}", f"/partners/{PARTNER}/scorecard"]
    assert barriers(browser, held.address, again, signed_in=held.signed_in) == []


def test_a_meeting_and_what_it_sends_have_no_barriers(held: Held, browser: Browser) -> None:
    ben = held.ben
    assert barriers(browser, held.address, ["/focus", "/meeting"], signed_in=held.signed_in) == []
    ben.goto("/meeting")
    ben.get_by_role("button", name="Go to the first").click()
    settled(ben)
    ben.keyboard.press("1")
    ben.locator("#m-r").fill("They asked for it.")
    ben.keyboard.press("Control+Enter")
    told(ben, "Committed.")
    assert barriers(browser, held.address, ["/meeting"], signed_in=held.signed_in) == []
    ben.keyboard.press("3")
    ben.locator("#m-r").fill("They sell for somebody else now.")
    ben.keyboard.press("Control+Enter")
    told(ben, "Undo last")
    assert barriers(browser, held.address, ["/meeting", "/meeting/end"], signed_in=held.signed_in) == []
    ben.goto("/meeting/end")
    ben.get_by_role("button", name="Sign as").click()
    signed = ben.url.removeprefix(held.address)
    assert barriers(browser, held.address, [signed, "/meeting", "/settings/outbox"], signed_in=held.signed_in) == []
    with sqlite3.connect(held.home / "ledger.sqlite3") as ledger:
        texts = "".join(text for (text,) in ledger.execute("select text from ledger_message"))
    stops = re.findall(r"http://program\.example(/stop/\S+)", texts)
    assert stops
    assert barriers(browser, held.address, [stops[0]]) == []


def test_settings_preferences_and_the_journal_have_no_barriers(held: Held, browser: Browser) -> None:
    ben = held.ben
    ben.goto("/settings")
    invite = ben.locator("form[action='/settings/people/invite']")
    invite.get_by_label("Email").fill("new@program.example")
    invite.get_by_label("Name").fill(NAME[:80])
    invite.get_by_role("button", name="Invite").click()
    welcome = ben.get_by_label("Link", exact=True).input_value().removeprefix(held.address)
    welcome = "/welcome/" + welcome.partition("/welcome/")[2]
    assert barriers(browser, held.address, [welcome]) == []
    rooms = ("", "/portfolios", "/program", "/channels", "/outbox", "/links", "/sample")
    pages = [*(f"/settings{room}" for room in rooms), "/calendar", "/journal", "/journal/1", "/learning/replay"]
    assert barriers(browser, held.address, pages, signed_in=held.signed_in) == []
