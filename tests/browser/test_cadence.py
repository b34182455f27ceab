"""A month with four people, each in a browser of their own and none with a mouse: the chief, two partner managers, and a
partner who comes by a link. From one decision meeting to the next list, by the test's clock; mail goes out for real.
"""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests import files
from tests.browser.conftest import BEN, let_in, sign_in
from tests.browser.keys import go, press, press_away, settled, told, write, write_day
from tests.browser.world import World
from tests.running import Clock, done, free_port
from tests.servers import mail_server

pytestmark = pytest.mark.browser

ANA, BOB = files.MANAGERS
RUNA = "runa@acorn.example"
START = date(2026, 11, 2)
# Long work in a process of its own, on a machine that is shared.
LONG = 90_000
ACCOUNTS = ("Alder Mills", "Bay Foods", "Cape Rail", "Dune Parks", "East Docks")
OFFER = "We move your plant data in six weeks."


@pytest.fixture
def world(tmp_path: Path, browser: Browser) -> Iterator[World]:
    """A program whose partners were just enabled; the chief and both managers may sign in."""
    home = tmp_path / "home"
    done("init", "--home", home)
    done("import", "--home", home, *files.newly_enabled(tmp_path / "first", START))
    for email, role, name in ((BEN, "admin", "Ben Stone"), (ANA, "manager", "Ana Ruiz"), (BOB, "manager", "Bob Adler")):
        let_in(home, email, role, "--name", name)
    with mail_server() as mail:
        world = World(home, Clock(tmp_path / "clock"), free_port(), mail)
        world.at("11-02")
        yield from _peopled(world, browser)


def _peopled(world: World, browser: Browser) -> Iterator[World]:
    broken: list[str] = []
    contexts = [browser.new_context(base_url=f"http://127.0.0.1:{world.port}") for _ in range(4)]
    for name, context in zip((BEN, ANA, BOB, RUNA), contexts, strict=True):
        context.set_default_timeout(LONG)
        world.pages[name] = context.new_page()
        world.pages[name].on("pageerror", lambda error: broken.append(str(error)))
    yield world
    for context in contexts:
        context.close()
    assert broken == []


def proposes(chief: Page) -> None:
    """Have the month proposed, and wait for it."""
    go(chief, "/focus")
    press(chief, chief.get_by_role("button", name="Propose"))
    on = chief.locator("main a.btn-primary")
    expect(on).to_be_visible(timeout=LONG)
    press(chief, on)
    chief.wait_for_url(lambda url: "/jobs/" not in url)
    chief.goto("/focus")
    expect(chief.locator("li.pick").first).to_be_visible()


def on(page: Page, name: str) -> None:
    """Walk through the meeting to the decision on a partner."""
    question = page.locator("h1#q")
    for _ in range(20):
        if f" {name}" in question.inner_text():
            return
        was, key = question.inner_text(), "j" if page.locator("[data-press=j]").count() else "k"
        page.keyboard.press(key)
        expect(question).not_to_have_text(was)
        settled(page)
    raise AssertionError(f"The meeting has no decision on {name}")


def decides(page: Page, name: str, key: str, why: str = "") -> None:
    """Choose, say why where it is asked, and go on."""
    on(page, name)
    question = page.locator("h1#q")
    decided = question.inner_text()
    page.keyboard.press(key)
    if why:
        write(page, page.locator("#m-r"), why)
    page.keyboard.press("Control+Enter")
    # What was told of the decision before may still stand there.
    expect(question).not_to_have_text(decided)
    settled(page)


def switches_single_keys_off_and_on(page: Page) -> None:
    """With them off a letter does nothing, and every button still does."""
    switch = page.get_by_role("button", name="Single keys")
    press(page, switch)
    expect(switch).to_have_text("Single keys off")
    settled(page)
    page.keyboard.press("1")
    expect(page.locator("input[name=verdict]:checked")).to_have_count(0)
    press(page, switch)
    expect(switch).to_have_text("Single keys on")
    settled(page)


def running(page: Page, name: str) -> Locator:
    """What is decided on a partner, on the list."""
    return page.locator("li.going").filter(has=page.get_by_role("heading", name=name, exact=True))


def one_wins_the_other_is_told(first: Page, second: Page) -> None:
    """Two people have the decision on Fir before them; the second writes nothing over."""
    first.goto("/meeting")
    on(first, "Fir")
    on(second, "Fir")
    first.keyboard.press("1")
    first.keyboard.press("Control+Enter")
    told(first, "Committed.")
    second.keyboard.press("3")
    write(second, second.locator("#m-r"), "Sold to a rival")
    second.keyboard.press("Control+Enter")
    told(second, "committed by Bob Adler since you opened the page")
    second.goto("/focus")
    expect(running(second, "Fir")).to_contain_text("First selling play")


