"""The decision meeting through its pages, as a browser without scripts uses them."""

import html
import re
from datetime import timedelta

from django.test import Client

from nextplay.ledger import messages, queries
from nextplay.ledger.models import Cycle, Lot
from nextplay.operations.installation import Installation
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, SignedIn


def _revision(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def _hand(browser: Client) -> tuple[str, str]:
    """The decision in hand and the page it is on."""
    page = html.unescape(browser.get("/meeting").content.decode())
    found = re.search(r'action="/meeting/(\w+)/decide"', page)
    assert found is not None
    return found.group(1), page


def test_a_meeting_is_held_without_scripts_from_what_was_owed_to_the_signature(signed_in: SignedIn) -> None:
    chief = signed_in("admin")
    assert "owed" in chief.get("/meeting").content.decode()
    chief.post("/meeting/start")
    decision, page = _hand(chief)
    # Nobody chose yet: the suggestion is a word, not a choice.
    assert "Suggested" in page
    assert not re.search(r'type="radio" name="verdict"[^>]*checked', page)
    record = queries.decision(decision)
    assert record is not None
    form = {"revision": _revision(page), "verdict": record.verdict, f"play_{record.verdict}": record.play}
    gone_on = chief.post(f"/meeting/{decision}/decide", form)
    assert (gone_on.status_code, gone_on.headers["Location"]) == (303, "/meeting")
    assert _hand(chief)[0] != decision
    chief.post(f"/meeting/{_hand(chief)[0]}/skip")
    assert "Who owes what by when" in chief.get("/meeting/end").content.decode()
    signed = chief.post("/meeting/sign", follow=True)
    assert "This page stays as it was signed" in signed.content.decode()
    address = signed.redirect_chain[-1][0]
    assert "1 minutes" not in signed.content.decode()
    assert re.search(r"1 minute ·|\d minutes ·", signed.content.decode())
    assert re.search(r"\d\d:\d\d UTC\. This page stays", signed.content.decode())
    assert "signed by Leda Marsh" in chief.get("/meeting").content.decode()
    assert chief.get(f"{address}.pdf").headers["Content-Type"] == "application/pdf"
    assert b"BEGIN:VEVENT" in chief.get(f"{address}.ics").content
    signing_in = {person.email for person in PEOPLE.values()}
    assert [told.person for told in messages.messages()] == [one for one in (record.owner,) if one in signing_in]


def test_the_second_of_two_browsers_is_told_and_changes_nothing(signed_in: SignedIn) -> None:
    first, second = signed_in("admin"), signed_in("admin")
    first.post("/meeting/start")
    decision, page = _hand(first)
    form = {"revision": _revision(page), "reason": "x", "until": "2099-01-01"}
    first.post(f"/meeting/{decision}/decide", form | {"verdict": "stop", "reason": "Sold to a rival"})
    told = second.post(f"/meeting/{decision}/decide", form | {"verdict": "stop"})
    assert told.status_code == 409
    assert "declined by Leda Marsh" in told.content.decode()
    kept = queries.decision(decision)
    assert kept is not None
    assert kept.status_reason == "Sold to a rival"


def test_nobody_else_has_a_meeting(signed_in: SignedIn, served: Installation) -> None:
    for role in ("viewer", "partner"):
        browser = signed_in(role)
        for address in ("/meeting", "/meeting/end", "/meetings/1", "/meetings/1.pdf"):
            assert browser.get(address).status_code == 404
        assert browser.post("/meeting/start").status_code == 404


def test_a_play_that_a_lot_keeps_from_the_partner_is_told_before_it_is_chosen(signed_in: SignedIn) -> None:
    chief = signed_in("admin")
    chief.post("/meeting/start")
    decision, page = _hand(chief)
    assert "held back by lot" not in page
    record = queries.decision(decision)
    assert record is not None
    today = moment().date()
    cycle = Cycle.objects.get(month=record.cycle)
    Lot.objects.create(
        cycle=cycle,
        partner_id=record.partner_id,
        play="first_selling_play" if record.play != "first_selling_play" else "co_sell_sprint",
        arm="held_back",
        propensity=0.1,
        as_of=today,
        until=today + timedelta(days=20),
        predicate={},
    )
    shown = _hand(chief)[1]
    assert "h), held back by lot</option>" in shown
    assert "the learning report counts it as crossed over" in shown
