"""What leaves as a file: the asker's rows only, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.home import create_home
from nextplay.operations.dashboards import export_rows as module
from nextplay.operations.dashboards.export_rows import TooManyRows, export_rows, neutral
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer

FILES = {
    "partners.csv": (
        "partner_id,name,lifecycle_stage,segment,regions,manager_email,notes\n"
        'p1,"=HYPERLINK(""http://x"")",active,Growth,DACH;Nordics,ana@program.example,secret\n'
        "p2,Two,active,Emerging,,other@program.example,hush\n"
    ),
    "deals.csv": "deal_id,partner_id,stage,amount,currency\nd1,p1,proposal,100.5,USD\nd2,p2,won,20,USD\nd3,,won,7,USD\n",
    "documents.csv": (
        "document_id,partner_id,author,text\nt1,p1,us,they doubt it\nt2,p1,partner,+49 call us\nt3,p2,partner,hello\n"
    ),
    "revenue.csv": "revenue_id,partner_id,amount,currency,recognized_at\nr1,p1,-12.5,USD,2026-10-01\nr2,,8,USD,2026-10-01\n",
    "changes.csv": (
        "change_id,entity,entity_id,field,old,new,changed_at\n"
        "c1,partner,p1,tier,Gold,Silver,2026-10-01\nc2,deal,d1,stage,prospecting,proposal,2026-10-02\n"
        "c3,deal,d2,stage,proposal,won,2026-10-02\nc4,deal,d3,stage,proposal,won,2026-10-03\n"
    ),
}


@pytest.fixture
def filled(tmp_path: Path, facts_url: str, now: datetime) -> Iterator[Installation]:
    opened = Installation(create_home(tmp_path / "home", facts_url=facts_url))
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    import_facts(opened, [tmp_path / name for name in FILES], actor="test", now=now)
    yield opened
    opened.warehouse.close()


def _read(installation: Installation, viewer: Viewer, table: str, now: datetime, **asked: str) -> list[dict[str, str]]:
    whole = b"".join(export_rows(installation, viewer, table=table, as_of=now.date(), **asked))  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline="")))


def test_an_admin_gets_every_row_and_formulas_are_text(filled: Installation, ben: Viewer, now: datetime) -> None:
    partners = _read(filled, ben, "partners", now)
    assert [row["partner_id"] for row in partners] == ["p1", "p2"]
    assert partners[0]["name"] == '\'=HYPERLINK("http://x")'
    assert partners[0]["regions"] == "DACH;Nordics"
    assert partners[0]["notes"] == "secret"


def test_negative_numbers_stay_numbers(filled: Installation, ben: Viewer, now: datetime) -> None:
    assert Decimal(_read(filled, ben, "revenue", now)[0]["amount"]) == Decimal("-12.5")


def test_a_whole_table_holds_its_direct_rows(filled: Installation, ben: Viewer, now: datetime) -> None:
    assert [row["deal_id"] for row in _read(filled, ben, "deals", now)] == ["d1", "d2", "d3"]
    assert [row["revenue_id"] for row in _read(filled, ben, "revenue", now)] == ["r1", "r2"]
    assert [row["change_id"] for row in _read(filled, ben, "changes", now)] == ["c1", "c2", "c3", "c4"]


def test_a_portfolio_and_a_segment_hold_no_direct_rows(filled: Installation, ana: Viewer, ben: Viewer, now: datetime) -> None:
    assert [row["deal_id"] for row in _read(filled, ana, "deals", now)] == ["d1"]
    assert [row["change_id"] for row in _read(filled, ana, "changes", now)] == ["c1", "c2"]
    assert not _read(filled, ben, "revenue", now, segment="Emerging")


def test_a_partner_gets_only_its_own_rows(filled: Installation, cleo: Viewer, now: datetime) -> None:
    assert [row["deal_id"] for row in _read(filled, cleo, "deals", now)] == ["d1"]
    assert [row["change_id"] for row in _read(filled, cleo, "changes", now)] == ["c2"]
    assert [row["partner_id"] for row in _read(filled, cleo, "partners", now)] == ["p1"]


def test_a_partner_gets_no_internal_column_and_nothing_we_wrote(filled: Installation, cleo: Viewer, now: datetime) -> None:
    assert "notes" not in _read(filled, cleo, "partners", now)[0]
    documents = _read(filled, cleo, "documents", now)
    assert [row["document_id"] for row in documents] == ["t2"]
    assert documents[0]["text"] == "'+49 call us"


def test_a_partner_account_without_an_organization_gets_nothing(filled: Installation, now: datetime) -> None:
    nobody = Viewer(email="x@y.example", name="X", role=Role.PARTNER)
    assert all(not _read(filled, nobody, table, now) for table in ("partners", "deals", "documents", "changes", "accounts"))


def test_a_manager_gets_the_portfolio(filled: Installation, ana: Viewer, now: datetime) -> None:
    assert [row["partner_id"] for row in _read(filled, ana, "partners", now)] == ["p1"]


def test_filters_follow(filled: Installation, ben: Viewer, now: datetime) -> None:
    assert [row["deal_id"] for row in _read(filled, ben, "deals", now, segment="Emerging")] == ["d2"]


def test_an_unknown_table_is_a_page_that_does_not_exist(filled: Installation, ben: Viewer, now: datetime) -> None:
    with pytest.raises(NotForThisViewer):
        export_rows(filled, ben, table="auth_user", as_of=now.date())


def test_many_chunks_hold_every_row_once(
    filled: Installation, ben: Viewer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROWS_A_CHUNK", 1)
    assert [row["document_id"] for row in _read(filled, ben, "documents", now)] == ["t1", "t2", "t3"]


def test_a_sheet_holds_the_same_rows_as_text_and_numbers(
    filled: Installation, ben: Viewer, now: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "deals.xlsx"
    file.write_bytes(b"".join(export_rows(filled, ben, table="deals", as_of=now.date(), kind="xlsx")))
    read = pl.read_excel(file)
    assert read["deal_id"].to_list() == ["d1", "d2", "d3"]
    assert read["amount"].to_list() == [100.5, 20.0, 7.0]


def test_more_rows_than_a_sheet_holds_are_refused(
    filled: Installation, ben: Viewer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHEET_ROWS", 1)
    with pytest.raises(TooManyRows, match="Take CSV"):
        export_rows(filled, ben, table="documents", as_of=now.date(), kind="xlsx")


@given(st.text())
def test_no_text_leaves_as_a_formula(text: str) -> None:
    made = neutral(text)
    assert not made.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert made in {text, f"'{text}"}


@given(st.one_of(st.integers(), st.decimals(allow_nan=False), st.booleans(), st.none()))
def test_what_is_no_text_is_untouched(value: object) -> None:
    assert neutral(value) is value


@given(st.from_regex(r"[A-Za-z0-9(\"'][^\n]*", fullmatch=True))
def test_harmless_text_is_untouched(text: str) -> None:
    assert neutral(text) == text