def meets(world: World) -> None:
    """The decision meeting, held by the chief; the power goes in the middle."""
    chief, bob = world.pages[BEN], world.pages[BOB]
    with world.serving():
        for email in (BEN, ANA, BOB):
            sign_in(world.pages[email], email)
        proposes(chief)
        world.at("11-03", 10)
        go(chief, "/meeting")
        expect(chief.locator("h1#q")).to_have_text("Nothing was owed by today")
        chief.keyboard.press("Control+Enter")
        expect(chief.locator(".m-steps li")).to_have_count(7)
        settled(chief)
        switches_single_keys_off_and_on(chief)
        decides_as_it_likes(chief)
        one_wins_the_other_is_told(bob, chief)
        chief.goto("/meeting")
        on(chief, "Gum")
        chief.keyboard.press("s")
        expect(chief.locator("h1#q")).to_contain_text("Hazel")
        before = chief.locator(".m-steps").inner_text()
    with world.serving():
        chief.reload()
        assert chief.locator(".m-steps").inner_text() == before
        on(chief, "Gum")
        chief.keyboard.press("x")
        press(chief, chief.locator("#decline input[type=radio]").first, "Space")
        chief.keyboard.press("Enter")
        told(chief, "Declined.")
        decides(chief, "Hazel", "1")
        signs(world)


def decides_as_it_likes(chief: Page) -> None:
    """Invest, another way, stop, taken back and stopped again, wait; and who is next in line, with another owner and day."""
    decides(chief, "Acorn", "1")
    told(chief, "Committed.")
    decides(chief, "Birch", "2", "The director must speak first")
    told(chief, "Committed.")
    decides(chief, "Cedar", "3", "Sold to a rival")
    told(chief, "Next in line: Elm.")
    chief.keyboard.press("z")
    told(chief, "Taken back.")
    expect(chief.locator(".m-steps")).not_to_contain_text("Elm")
    decides(chief, "Cedar", "3", "Sold to a rival")
    told(chief, "Next in line: Elm.")
    decides(chief, "Dogwood", "4")
    told(chief, "Snoozed.")
    on(chief, "Elm")
    for key in "1o":
        chief.keyboard.press(key)
    chief.keyboard.type("Bob")
    write_day(chief, chief.locator("#m-d"), "2026-11-13")
    write(chief, chief.locator("#m-a"), "Call Elm first")
    chief.keyboard.press("Control+Enter")
    told(chief, "Committed.")


def signs(world: World) -> None:
    """The summary is signed: it stays as a page, a PDF and dates, and those who owe something get them by mail."""
    chief = world.pages[BEN]
    expect(chief.locator("h1#q")).to_have_text("Who owes what by when")
    chief.keyboard.press("Control+Enter")
    expect(chief.get_by_role("heading", level=1)).to_contain_text("Decision meeting of")
    rows = [row.locator("td").all_inner_texts() for row in chief.locator("main tbody tr").all()]
    assert {(owner, partner, re.split(r"[:.]", what)[0]) for owner, partner, what, _ in rows} == {
        ("Ana Ruiz", "Acorn", "Committed"),
        ("Ana Ruiz", "Birch", "Committed"),
        ("Ana Ruiz", "Birch", "Another way"),
        ("Ana Ruiz", "Cedar", "Stop"),
        ("Ana Ruiz", "Dogwood", "Wait"),
        ("Bob Adler", "Elm", "Committed"),
        ("Bob Adler", "Fir", "Committed"),
        ("Bob Adler", "Gum", "Declined"),
        ("Bob Adler", "Hazel", "Committed"),
    }
    text = PdfReader(BytesIO(chief.request.get(f"{chief.url}.pdf").body())).pages[0].extract_text()
    assert "Call Elm first" in text
    dates = Calendar.from_ical(chief.request.get(f"{chief.url}.ics").body()).walk("VEVENT")
    due = {str(one["SUMMARY"]).partition(":")[0]: one.decoded("DTSTART") for one in dates}
    monday = date(2026, 11, 9)
    assert due == {"Acorn": monday, "Birch": date(2026, 11, 12), "Elm": date(2026, 11, 13), "Fir": monday, "Hazel": monday}
    for to, many in ((ANA, 2), (BOB, 3)):
        letter = world.letter(to, f"You own {many} decisions")
        assert [file.get_filename() for file in letter.iter_attachments()] == ["due-dates.ics"]


