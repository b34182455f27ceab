"""The scorecard's pages and files: who sees which, and what a partner's own page shows of it."""

import re
from html import unescape

import fastexcel
from django.test import Client

from nextplay.facts.tables import stored
from nextplay.operations.installation import Installation
from nextplay.operations.portal.partner_links import make_link
from nextplay.operations.portal.scorecard import show_scorecard
from nextplay.operations.portal.scorecard_print import mark_said, value_said
from nextplay.operations.viewer import Role, Viewer
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, browser_of

CARD = "/partners/PTR-007/scorecard"
ADMIN = Viewer(PEOPLE["admin"].email, "Leda Marsh", Role.ADMIN)
DOORS = (CARD, "/scorecard", "/scorecard.pdf", "/scorecard.xlsx", f"{CARD}/0.pdf", f"{CARD}/0.xlsx")


def test_looking_keeps_nothing_and_keeping_makes_versions(browsed: Installation) -> None:
    client = browser_of("admin")
    assert b"Not kept as a version" in client.get(CARD).content
    assert client.post(f"{CARD}/make")["Location"] == f"{CARD}?version=1"
    first = client.get(f"{CARD}?version=1").content.decode()
    assert re.search(r"Version 1, made [^.]+ by Leda Marsh\.", first)
    assert "They see" not in client.get(f"{CARD}?version=1").content.decode()
    assert client.get(f"{CARD}?version=2").status_code == 404
    assert client.get(f"{CARD}?version=x").status_code == 404


def test_every_door_answers_the_team_and_404_a_partner(browsed: Installation) -> None:
    for role, status in (("viewer", 200), ("partner", 404)):
        client = browser_of(role)
        assert {door: client.get(door).status_code for door in DOORS} == dict.fromkeys(DOORS, status)
        assert client.post(f"{CARD}/make").status_code == 404
    assert browser_of("viewer").get("/scorecard.doc").status_code == 404


def test_a_partner_reads_the_shared_lines_by_either_way_and_no_trait(browsed: Installation) -> None:
    admin, partner = browser_of("admin"), browser_of("partner")
    link = make_link(browsed, ADMIN, "PTR-007", now=moment())
    admin.post(f"{CARD}/make")
    for page in (partner.get("/"), Client().get(f"/for-partners/{link.token}")):
        assert b"How far we are" not in page.content
    admin.post(f"{CARD}/1/share", {"shared": "yes"})
    for page in (partner.get("/"), Client().get(f"/for-partners/{link.token}")):
        told = page.content.decode()
        assert "Outreach sprint done" in told
        for ours in ("The 4C", "Because", "Holds itself to account", "red flag", "Red flag", "Verdict", "on target"):
            assert ours not in told
    admin.post(f"{CARD}/1/share", {"shared": "no"})
    assert b"How far we are" not in partner.get("/").content


def test_the_page_says_what_its_sheet_holds(browsed: Installation) -> None:
    client = browser_of("viewer")
    page = unescape(client.get(CARD).content.decode())
    book = fastexcel.read_excel(client.get(f"{CARD}/0.xlsx").content)
    sheet = book.load_sheet(0, header_row=None, dtypes="string").to_polars()
    rows = {row[0]: row for row in sheet.rows() if row[0]}
    card = show_scorecard(browsed, ADMIN, "PTR-007", now=moment()).card
    for line in card.lines:
        held = rows[line.label]
        value = value_said(None if held[1] is None else float(held[1]), line.unit) or "unknown"
        shown = page[page.index(f'role="rowheader">{line.label}<') :]
        shown = shown[: shown.index("</tr>")]
        assert f">{value}<" in shown
        assert all(
            text in shown for text in (held[5], held[8], mark_said(line, float(held[3])), mark_said(line, float(held[4])))
        )
    assert len(card.scores) == 4
    assert all(f"<b>{rows[one.label][1]}</b>" in page for one in card.scores)


def test_a_line_opens_its_evidence(browsed: Installation) -> None:
    page = browser_of("viewer").get(CARD).content.decode()
    assert "/partners/PTR-007/signals/selling_90" in page
    deals = browsed.warehouse.read(stored("deals").filter(stored("deals").partner_id == "PTR-007"))
    assert [deal for deal in deals["deal_id"].to_list() if deal in page]
