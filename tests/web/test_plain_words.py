"""What pages say: once, in full, and of the day it is about."""

import re
from html import unescape

import pytest
from django.urls import reverse

from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role, Viewer
from nextplay.web import figures
from nextplay.web.here import moment
from nextplay.web.pages.focus import MOST_STOPS
from nextplay.web.templatetags.nextplay import full_stop
from tests.web.conftest import SignedIn

ADMIN = Viewer(email="leda.marsh@quillharbor.example", name="Leda Marsh", role=Role.ADMIN)


def page_of(signed_in: SignedIn, address: str, role: str = "admin") -> str:
    answer = signed_in(role).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_what_would_change_our_mind_is_said_once_where_it_is_the_same(served: Installation, signed_in: SignedIn) -> None:
    found = show_focus(served, ADMIN, now=moment())
    stops = page_of(signed_in, "/focus").partition('id="h-st"')[2].partition('id="h-lo"')[0]
    said = {row.change_our_mind for row in found.stop}
    assert len(found.stop) > 1
    assert stops.count("What would change our mind") == (1 if len(said) == 1 else min(len(found.stop), MOST_STOPS))


def test_every_play_and_every_profile_says_what_would_change_our_mind(served: Installation, signed_in: SignedIn) -> None:
    found = show_focus(served, ADMIN, now=moment())
    assert found.waiting
    page = unescape(page_of(signed_in, "/focus"))
    assert all(row.change_our_mind and row.change_our_mind in page for row in found.waiting)
    one = found.waiting[0]
    assert one.change_our_mind in unescape(page_of(signed_in, reverse("partner", args=[one.partner_id])))


def test_no_evidence_begins_small_and_no_percent_stands_alone(signed_in: SignedIn) -> None:
    page = page_of(signed_in, "/focus")
    chips = re.findall(r'class="chip .*?(?:</span>|</svg>)([^<]+)</span></li>', page)
    assert chips
    assert [text for text in chips if text.strip()[:1].islower()] == []
    assert not re.search(r"\d %", page)


def test_those_in_focus_are_not_told_as_left_out(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    assert client.get(reverse("left-out")).status_code == 404
    assert client.get(reverse("left-out"), {"reason": ""}).status_code == 404


def test_how_the_list_is_made_ends_every_sentence(signed_in: SignedIn) -> None:
    assert not re.search(r"[^.] Counts as progress", page_of(signed_in, "/focus/how"))


@pytest.mark.parametrize(("text", "ended"), [("One call", "One call."), ("Done.", "Done."), ("Why? ", "Why?"), ("", "")])
def test_a_sentence_is_ended_once(text: str, ended: str) -> None:
    assert full_stop(text) == ended


def test_short_forms_of_the_field_are_written_in_capitals() -> None:
    assert figures.words("qbr_note") == "QBR note"
    assert figures.words("partner_id") == "Partner ID"
    assert figures.words("idea") == "Idea"


def test_the_pill_for_all_partners_counts_all_of_them(signed_in: SignedIn) -> None:
    for address in ("/lifecycle", "/lifecycle?segment=Growth"):
        page = page_of(signed_in, address)
        pill = re.search(r'id="seg-all".*?<span class="n">([\d,]+)</span>', page)
        everyone = re.search(r'<p class="lead">([\d,]+) partner profiles', page_of(signed_in, "/lifecycle"))
        assert pill
        assert everyone
        assert pill[1] == everyone[1]


def test_a_money_card_leads_to_the_largest_first(signed_in: SignedIn) -> None:
    page = page_of(signed_in, "/dashboard")
    link = re.search(r'class="metric [^"]*" href="([^"]*/figures/open_pipeline[^"]*)"', page)
    assert link
    amounts = re.findall(r'data-l="(?:Value|Amount)">\D*([\d,.]+)', page_of(signed_in, unescape(link[1])))
    worth = [float(amount.replace(",", "")) for amount in amounts]
    assert len(worth) > 1
    assert worth == sorted(worth, reverse=True)


def test_a_name_that_no_tile_bears_is_refused(signed_in: SignedIn) -> None:
    """PostgreSQL keeps names up to 80 characters and answered longer ones with an error."""
    client = signed_in("viewer")
    address = reverse("customize", args=["executive"])
    assert client.post(address, {"known": "x" * 81}).status_code == 404
    assert client.post(reverse("customize", args=["d" * 60]), {"known": "areas"}).status_code == 404
    assert client.post(address, {"known": "areas"}).status_code in (302, 303)
