"""Every rule of the contract: which rows are refused, what is said, and that the rest load."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.facts.files import DEALS, NOW, PARTNERS, Desk

HEAD = "deal_id,partner_id,stage,amount,currency,opened_at,expected_close_at\n"
GOOD = "good,p1,won,1,USD,2026-01-01,\n"


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (",p1,won,1,USD,2026-01-01,", "deal_id", None, "deal_id is the row's key and cannot be empty. Fill it in."),
        ("x,p9,won,1,USD,2026-01-01,", "partner_id", "p9", "“p9” is the partner_id of no partner."),
        (
            "x,p1,maybe,1,USD,2026-01-01,",
            "stage",
            "maybe",
            "Use one of: prospecting, qualification, proposal, negotiation, won, lost",
        ),
        ("x,p1,,1,USD,2026-01-01,", "stage", None, "stage cannot be empty."),
        ("x,p1,won,-1,USD,2026-01-01,", "amount", "-1", "“-1” is below 0."),
        ("x,p1,won,many,USD,2026-01-01,", "amount", "many", "“many” is not a number."),
        ("x,p1,won,NaN,USD,2026-01-01,", "amount", "NaN", "is not a number."),
        ("x,p1,won,Infinity,USD,2026-01-01,", "amount", "Infinity", "is not a number."),
        ("x,p1,won,1e30,USD,2026-01-01,", "amount", "1e30", "is larger than can be kept."),
        ("x,p1,won,123456789012345,USD,2026-01-01,", "amount", "123456789012345", "is larger than can be kept."),
        ("x,p1,won,٣,USD,2026-01-01,", "amount", "٣", "is not a number."),
        ('x,p1,won,"1,234",USD,2026-01-01,', "amount", "1,234", "“1,234” can be read as thousands or as decimals."),
        (
            "x,p1,won,1,EUR,2026-01-01,",
            "currency",
            "EUR",
            "“EUR” is a currency without a rate. Name what one unit is worth in USD",
        ),
        ("x,p1,won,1,US$,2026-01-01,", "currency", "US$", "is a currency without a rate."),
        ("x,p1,won,1,USD,soon,", "opened_at", "soon", "“soon” is not a time. Write it as 2025-12-31"),
        ("x,p1,won,1,USD,03/04/2025,", "opened_at", "03/04/2025", "is two different days, by day first and by month first."),
        ("x,p1,won,1,USD,2099-01-01,", "opened_at", "2099-01-01", "lies far in the future, after 2027-11-10."),
        (
            "x,p1,won,1,USD,2026-01-01,2099-01-01",
            "expected_close_at",
            "2099-01-01",
            "lies far in the future, after 2036-11-09.",
        ),
        ("x,p1,won,1,USD,0001-01-01,", "opened_at", "0001-01-01", "“0001-01-01” is what stands for no day at all."),
        ("x,p1,won,1,USD,1900-01-01,", "opened_at", "1900-01-01", "or leave it empty if it is not known."),
        ("x,p1,won,1,USD", None, None, "This line has 5 values where the header names 7."),
        (f"x,p1,won,1,USD,2026-01-01,,{'y' * 5}", None, None, "This line has 8 values where the header names 7."),
        (f"{'k' * 10_001},p1,won,1,USD,2026-01-01,", "deal_id", "k" * 200, "is longer than 10,000 bytes."),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_good_ones_load(
    desk: Desk, row: str, column: str | None, value: str | None, said: str
) -> None:
    report = desk.load_text(partners=PARTNERS, deals=f"{HEAD}{GOOD}{row}\n{GOOD.replace('good', 'also good')}")
    [refused] = report.tables[1].rejected_rows
    assert (refused["file"], refused["line"], refused["column"], refused["value"]) == ("deals.csv", 3, column, value)
    assert said in refused["reason"]
    assert [row[0] for row in desk.rows("deals", "deal_id")] == ["also good", "good"]


@pytest.mark.parametrize(
    "row",
    [
        "x,,won,,,,",
        "x,p1,Closed Won,0,usd,2026-01-01,2036-01-01",
        "x,p1,won,1,USD,1900-01-02,",
        'x,p1,WON,"1,234.50",USD,2026-01-01T00:00:00+02:00,',
        f"x,p2,won,1,USD,{NOW + timedelta(days=365):%Y-%m-%d},",
    ],
)
def test_a_row_that_is_merely_unusual_loads(desk: Desk, row: str) -> None:
    report = desk.load_text(partners=PARTNERS, deals=f"{HEAD}{GOOD}{row}\n")
    assert report.tables[1].rejected_rows == []
    assert len(desk.rows("deals")) == 2


def test_a_key_twice_in_one_file_the_first_stands(desk: Desk) -> None:
    text = "partner_id,name,lifecycle_stage\np1,First,active\np2,B,active\np1,Second,active\np1,First,active\n"
    for _ in range(2):
        # Into an empty table and into one that holds rows.
        report = desk.load_text(partners=text)
        assert [(row["line"], row["value"]) for row in report.tables[0].rejected_rows] == [(4, "p1"), (5, "p1")]
        assert "is already the partner_id of line 2." in report.tables[0].rejected_rows[0]["reason"]
        assert desk.rows("partners", "partner_id", "name") == [("p1", "First"), ("p2", "B")]


def test_a_partner_of_the_same_import_counts_and_a_rejected_one_does_not(desk: Desk) -> None:
    partners = PARTNERS + "p3,Gamma,nonsense\n"
    report = desk.load_text(partners=partners, deals="deal_id,partner_id,stage\nd1,p2,won\nd3,p3,won\n")
    assert [table.rejected for table in report.tables] == [1, 1]
    assert desk.rows("deals", "deal_id") == [("d1",)]


def test_a_credit_is_revenue_and_a_negative_headcount_is_not(desk: Desk) -> None:
    report = desk.load_text(
        partners="partner_id,name,lifecycle_stage,employee_count\np1,A,active,5\np2,B,active,-5\n",
        revenue="revenue_id,partner_id,amount,recognized_at\nr1,p1,-40,2026-01-01\n",
    )
    assert [table.rejected for table in report.tables] == [1, 0]


def test_json_that_is_no_object_is_refused_and_unknown_kinds_are_kept(desk: Desk) -> None:
    rows = 'a1,p1,coffee,2026-01-01,"{""cups"": 2}"\na2,p1,Portal Login,2026-01-01,\na3,p1,coffee,2026-01-01,[2]\n'
    report = desk.load_text(partners=PARTNERS, activities="activity_id,partner_id,kind,occurred_at,details\n" + rows)
    assert [row["value"] for row in report.tables[1].rejected_rows] == ["[2]"]
    assert desk.rows("activities", "kind", "details") == [("coffee", '{"cups": 2}'), ("portal_login", None)]


def test_the_programs_stages_aliases_and_rates_are_those_that_count(desk: Desk) -> None:
    stages = "lifecycle_stages:\n  - {name: live, label: Live now, aliases: [selling]}\n  - {name: gone, label: Gone}\n"
    desk.home.program_file.write_text(f"currency: EUR\nrates: {{USD: 0.9}}\n{stages}")
    partners = "partner_id,name,lifecycle_stage\na,A,Selling\nb,B,LIVE NOW\nc,C,gone\nd,D,active\n"
    deals = "deal_id,stage,currency\n1,won,usd\n2,won,EUR\n3,won,GBP\n"
    report = desk.load_text(partners=partners, deals=deals)
    assert desk.rows("partners", "partner_id", "lifecycle_stage") == [("a", "live"), ("b", "live"), ("c", "gone")]
    assert [row["value"] for table in report.tables for row in table.rejected_rows] == ["active", "GBP"]


def test_without_a_named_currency_the_one_most_rows_use_counts_then_the_stored_one(desk: Desk) -> None:
    first = desk.load_text(deals="deal_id,stage,currency\n1,won,BRL\n2,won,BRL\n3,won,USD\n")
    assert [row["value"] for row in first.tables[0].rejected_rows] == ["USD"]
    later = desk.load_text(deals="deal_id,stage,currency\n4,won,USD\n5,won,USD\n6,won,USD\n7,won,BRL\n")
    assert later.tables[0].rejected == 3


def test_dates_by_day_or_month_are_read_where_the_column_is_clear(desk: Desk) -> None:
    desk.load_text(deals="deal_id,stage,opened_at\n1,won,03/04/2025\n2,won,25/04/2025\n")
    assert {key: f"{opened:%Y-%m-%d}" for key, opened in desk.rows("deals", "deal_id", "opened_at")} == {
        "1": "2025-04-03",
        "2": "2025-04-25",
    }


def test_rejected_rows_can_be_mended_and_imported_as_they_are(desk: Desk) -> None:
    deals = 'Opportunity ID;Partner;Stage;Amount;Note\n=1+1;p1;maybe;12;"@a;\nb"\nd2;p1;won;-5;-7\nd3;p1;won;1;ok\n'
    [file] = desk.load_text(partners=PARTNERS, deals=deals).rejected_files
    handed = Path(file).read_text(encoding="utf-8-sig")
    assert "'=1+1" in handed
    assert "\n" in pl.read_csv(file, infer_schema=False)["Note"][0]
    Path(file).write_text(handed.replace("maybe", "lost", 1).replace(",-5,", ",5,", 1), encoding="utf-8-sig")
    mended = desk.load(Path(file))
    assert (mended.tables[0].table, mended.tables[0].added, mended.tables[0].rejected) == ("deals", 2, 0)
    assert mended.tables[0].unknown_columns == ["Note"]
    assert desk.rows("deals", "deal_id", "stage") == [("=1+1", "lost"), ("d2", "won"), ("d3", "won")]


def test_no_file_of_rejected_rows_where_nothing_was_rejected_or_nothing_loaded(desk: Desk) -> None:
    desk.load_text(partners=PARTNERS, deals=DEALS)
    with pytest.raises(ValueError, match="no column for"):
        desk.load_text(partners=PARTNERS + ",,\n", deals="x\n1\n")
    assert not desk.home.rejected.exists() or not list(desk.home.rejected.iterdir())


def test_many_rejected_rows_are_all_in_the_file_and_few_in_memory(desk: Desk) -> None:
    rows = "".join(f"d{number},p1,maybe\n" for number in range(3_000))
    report = desk.load_text(partners=PARTNERS, deals="deal_id,partner_id,stage\n" + rows)
    assert report.tables[1].rejected == 3_000
    assert len(report.tables[1].rejected_rows) == 200
    assert pl.read_csv(report.rejected_files[0], infer_schema=False)["rejected_line"].to_list()[-1] == "3001"
