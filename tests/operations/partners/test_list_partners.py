from datetime import datetime, timedelta

import polars as pl
import pytest

from nextplay.facts.warehouse import move_version
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from nextplay.operations.partners.list_partners import list_partners, partner_rows
from nextplay.operations.partners.partner_analysis import partner_analysis
from nextplay.operations.viewer import NotForThisViewer, Viewer

# Which month is decided is asked of the ledger where no list is kept.
pytestmark = pytest.mark.django_db

PARTNERS = [
    ("p1", "Alder GmbH", "active", "Growth", "Gold", "ana@program.example"),
    ("p2", "<b>Birch</b>", "enabled", "Growth", "Silver", "eve@program.example"),
    ("p3", "alpine works", "active", None, None, None),
    ("p4", "100% Cedar_", "signed", "Strategic", "Gold", "ANA@program.example"),
]
DEALS = [
    ("d1", "p1", "proposal", 100),
    ("d2", "p1", "won", 900),
    ("d3", "p3", "negotiation", 250),
    ("d4", "p3", "proposal", None),
]


@pytest.fixture(autouse=True)
def stocked(installation: Installation) -> None:
    partners = pl.DataFrame(
        PARTNERS, schema=["partner_id", "name", "lifecycle_stage", "segment", "tier", "manager_email"], orient="row"
    )
    deals = pl.DataFrame(DEALS, schema=["deal_id", "partner_id", "stage", "amount"], orient="row")
    seen = pl.lit(datetime(2026, 1, 1)).alias("observed_at")
    partners = partners.with_columns(pl.when(pl.col("partner_id") == "p3").then(pl.lit("Summit.example")).alias("domain"))
    with installation.warehouse.transaction() as transaction:
        transaction.append("partners", partners.with_columns(seen).to_arrow())
        transaction.append("deals", deals.with_columns(seen, pl.col("amount").cast(pl.Decimal(18, 4))).to_arrow())
        move_version(transaction, "facts")


def names(installation: Installation, viewer: Viewer, now: datetime, **asked: object) -> list[str]:
    return [row.partner_id for row in list_partners(installation, viewer, now=now, **asked).rows]  # type: ignore[arg-type]


def test_the_list_is_sorted_by_name_whatever_the_case(installation: Installation, ben: Viewer, now: datetime) -> None:
    assert names(installation, ben, now) == ["p4", "p2", "p1", "p3"]


def test_only_open_deals_count_as_pipeline(installation: Installation, ben: Viewer, now: datetime) -> None:
    rows = {row.partner_id: row for row in list_partners(installation, ben, now=now).rows}
    assert (rows["p1"].open_pipeline, rows["p1"].open_deals) == (100.0, 1)
    assert (rows["p3"].open_pipeline, rows["p3"].open_deals) == (250.0, 2)
    assert (rows["p2"].open_pipeline, rows["p2"].open_deals) == (0.0, 0)


def test_sorting_by_pipeline_puts_the_largest_first(installation: Installation, ben: Viewer, now: datetime) -> None:
    assert names(installation, ben, now, sort="open_pipeline", descending=True)[:2] == ["p3", "p1"]


def test_sorting_by_tier_leaves_those_without_one_to_the_end(installation: Installation, ben: Viewer, now: datetime) -> None:
    assert names(installation, ben, now, sort="tier") == ["p4", "p1", "p2", "p3"]
    assert names(installation, ben, now, sort="tier", descending=True) == ["p2", "p4", "p1", "p3"]


def test_an_unknown_sort_counts_as_by_name(installation: Installation, ben: Viewer, now: datetime) -> None:
    assert names(installation, ben, now, sort="manager; DROP TABLE partners") == ["p4", "p2", "p1", "p3"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("AL", ["p1", "p3"]),
        ("birch", ["p2"]),
        ("p3", ["p3"]),
        ("summit.EX", ["p3"]),
        ("example", ["p3"]),
        ("%", ["p4"]),
        ("_", ["p4"]),
        ("'; --", []),
    ],
)
def test_search_takes_every_character_as_it_stands(
    installation: Installation, ben: Viewer, now: datetime, search: str, found: list[str]
) -> None:
    assert names(installation, ben, now, search=search) == found


def test_filters_narrow_together_and_the_rest_is_counted(installation: Installation, ben: Viewer, now: datetime) -> None:
    page = list_partners(installation, ben, now=now, segment="Growth", tier="Gold")
    assert [row.partner_id for row in page.rows] == ["p1"]
    assert (page.total, page.everyone) == (1, 4)
    assert page.tiers == ("Gold", "Silver")


def test_pages_never_overlap_and_a_page_beyond_the_end_is_the_last(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    pages = [names(installation, ben, now, page=number, size=2) for number in (1, 2, 99)]
    assert pages[0] + pages[1] == ["p4", "p2", "p1", "p3"]
    assert pages[2] == pages[1]


def test_a_manager_sees_the_own_portfolio_only(installation: Installation, ana: Viewer, now: datetime) -> None:
    page = list_partners(installation, ana, now=now)
    assert [row.partner_id for row in page.rows] == ["p4", "p1"]
    assert page.everyone == 2
    assert page.segments == ("Growth", "Strategic")


def test_a_partner_gets_no_list_and_no_export(installation: Installation, cleo: Viewer, now: datetime) -> None:
    with pytest.raises(NotForThisViewer):
        list_partners(installation, cleo, now=now)
    with pytest.raises(NotForThisViewer):
        partner_rows(installation, cleo, now=now)


def test_an_export_holds_every_fitting_row(installation: Installation, ben: Viewer, now: datetime) -> None:
    assert partner_rows(installation, ben, now=now, stage="active", search="al")["partner_id"].to_list() == ["p1", "p3"]


def test_revenue_of_a_year_counts_neither_older_nor_later_rows(installation: Installation, ben: Viewer, now: datetime) -> None:
    at = {
        "r1": now - timedelta(days=364),
        "r2": now - timedelta(days=366),
        "r3": now - timedelta(hours=1),
        "r4": now + timedelta(days=2),
    }
    rows = [{"revenue_id": key, "partner_id": "p2", "recognized_at": day.replace(tzinfo=None)} for key, day in at.items()]
    frame = pl.DataFrame(rows).with_columns(
        pl.lit(10).cast(pl.Decimal(18, 4)).alias("amount"), pl.lit(datetime(2026, 1, 1)).alias("observed_at")
    )
    with installation.warehouse.transaction() as transaction:
        transaction.append("revenue", frame.to_arrow())
        move_version(transaction, "facts")
    page = list_partners(installation, ben, now=now, sort="revenue_year", descending=True)
    assert [row.revenue_year for row in page.rows] == [20.0, 0.0, 0.0, 0.0]
    assert page.rows[0].partner_id == "p2"


def test_the_average_of_scores_is_of_the_newest_run_and_of_known_ones(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    assert [row.score for row in list_partners(installation, ben, now=now, sort="score").rows] == [None] * 4
    analyze(installation, now=now)
    analyze(installation, now=now)
    for row in list_partners(installation, ben, now=now, sort="score", descending=True).rows:
        read = partner_analysis(installation, row.partner_id)
        known = [one.score for one in read.dimensions if one.score is not None] if read else []
        assert row.score == (pytest.approx(sum(known) / len(known), abs=0.06) if known else None)