def works_with_the_partner(world: World) -> None:
    """Ana holds the session, enters its two outputs on the spot, and sends the partner a link to its own page."""
    ana = world.pages[ANA]
    world.at("11-09")
    go(ana, "/week")
    expect(ana.locator("main")).to_contain_text("Prep: 25 minutes with Acorn")
    write(ana, ana.locator("#more-accounts"), "\n".join(ACCOUNTS))
    write(ana, ana.locator("#offer"), OFFER)
    press(ana, ana.locator(".prep-log").get_by_role("button", name="Five accounts agreed"))
    told(ana, "Five accounts agreed")
    go(ana, "/partners/acorn")
    write(ana, ana.locator("#sent-to"), RUNA)
    press(ana, ana.get_by_role("button", name="Make a link"))
    link = ana.locator("#link").input_value()
    text = world.letter(RUNA).get_body(("plain",))
    assert text is not None
    assert link in text.get_content()
    world.letter(ANA, "Your week: ")
    answers(world, link)


def answers(world: World, link: str) -> None:
    """The partner says yes, does it, says no to the next step, then names another day; and tells account by account."""
    partner = world.pages[RUNA]
    world.at("11-10")
    go(partner, link)
    expect(partner.get_by_role("heading", level=1)).to_have_text("What do I do on Monday?")
    expect(partner.locator("main")).to_contain_text(OFFER)
    for stranger in ("Birch", "Fir", "4C"):
        expect(partner.locator("body")).not_to_contain_text(stranger)
    assert partner.request.get("/focus", max_redirects=0).status == 302
    assert partner.request.get(f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}").status == 404
    press_away(partner, partner.get_by_role("button", name="We will do it"))
    press_away(partner, partner.get_by_role("button", name="Done: both sent"))
    press(partner, partner.locator(".pp-other summary"))
    write(partner, partner.locator("#why"), "No time before the fair")
    press(partner, partner.get_by_role("button", name="Decline it"))
    expect(partner.locator(".note")).to_contain_text("Thank you for saying so.")
    press(partner, partner.locator(".pp-other summary"))
    write_day(partner, partner.locator("#due"), "2026-11-20")
    press(partner, partner.get_by_role("button", name="Propose this date"))
    expect(partner.locator("main")).to_contain_text("You proposed this date.")
    for account in ACCOUNTS[:3]:
        press_away(partner, partner.get_by_role("button", name=f"I sent it, {account}"))
    press_away(partner, partner.get_by_role("button", name=f"They replied, {ACCOUNTS[0]}"))
    press(partner, partner.locator(f"summary[aria-label='Not for us, {ACCOUNTS[3]}']"))
    write(partner, partner.get_by_label(f"Why {ACCOUNTS[3]} is not for you"), "They buy from us directly")
    press(partner, partner.locator("li.acct", has_text=ACCOUNTS[3]).get_by_role("button", name="Take it off"))
    expect(partner.locator(".note")).to_contain_text("It is off your list.")
    # Blocks of text stand apart by empty lines.
    accounts = dict(one.inner_text().replace("\n\n", "\n").split("\n")[:2] for one in partner.locator("li.acct").all())
    said = ("Replied Tue 10 Nov", "Sent Tue 10 Nov", "Sent Tue 10 Nov", "They buy from us directly", "I sent it")
    assert accounts == dict(zip(ACCOUNTS, said, strict=True))
    expect(partner.locator("main")).to_contain_text("Counts as done by Fri 20 Nov. You proposed this date.")
    expect(partner.locator("main")).to_contain_text("No time before the fair")


def team(world: World) -> dict[str, list[str]]:
    """The chief's view of the team: a row an owner."""
    chief = world.pages[BEN]
    go(chief, "/week/team")
    rows = chief.locator("main tbody tr").all()
    told = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}
    return {name.split("\n")[0]: [one.split("\n")[0] for one in cells] for name, cells in told.items()}


def facts_come(world: World, day: str, first_deals: dict[str, date]) -> None:
    """It is another day, and a file brings partners' first deals."""
    world.at(day)
    done("import", "--home", world.home, files.first_deals(world.home.parent / day, first_deals))


def open_play(page: Page, partner: str) -> None:
    """From the list to a play under way."""
    go(page, "/focus")
    press(page, running(page, partner).get_by_role("link", name="First selling play"))


