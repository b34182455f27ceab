"""Files brought through the page, without a browser: what the form may say, and what it may not."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from nextplay.ledger import jobs as queue
from nextplay.operations.data.forecast_import import forecast_import
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.web.import_form import mappings_in
from tests.web.conftest import PEOPLE, SignedIn, browser_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PARTNERS = b"partner_id,name,Stage,Level\nX-1,Xenia,Active,Gold\nX-2,Yara,Enrolled,Silver\n=1,<b>Z</b>,Enrolled,Gold\n"


def brought(client: Client, *files: SimpleUploadedFile, **more: str) -> str:
    """The address where the files are checked."""
    answer = client.post("/data/import", {"files": list(files), **more})
    assert answer.status_code == 303
    return str(answer["Location"])


def fields(page: str) -> dict[str, str]:
    """Nothing but what a browser would send for the choices of the first file, as they stand."""
    hidden = dict(re.findall(r'<input type="hidden" name="((?:column|origin|first)[^"]+)" value="([^"]*)"', page))
    chosen = re.findall(r'<select class="input" name="(goes:[^"]+)".*?</select>', page, re.DOTALL)
    selects = {name: page.split(f'name="{name}"')[1].split("</select>", maxsplit=1)[0] for name in chosen}
    values = {name: (re.findall(r'value="([^"]*)" selected', body) or [""])[0] for name, body in selects.items()}
    return hidden | values


def test_problems_are_grouped_and_what_was_written_is_escaped(served: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    page = client.get(brought(client, SimpleUploadedFile("partners.csv", PARTNERS))).content.decode()
    assert "2 rows in Stage" in page
    assert "1 of 3 rows ready." in page
    assert "<b>Z</b>" not in page
    assert "Load 1 row<" in page


def test_a_word_explained_mends_its_rows_and_stays_explained(served: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    at = brought(client, SimpleUploadedFile("partners.csv", PARTNERS))
    said = {"word:partners:lifecycle_stage:0-0-0": "Enrolled", "means:partners:lifecycle_stage:0-0-0": "onboarding"}
    page = client.post(at, {**said, "do": "check"}).content.decode()
    assert "3 of 3 rows ready." in page
    assert '<input type="hidden" name="word:partners:lifecycle_stage:said-0" value="Enrolled">' in page


def test_checking_again_does_not_call_our_guesses_the_persons_own(served: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    at = brought(client, SimpleUploadedFile("partners.csv", PARTNERS))
    sent = fields(client.get(at).content.decode())
    assert sent["goes:partners:0:3"] == "tier"
    again = client.post(at, {**sent, "do": "check"}).content.decode()
    assert "as you chose" not in again
    changed = client.post(at, {**sent, "goes:partners:0:3": "subtype", "do": "check"}).content.decode()
    assert changed.count("as you chose") == 1


def test_two_columns_cannot_go_to_one_and_rows_are_not_left_out_unasked(served: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    at = brought(client, SimpleUploadedFile("partners.csv", PARTNERS))
    sent = fields(client.get(at).content.decode())
    twice = client.post(at, {**sent, "goes:partners:0:3": "name", "do": "load", "leave_out": "yes"})
    assert twice.status_code == 422
    assert "two columns go to Name" in twice.content.decode()
    unasked = client.post(at, {**sent, "do": "load"})
    assert unasked.status_code == 422
    assert "Tick the box" in unasked.content.decode()
    assert client.post(at, {**sent, "do": "load", "leave_out": "yes"})["Location"].startswith("/jobs/")


def test_a_table_is_made_equal_to_its_file_only_after_what_that_removes_was_seen(
    served: Installation, signed_in: SignedIn
) -> None:
    client = signed_in("admin")
    at = brought(client, SimpleUploadedFile("partners.csv", PARTNERS))
    sent = fields(client.get(at).content.decode()) | {"leave_out": "yes", "replace": "yes"}
    assert client.post(at, {**sent, "do": "load"})["Location"].startswith("/jobs/")
    [newest] = queue.latest_jobs(1)
    assert (newest.verb, newest.arguments["replace"]) == ("forecast_import", True)
    assert 'name="replace" value="yes" checked' in client.post(at, {**sent, "do": "check"}).content.decode()


def test_who_imported_is_called_by_name(served: Installation, signed_in: SignedIn) -> None:
    file = _file(served, "seen.csv", b"partner_id,name,lifecycle_stage\nX-1,Xenia,active\n")
    person = PEOPLE["admin"]
    told = import_facts(served, [file], actor=person.email, now=NOW, table="partners").as_json()
    queue.record_import(told, actor=person.email, now=NOW)
    page = signed_in("admin").get("/data").content.decode()
    assert f'data-l="Who">{person.name}<' in page
    assert f">{person.email}<" not in page.split('id="h-imports"')[1]


def test_a_file_of_any_name_is_taken_for_what_it_is_said_to_hold(served: Installation, signed_in: SignedIn) -> None:
    client, file = signed_in("admin"), ("export.csv", b"deal_id,stage\nD,won\n")
    refused = client.post("/data/import", {"files": [SimpleUploadedFile(*file)]})
    assert refused.status_code == 422
    assert "is not named after a table" in refused.content.decode()
    assert not list((served.home.uploads).glob("*/export.csv"))
    assert "Goes to deals" in client.get(brought(client, SimpleUploadedFile(*file), table="deals")).content.decode()


def test_two_files_of_one_table_keep_their_own_columns(served: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    more = SimpleUploadedFile("partners_more.csv", b"partner_id,name,Phase\nX-9,Zoe,active\n")
    at = brought(client, SimpleUploadedFile("partners.csv", PARTNERS), more)
    sent = fields(client.get(at).content.decode())
    by_file = {(name, value) for name, value in sent.items() if name.startswith("column:")}
    assert ("column:partners:0:2", "Stage") in by_file
    assert ("column:partners:1:2", "Phase") in by_file


@pytest.mark.parametrize(
    "form",
    ["column:nothing:0:0=a&goes:nothing:0:0=b", "dates:deals:opened_at=sideways", "word:deals:nope:0=a&means:deals:nope:0=b"],
)
def test_what_names_no_table_or_column_counts_as_not_sent(form: str) -> None:
    assert mappings_in(QueryDict(form)) == {}


@pytest.mark.parametrize("role", ["manager", "viewer", "partner"])
def test_only_an_admin_brings_files(signed_in: SignedIn, role: str) -> None:
    client = signed_in(role)
    assert client.post("/data/import", {"files": [SimpleUploadedFile("partners.csv", PARTNERS)]}).status_code == 404
    assert client.get(f"/data/import/{'0' * 32}").status_code == 404
    assert client.get("/data/rejected/partners_rejected.csv").status_code == 404


def test_a_template_has_every_column_and_can_be_filled_in(browsed: Installation) -> None:
    admin = browser_of("admin")
    lines = admin.get("/data/template/deals.csv").content.decode().splitlines()
    assert lines[0].startswith("deal_id,stage,partner_id,account")
    assert len(lines) == 1
    assert admin.get("/data/template/nonsense.csv").status_code == 404
    assert browser_of("manager").get("/data/template/deals.csv").status_code == 404


def test_an_undo_names_the_import_that_was_seen(served: Installation, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    import_facts(
        served,
        [_file(served, "seen.csv", b"partner_id,name,lifecycle_stage\nX-1,Xenia,active\n")],
        actor="ben",
        now=NOW,
        table="partners",
    )
    [seen] = re.findall(r'name="brought" value="(\d+)"', client.get("/data").content.decode())
    import_facts(
        served,
        [_file(served, "more.csv", b"partner_id,name,lifecycle_stage\nX-2,Yara,active\n")],
        actor="cleo",
        now=NOW,
        table="partners",
    )
    for sent in ({"brought": seen}, {}):
        assert client.post("/data/undo", sent)["Location"] == "/data"
        assert "Another import" in client.get("/data").content.decode()
    [seen] = re.findall(r'name="brought" value="(\d+)"', client.get("/data").content.decode())
    assert client.post("/data/undo", {"brought": seen})["Location"].startswith("/jobs/")
    [newest] = queue.latest_jobs(1)
    assert (newest.verb, newest.arguments) == ("undo_import", {"brought": int(seen)})


def test_what_was_foretold_is_told_anew_where_the_facts_changed_since(served: Installation, signed_in: SignedIn) -> None:
    client, files = signed_in("admin"), [_file(served, "told.csv", b"partner_id,name,lifecycle_stage\nX-1,Xenia,active\n")]
    asked = {"paths": [str(file) for file in files], "table": "partners"}
    told = queue.hand_in("forecast_import", asked, actor="ben", now=NOW)
    queue.take_up("tests", now=NOW, only=told)
    queue.finish(told, forecast_import(served, files, now=NOW, table="partners").as_json(), now=NOW)
    assert client.post(f"/data/import/{told}/load")["Location"].startswith("/jobs/")
    assert queue.latest_jobs(1)[0].verb == "import_facts"
    import_facts(served, files, actor="cleo", now=NOW, table="partners")
    again = client.post(f"/data/import/{told}/load")["Location"]
    [newest] = queue.latest_jobs(1)
    assert (newest.verb, newest.arguments) == ("forecast_import", asked)
    assert "told anew; nothing has been loaded" in client.get(again).content.decode()


def _file(served: Installation, name: str, content: bytes) -> Path:
    path = served.home.path / name
    path.write_bytes(content)
    return path
