"""A month with four people, each in a browser of their own: the chief, two partner managers, and a partner who comes by a link.

Days in the files count back from today, so that the month can end while the test runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import files
from tests.browser.conftest import BEN, PASSWORD, sign_in
from tests.running import done, serving

pytestmark = pytest.mark.browser

ANA, BOB = files.MANAGERS
TODAY = datetime.now(UTC).date()  # noqa: TID251 the server that is driven reads the real clock
# Long work in a process of its own, on a machine that is shared.
LONG = 90_000


@contextmanager
def people(browser: Browser, address: str, *names: str) -> Iterator[dict[str, Page]]:
    """A browser of their own for each; what breaks in any of their pages fails the test."""
    broken: list[str] = []
    contexts = {name: browser.new_context(base_url=address) for name in names}
    pages = {name: context.new_page() for name, context in contexts.items()}
    for page in pages.values():
        page.on("pageerror", lambda error: broken.append(str(error)))
    yield pages
    for context in contexts.values():
        context.close()
    assert broken == []


def invited(chief: Page, email: str, name: str) -> str:
    """The chief invites a partner manager; the address of the link."""
    chief.goto("/settings")
    invite = chief.locator("form[action='/settings/people/invite']")
    invite.get_by_label("Email").fill(email)
    invite.get_by_label("Name").fill(name)
    invite.get_by_role("button", name="Invite").click()
    return chief.get_by_label("Link", exact=True).input_value()


def arrives(page: Page, link: str, email: str) -> None:
    """Somebody invited sets a password by the link, then signs in."""
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    sign_in(page, email)


def picks(page: Page) -> list[str]:
    """Who waits on the list, by name."""
    page.goto("/focus")
    return page.locator("li.pick h3").all_inner_texts()


def proposes(chief: Page) -> None:
    """Have the month proposed, and wait for it."""
    chief.goto("/focus")
    chief.get_by_role("button", name="Propose the month").click()
    chief.locator("main a.btn-primary").click(timeout=LONG)
    expect(chief.locator("li.pick").first).to_be_visible()


def commits_by_keyboard(page: Page) -> None:
    """The first decision of the list, without a mouse."""
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator(".toast")).to_contain_text("Committed.")
    expect(page.locator("li.going")).to_have_count(1)


def is_told_who_was_first(chief: Page, bob: Page, partner: str) -> None:
    """The chief turns a decision down while Bob looks at it: Bob is told, and nothing is written over."""
    chief.goto("/focus")
    chief.locator("li.pick").filter(has_text=partner).get_by_role("button", name="Decline").click()
    form = chief.locator("[popover]:popover-open")
    form.locator("input[type=radio]").first.check()
    form.get_by_role("button", name="Decline").click()
    expect(chief.locator(".toast")).to_contain_text("Declined")
    bob.locator("li.pick").filter(has_text=partner).get_by_role("button", name="Commit").click()
    expect(bob.locator(".toast")).to_contain_text("since you opened the page")
    assert partner not in picks(bob)


def gives_a_link(ana: Page) -> str:
    """A link to the page of the partner whose play runs."""
    ana.goto("/focus")
    ana.locator("li.going a").first.click()
    if "/partners/" not in ana.url:
        ana.locator("main a[href^='/partners/']").first.click()
    ana.get_by_role("button", name="Make a link").click()
    return ana.locator("#link").input_value()


def sees_only_their_own(page: Page, link: str, own: str, others: list[str]) -> None:
    """By the link the partner's own page opens; nothing of others, no score, and nothing else of ours."""
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("What do I do on Monday?")
    seen = page.content()
    assert own in seen
    assert not [name for name in others if f"{name}<" in seen]
    assert "4C" not in seen
    assert page.request.get("/focus", max_redirects=0).status == 302
    tampered = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert page.request.get(tampered).status in (403, 404, 410)


def lines_of(page: Page, did: str) -> Locator:
    """Lines of the journal by what was done."""
    return page.locator("table tbody tr").filter(has=page.get_by_role("cell", name=did, exact=True))


def finds_who_did_what(chief: Page, bob: Page, anas: str, bobs: str) -> None:
    """The chief sees all of it, with the decision behind a line; Bob sees what is his."""
    chief.goto("/journal")
    commit = lines_of(chief, "Commit").filter(has_text="Ana Ruiz").filter(has_text=anas)
    expect(commit).to_have_count(1)
    expect(lines_of(chief, "Outcome").filter(has_text=anas).first).to_be_visible()
    commit.get_by_role("link").first.click()
    expect(chief.get_by_role("heading", name="The decision and its evidence")).to_be_visible()
    bob.goto("/journal")
    expect(lines_of(bob, "Decline").filter(has_text=bobs)).to_have_count(1)
    expect(lines_of(bob, "Commit")).to_have_count(0)


def ends_the_link_and_moves_a_partner(chief: Page, partner: str) -> None:
    """The chief's last word of the month."""
    chief.goto("/settings/links")
    chief.get_by_role("button", name="End it").click()
    expect(chief.locator(".toast")).to_contain_text("The link is ended.")
    chief.goto(f"/settings/portfolios?manager={BOB}")
    chief.get_by_role("checkbox", name=partner, exact=True).check()
    chief.get_by_label("Give them to").select_option(ANA)
    chief.get_by_role("button", name="Move them").click()
    expect(chief.get_by_text("1 partner moved.")).to_be_visible(timeout=LONG)


def test_a_month_of_four_people(browser: Browser, new_home: Path, tmp_path: Path) -> None:
    done("import", "--home", new_home, *files.first_month(tmp_path / "first", TODAY))
    with serving(new_home) as address, people(browser, address, "chief", "ana", "bob", "partner") as at:
        chief, ana, bob, partner = at.values()
        sign_in(chief, BEN)
        arrives(ana, invited(chief, ANA, "Ana Ruiz"), ANA)
        arrives(bob, invited(chief, BOB, "Bob Adler"), BOB)
        proposes(chief)
        everybodys, anas, bobs = picks(chief), picks(ana), picks(bob)
        assert sorted(everybodys) == sorted(anas + bobs)
        commits_by_keyboard(ana)
        is_told_who_was_first(chief, bob, bobs[0])
        ana.goto("/week")
        expect(ana.locator("main")).to_contain_text("1 partner in play")
        link = gives_a_link(ana)
        sees_only_their_own(partner, link, anas[0], [name for name in everybodys if name != anas[0]])
        # The month ends: files show what came of it, and the outcome closes by itself.
        done("import", "--home", new_home, *files.next_month(tmp_path / "next", TODAY))
        finds_who_did_what(chief, bob, anas[0], bobs[0])
        ends_the_link_and_moves_a_partner(chief, bobs[0])
        partner.goto(link)
        assert anas[0] not in partner.content()
        ana.goto(f"/partners?search={bobs[0].replace(' ', '+')}")
        expect(ana.get_by_role("link", name=bobs[0], exact=True)).to_be_visible()