def a_first_deal_ends_the_play(world: World) -> None:
    """New facts come by a file: the outcome closes with its row, long before its time."""
    ana = world.pages[ANA]
    facts_come(world, "11-19", {"acorn": date(2026, 11, 18)})
    open_play(ana, "Acorn")
    expect(ana.locator("section[aria-labelledby=h-oc] .tag").first).to_have_text("Met")
    expect(ana.locator("main")).to_contain_text("Reached on Wed 18 Nov 2026, before the window ends on Fri 18 Dec 2026.")
    expect(ana.locator("main")).to_contain_text("deal-acorn-2026-11-18")
    # The sprint and the review were still open.
    expect(ana.locator("li.step .tag").filter(has_text="The outcome is in: met")).to_have_count(2)
    go(ana, "/week")
    expect(ana.locator(".step").filter(has_text="Acorn").locator(".st-acts")).to_have_count(0)


def the_others_run_out(world: World) -> None:
    """Their time is over and the facts reach past it; Bob disputes one, with his reason beside it."""
    bob = world.pages[BOB]
    facts_come(world, "12-21", {"ivy": date(2026, 12, 20)})
    open_play(bob, "Fir")
    press(bob, bob.get_by_text("Dispute this outcome"))
    write(bob, bob.locator("#reason"), "The deal is with their daughter company")
    press(bob, bob.get_by_role("button", name="Dispute", exact=True))
    told(bob, "Kept.")
    expect(bob.locator("main")).to_contain_text("Bob Adler disputes it")


def the_next_month_decides_with_that(world: World) -> None:
    """The list knows how the plays ended and who was put off until when; the meeting opens with what was owed."""
    chief = world.pages[BEN]
    proposes(chief)
    assert set(chief.locator("li.pick h3:not([popover] *)").all_inner_texts()) == {"Acorn", "Dogwood"}
    # What worked is not proposed again: it sold, and is taken further.
    expect(chief.locator("li.pick").filter(has_text="Acorn")).to_contain_text("1 selling event in 90 days")
    chief.goto("/meeting")
    owed = [row.locator("td").all_inner_texts() for row in chief.locator(".m-owed tbody tr").all()]
    ends = {(who, what.split()[0], state.split()[0]) for who, what, _, state in owed if "deal opened" in what}
    missed = {("Bob Adler", name, "missed") for name in ("Elm", "Fir", "Hazel")}
    assert ends == {("Ana Ruiz", "Acorn", "met"), *missed}
    chief.keyboard.press("Control+Enter")
    expect(chief.locator(".m-steps li")).to_have_count(2)


def the_journal_has_it_all(chief: Page) -> None:
    """Who decided, what was taken back, what the facts closed and who disputes it; the newest first."""
    told = {}
    for verb in ("commit", "decline", "outcome", "dispute", "withdraw"):
        chief.goto(f"/journal?verb={verb}")
        rows = [row.locator("td").all_inner_texts() for row in chief.locator("main tbody tr").all()]
        told[verb] = [(who.split("\n")[0], did.strip(), about.split("\n")[0]) for who, did, about, _ in rows]
    commits = [("Ben Stone", "Hazel"), ("Bob Adler", "Fir"), ("Ben Stone", "Elm"), ("Ben Stone", "Acorn")]
    assert told["commit"] == [(who, "Commit", about) for who, about in commits]
    declines = [("Decline", "Gum"), ("Decline", "Cedar"), ("Decline undone", "Cedar"), ("Decline", "Birch")]
    assert [(did, about) for _, did, about in told["decline"]] == declines
    assert sorted(about for _, _, about in told["outcome"]) == ["Acorn", "Elm", "Fir", "Hazel"]
    assert told["dispute"] == [("Bob Adler", "Dispute", "Fir")]
    # Elm left the list when Cedar came back to it; what Acorn promised by the 20th ended with its play.
    assert [about for _, _, about in told["withdraw"]] == ["Acorn", "Elm"]


def test_a_month_of_four_people_by_keyboard(world: World) -> None:
    meets(world)
    with world.serving():
        works_with_the_partner(world)
        world.at("11-18")
        # Committed, running, steps done this week, overdue, met, missed, hours of hours, days to decide, follow-through.
        assert team(world) == {
            "Everyone": ["5", "5", "0", "9", "0", "0", "28 of 48", "1.0", "18%"],
            ANA: ["2", "2", "0", "1", "0", "0", "10 of 24", "1.0", "67%"],
            BOB: ["3", "3", "0", "8", "0", "0", "18 of 24", "1.0", "0%"],
        }
        a_first_deal_ends_the_play(world)
        the_others_run_out(world)
        assert team(world) == {
            "Everyone": ["5", "1", "0", "2", "1", "3", "28 of 48", "1.0", "12%"],
            ANA: ["2", "1", "0", "2", "1", "0", "10 of 24", "1.0", "50%"],
            BOB: ["3", "0", "0", "0", "0", "3", "18 of 24", "1.0", "0%"],
        }
        the_next_month_decides_with_that(world)
        the_journal_has_it_all(world.pages[BEN])
