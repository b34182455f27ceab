"""Links in full begin with the address people open, whatever host a request names; and who asked for one is told truly."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from nextplay.ledger import journal, messages
from nextplay.operations.installation import Installation
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, browser_of

VICTIM = PEOPLE["manager"].email
FORGED = "localhost:9999"


@pytest.fixture
def mails(browsed: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A mail server is set up."""
    monkeypatch.setenv("NEXTPLAY_MAIL_HOST", "mail.example")
    monkeypatch.setenv("NEXTPLAY_MAIL_FROM", "nextplay@program.example")
    return browsed


def _forgotten(host: str) -> int:
    client = Client(enforce_csrf_checks=False)
    return client.post("/sign-in/forgotten", {"username": VICTIM}, headers={"host": host}).status_code


def test_a_mailed_link_never_leads_to_a_host_that_a_stranger_named(mails: Installation, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://plays.example"
    assert _forgotten(FORGED) == 200
    message = messages.claim_message("tests", now=moment())
    assert message is not None
    assert "https://plays.example/welcome/" in message.text
    assert FORGED not in message.text


def test_without_an_address_people_open_strangers_have_nothing_mailed(mails: Installation) -> None:
    assert _forgotten(FORGED) == 404
    assert messages.claim_message("tests", now=moment()) is None
    assert b"Email me a link" not in Client().get("/sign-in").content


def test_a_stranger_who_asks_for_a_link_is_not_written_down_as_its_owner(mails: Installation, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://plays.example"
    assert _forgotten("localhost") == 200
    made = next(line for line in journal.lines() if line.verb == "make password link")
    assert (made.actor, made.origin) == ("sign-in page", "web")


@pytest.mark.parametrize("page", ["link", "feed"])
def test_links_shown_to_signed_in_people_begin_with_it_too(page: str, browsed: Installation, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://plays.example"
    client = browser_of("admin")
    if page == "feed":
        shown = client.post("/calendar", {"do": "make"}, headers={"host": FORGED})
    else:
        client.post("/settings/people/link", {"email": VICTIM}, headers={"host": FORGED})
        shown = client.get("/settings", headers={"host": FORGED})
    found = re.search(r"https?://[^/\"]+/(?:welcome|calendar)/", shown.content.decode())
    assert found
    assert found[0].startswith("https://plays.example/")
