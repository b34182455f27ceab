"""Rows behind the Activation Scorecard: the same on both engines."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.signals.activation import activation_rows
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.engine
DAY = datetime(2026, 11, 8, 12)


def ago(days: int) -> datetime:
    return DAY - timedelta(days=days)


def test_rows_are_counted_the_same_on_both_engines(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    lead = {"contact_id": "c1", "partner_id": "p1", "name": "Marek", "role": "lead_seller", "observed_at": ago(500)}
    load(warehouse, "contacts", lead)
    load(
        warehouse,
        "activities",
        activity("p1", "meeting_held", ago(4), contact_id="c1"),
        activity("p1", "meeting_held", ago(6)),
        activity("p1", "outreach_sent", ago(3), account="A1", play="first_selling_play"),
        activity("p1", "outreach_sent", ago(2), account="A1", play="first_selling_play"),
        activity("p1", "outreach_sent", ago(1)),
        activity("p1", "narrative_shared", ago(200)),
        activity("p2", "target_list_shared", ago(170)),
    )
    load(
        warehouse,
        "deals",
        deal("d1", "p1", ago(90), sourced_by="partner"),
        deal("d2", "p1", ago(60), sourced_by="co_sell", account="A9"),
        deal("d3", "p1", ago(30), account="A1"),
        deal("d4", "p1", ago(20), account="A8"),
    )
    facts = ScopedFacts(Scope(as_of=date(2026, 11, 8), reach=Reach()), Reporting("USD"))
    rows = warehouse.read(activation_rows(facts))
    counts = {(row["partner_id"], row["line"]): row["len"] for row in rows.group_by("partner_id", "line").len().to_dicts()}
    assert counts == {
        ("p1", "lead_seller_session"): 1,
        ("p1", "outreach_sprint"): 2,
        ("p1", "first_deal"): 4,
        ("p1", "second_deal_alone"): 1,
        ("p2", "joint_target_list"): 1,
    }
    # A play of ours ran on A1: that deal had our help.
    assert rows.filter(pl.col("line") == "second_deal_alone")["row_id"].to_list() == ["d4"]
