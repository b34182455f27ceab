"""Every figure of both pages leads to its rows, or to what it is made of."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from nextplay.ledger.actions import close_decision
from nextplay.operations.dashboards.behind_figure import Filter
from nextplay.operations.dashboards.decisions_kept import decisions_kept
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.show_focus import show_focus
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role, Viewer
from nextplay.web.behind_said import passage_label
from tests.web.conftest import SignedIn

ADMIN = Viewer(email="leda.marsh@quillharbor.example", name="Leda Marsh", role=Role.ADMIN)


def links(page: str) -> list[str]:
    """Addresses of rows and of parts, each figure and part once."""
    found = {unescape(address) for address in re.findall(r'href="(/(?:figures|cards)/[^"]+)"', page)}
    return sorted(found)


@pytest.mark.parametrize("address", ["/dashboard", "/dashboard?segment=Growth&stages=deal&period=180", "/lifecycle"])
def test_every_figure_of_a_page_leads_to_a_page(signed_in: SignedIn, address: str) -> None:
    client = signed_in("admin")
    found = links(client.get(address).content.decode())
    assert len(found) > 20
    assert [at for at in found[::4] if client.get(at).status_code != 200] == []


def test_a_card_made_of_others_shows_its_parts_with_the_numbers_of_their_rows(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    page = client.get("/cards/velocity").content.decode()
    parts = re.findall(r'<td class="num"><a href="([^"]+)">', page)
    assert [at.split("?")[0] for at in parts] == [
        "/figures/open_deals", "/figures/win_rate", "/figures/average_deal_size", "/figures/average_cycle"
    ]  # fmt: skip
    deals = re.search(r'/figures/open_deals">([\d,]+)</a>', page)
    assert deals
    assert f'id="sum">{deals[1]}<' in client.get(parts[0]).content.decode()


@pytest.mark.parametrize("address", ["/cards/revenue", "/cards/no_such", "/figures/velocity"])
def test_what_is_not_made_of_others_has_no_such_page(signed_in: SignedIn, address: str) -> None:
    assert signed_in("viewer").get(address).status_code == 404


@pytest.mark.parametrize("metric", ["velocity", "pipeline_coverage", "concentration", "decisions_kept"])
def test_a_partner_opens_none(signed_in: SignedIn, metric: str) -> None:
    assert signed_in("partner").get(f"/cards/{metric}").status_code == 404


def test_decisions_kept_lists_those_that_came_to_an_end(served: Installation, signed_in: SignedIn) -> None:
    now = datetime.now(UTC)  # noqa: TID251 the pages read the clock themselves
    first, second, third = show_focus(served, ADMIN, now=now).waiting[:3]
    for row in (first, second, third):
        commit_decision(served, ADMIN, row.decision_id, revision=row.revision, now=now)
    close_decision(first.decision_id, result="met", rows=["deal 7"], actor="facts", at=now)
    close_decision(second.decision_id, result="missed", rows=[], actor="facts", at=now)
    page = signed_in("viewer").get("/cards/decisions_kept").content.decode()
    assert 'id="sum">1 of 2<' in page
    listed = re.findall(r'rowheader"><a href="[^"]+">([^<]+)</a>', page)
    assert sorted(unescape(name) for name in listed) == sorted((first.partner_name, second.partner_name))
    other = next(choice for choice in ("Strategic", "Growth", "Emerging") if choice not in (first.segment, second.segment))
    assert decisions_kept(served, ADMIN, Filter(segment=other), now=now) == ()


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("first_deal", "Enabled to first deal"),
        ("first_deal:-1", "Enabled to first deal, waiting"),
        ("first_deal:396", "Enabled to first deal, waiting for more than 396 days"),
        ("signed:took it before the step in front of it", "Applied to signed, took it before the step in front of it"),
    ],
)
def test_a_part_of_a_passage_is_named_in_words(key: str, label: str) -> None:
    assert passage_label(key) == label


@pytest.mark.parametrize("key", ["", "no_such", "signed:many", "signed:1e3"])
def test_a_part_that_no_passage_has_is_not_there(signed_in: SignedIn, key: str) -> None:
    assert signed_in("manager").get("/figures/passage", {"key": key}).status_code == 404


def test_direct_deals_are_called_direct_and_lead_to_no_partner(signed_in: SignedIn) -> None:
    page = signed_in("viewer").get("/figures/direct_deals?key=win_rate").content.decode()
    assert "Direct deals: Win rate" in page
    assert 'role="rowheader">Direct</th>' in page
    assert "of 0 partners" not in page
