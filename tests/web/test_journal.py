"""The journal's page: who sees which lines, filters, files, and what a line rests on."""

import csv
import io
import re

from django.test import Client

from nextplay.ledger import people, queries
from nextplay.ledger.records import PersonRecord
from nextplay.operations.installation import Installation
from tests.conftest import MOMENT
from tests.web.conftest import PASSWORD, PEOPLE, SignedIn

INES = PEOPLE["manager"].email


def _committed(client: Client, owner: str, *, others: bool = False) -> str:
    """Commit one decision of an owner's, or of anybody else's; its id."""
    focus = queries.decisions(status="proposed")
    record = next(one for one in focus if (one.owner == owner) != others)
    assert client.post(f"/focus/{record.decision_id}/commit", {"revision": record.revision}).status_code in (200, 303)
    return record.decision_id


def test_a_manager_finds_their_partners_lines_an_admin_all_and_a_partner_none(signed_in: SignedIn) -> None:
    admin, manager = signed_in("admin"), signed_in("manager")
    _committed(admin, INES, others=True)
    _committed(manager, INES)
    whole, own = admin.get("/journal").content.decode(), manager.get("/journal").content.decode()
    assert whole.count(">Commit<") > own.count(">Commit<") >= 1
    assert ">Propose<" in whole
    assert ">Propose<" not in own
    assert "127.0.0.1" in own
    assert "Web page" in own
    for role in ("partner", "viewer"):
        assert signed_in(role).get("/journal").status_code == 404
        assert signed_in(role).get("/journal/1").status_code == 404
        assert signed_in(role).get("/journal/lines.csv").status_code == 404


def test_a_line_opens_the_decision_with_what_it_rests_on(signed_in: SignedIn) -> None:
    admin, manager = signed_in("admin"), signed_in("manager")
    record = queries.decision(_committed(admin, INES, others=True))
    assert record is not None
    address = admin.get("/journal?verb=commit").content.decode().split('data-first href="', 1)[1].split('"', 1)[0]
    page = admin.get(address).content.decode()
    assert f"Facts version {record.facts_version}, program version {record.program_version}" in page
    assert record.evidence[0]["text"].split("'")[0] in page
    assert manager.get(address).status_code == 404


def test_filters_narrow_the_page_and_the_file(signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    _committed(admin, INES)
    assert "No line fits" in admin.get("/journal?until=2001-01-01").content.decode()
    lines = b"".join(admin.get("/journal/lines.csv?verb=commit").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [row["verb"] for row in rows] == ["commit"]
    assert (rows[0]["actor"], rows[0]["from"]) == (PEOPLE["admin"].email, "web")
    assert admin.get("/journal/lines.xlsx").status_code == 200
    assert admin.get("/journal/lines.pdf").status_code == 404


def test_what_somebody_wrote_is_shown_as_text_and_runs_in_no_spreadsheet(served: Installation, signed_in: SignedIn) -> None:
    hostile = "=HYPERLINK(1)<script>@x.example"
    people.add_person(
        PersonRecord("eve@x.example", "=1+1", "manager", None, True), password=PASSWORD, actor=hostile, now=MOMENT
    )
    admin = signed_in("admin")
    page = admin.get("/journal", {"actor": hostile}).content.decode()
    assert "<script>@x" not in page
    assert "&lt;script&gt;@x" in page
    lines = b"".join(admin.get("/journal/lines.csv", {"actor": hostile}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert next(csv.DictReader(io.StringIO(lines)))["actor"] == f"'{hostile}"


def test_signing_in_leaves_a_line_with_its_address(served: Installation, signed_in: SignedIn) -> None:
    Client().post("/sign-in", {"username": INES, "password": PASSWORD}, REMOTE_ADDR="203.0.113.7")
    page = signed_in("admin").get("/journal?verb=sign+in").content.decode()
    assert "Ines Quillon" in page
    assert "203.0.113.7" in page


def test_a_name_stands_beside_its_address_and_no_browser_keeps_files(served: Installation, signed_in: SignedIn) -> None:
    signed_in("viewer").post("/start/name", {"name": "Leda Marsh"})
    admin, email = signed_in("admin"), PEOPLE["viewer"].email
    page = admin.get("/journal").content.decode()
    assert f'Leda Marsh<span class="hint under">{email}</span>' in page
    assert f"Leda Marsh, {email}</option>" in page
    opened = re.search(r'href="(/journal/\d+)"', page)
    assert opened
    assert f"Leda Marsh ({email})" in admin.get(opened[1]).content.decode()
    for file in ("/journal/lines.csv", "/partners/export.csv"):
        assert "no-store" in admin.get(file)["Cache-Control"], file
