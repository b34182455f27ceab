"""Outcome predicates read from the facts, on both engines."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.signals.asked import ASKED
from nextplay.signals.progress import progress
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.engine

AFTER, BY = date(2026, 3, 31), date(2026, 4, 30)


@pytest.fixture(autouse=True)
def _partners(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))


def _read(
    warehouse: Warehouse, event: str, *wanted: str, at_least: float = 1, as_of: date = date(2026, 6, 1)
) -> dict[str, Any]:
    asked = [{"decision_id": f"d-{one}", "partner_id": one, "after": AFTER, "by": BY, "event": event} for one in ("p1", "p2")]
    frame = pl.DataFrame([{**one, "wanted": list(wanted), "at_least": at_least} for one in asked], schema=ASKED, orient="row")
    answer = progress(warehouse, ScopedFacts(Scope(as_of, past=True), Reporting("USD")), frame)
    assert answer["decision_id"].to_list() == ["d-p1", "d-p2"]
    return answer.row(0, named=True)


def test_activities_of_the_wanted_kinds_count_within_the_window_only(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "activities",
        activity("p1", "referral_submitted", datetime(2026, 3, 31, 23, 59), activity_id="early"),
        activity("p1", "referral_submitted", datetime(2026, 4, 1), activity_id="first"),
        activity("p1", "deal_registered", datetime(2026, 4, 30, 23, 59), activity_id="last"),
        activity("p1", "deal_registered", datetime(2026, 5, 1), activity_id="late"),
        activity("p1", "portal_login", datetime(2026, 4, 5), activity_id="login"),
        activity("p2", "deal_registered", datetime(2026, 4, 5), activity_id="other"),
    )
    row = _read(warehouse, "activity", "referral_submitted", "deal_registered", at_least=2)
    assert (row["rows"], row["reached_on"]) == (["first", "last"], date(2026, 4, 30))


def test_what_we_do_in_a_play_is_no_outcome_of_it_and_what_the_partner_does_is(warehouse: Warehouse) -> None:
    ours = activity("p1", "meeting_held", datetime(2026, 4, 5), play="first_selling_play", activity_id="ours")
    own = activity("p1", "meeting_held", datetime(2026, 4, 6), activity_id="own")
    answer = activity("p1", "co_sell_requested", datetime(2026, 4, 7), play="first_selling_play", activity_id="answer")
    load(warehouse, "activities", ours, own, answer)
    assert _read(warehouse, "activity", "meeting_held", "co_sell_requested", at_least=3)["rows"] == ["own", "answer"]


def test_what_is_entered_here_while_a_play_runs_is_no_outcome_of_any(warehouse: Warehouse) -> None:
    at = datetime(2026, 4, 5)
    entered = activity("p1", "outreach_sent", at, play="first_selling_play", activity_id="nextplay:1")
    brought = activity("p1", "outreach_sent", at, activity_id="crm-1")
    load(warehouse, "activities", entered, brought)
    assert _read(warehouse, "activity", "outreach_sent")["rows"] == ["crm-1"]


def test_one_too_few_is_not_enough_but_is_shown(warehouse: Warehouse) -> None:
    load(warehouse, "deals", deal("d1", "p1", datetime(2026, 4, 9)))
    row = _read(warehouse, "deal_opened", at_least=2)
    assert (row["counted"], row["rows"], row["reached_on"]) == (1.0, ["d1"], None)


def test_an_influenced_deal_is_none_the_partner_brought(warehouse: Warehouse) -> None:
    load(warehouse, "deals", deal("d1", "p1", datetime(2026, 4, 9), sourced_by="influenced"))
    assert _read(warehouse, "deal_opened")["rows"] == []


def test_a_row_learned_after_the_day_is_not_known_on_it(warehouse: Warehouse) -> None:
    load(warehouse, "deals", deal("d1", "p1", datetime(2026, 4, 9), observed_at=datetime(2026, 5, 20)))
    assert _read(warehouse, "deal_opened", as_of=date(2026, 5, 10))["rows"] == []
    assert _read(warehouse, "deal_opened", as_of=date(2026, 5, 20))["rows"] == ["d1"]


def test_a_deal_counts_once_for_the_stages_it_passed(warehouse: Warehouse) -> None:
    opened = datetime(2026, 1, 5)
    load(warehouse, "deals", deal("d1", "p1", opened, stage="won", stage_changed_at=datetime(2026, 4, 20)))
    change = {
        "change_id": "c1",
        "entity": "deal",
        "entity_id": "d1",
        "field": "stage",
        "old": "qualification",
        "new": "proposal",
    }
    load(warehouse, "changes", {**change, "changed_at": datetime(2026, 4, 8), "observed_at": datetime(2026, 4, 8)})
    row = _read(warehouse, "deal_stage_reached", "proposal", "won")
    assert (row["counted"], row["rows"], row["reached_on"]) == (1.0, ["d1"], date(2026, 4, 8))


def test_a_stage_reached_before_the_decision_is_no_progress(warehouse: Warehouse) -> None:
    load(warehouse, "deals", deal("d1", "p1", datetime(2026, 1, 5), stage="proposal", stage_changed_at=datetime(2026, 3, 1)))
    assert _read(warehouse, "deal_stage_reached", "proposal")["rows"] == []


def test_a_deal_is_won_when_it_closes_and_a_lost_one_is_not(warehouse: Warehouse) -> None:
    opened, closed = datetime(2026, 1, 5), datetime(2026, 4, 12)
    load(
        warehouse,
        "deals",
        deal("won", "p1", opened, stage="won", closed_at=closed),
        deal("lost", "p1", opened, stage="lost", closed_at=closed),
    )
    assert _read(warehouse, "deal_won")["rows"] == ["won"]


def test_revenue_is_summed_in_money_and_credits_take_away(warehouse: Warehouse) -> None:
    rows = [
        {"revenue_id": key, "partner_id": "p1", "amount": amount, "currency": "USD", "recognized_at": at, "observed_at": at}
        for key, amount, at in (
            ("r1", 800, datetime(2026, 4, 2)),
            ("r2", -300, datetime(2026, 4, 3)),
            ("r3", 600, datetime(2026, 4, 9)),
        )
    ]
    load(warehouse, "revenue", *rows)
    row = _read(warehouse, "revenue", at_least=1000)
    assert (row["counted"], row["reached_on"]) == (1100.0, date(2026, 4, 9))
