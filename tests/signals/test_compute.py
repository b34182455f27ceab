"""Signals of a partner, on both engines."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from nextplay.facts.contract import VANITY_KINDS
from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.program.definition import Program
from nextplay.signals.compute import compute, compute_selling
from nextplay.signals.expressions import kinds_told
from nextplay.signals.names import FROM_FACTS
from tests.stories import activity, days_before, deal, load, partner

pytestmark = pytest.mark.engine

DAY = datetime(2026, 6, 30, 12)
DOLLARS = Reporting("USD")


def _read(warehouse: Warehouse, program: Program, *, past: bool = True) -> pl.DataFrame:
    return compute(warehouse, ScopedFacts(Scope(DAY.date(), past=past), DOLLARS), program)


def _one(warehouse: Warehouse, program: Program, partner_id: str = "p1", **more: Any) -> dict[str, Any]:
    return _read(warehouse, program, **more).filter(pl.col("partner_id") == partner_id).row(0, named=True)


def test_there_is_a_row_for_every_partner_in_order_and_a_column_for_every_signal(
    warehouse: Warehouse, program: Program
) -> None:
    load(warehouse, "partners", partner("p2"), partner("p1"), partner("p10"))
    frame = _read(warehouse, program)
    assert frame["partner_id"].to_list() == ["p1", "p10", "p2"]
    assert frame.columns == ["partner_id", *(signal.name for signal in FROM_FACTS)]


def test_a_partner_of_whom_nothing_is_known_counts_zero_and_measures_nothing(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    row = _one(warehouse, program)
    assert (row["selling_90"], row["open_value"], row["days_in_program"]) == (0, 0.0, 0)
    assert (row["days_since_selling"], row["silence"], row["response_days"], row["win_rate_365"]) == (None, None, None, None)


def test_windows_end_on_the_day_and_hold_whole_days(warehouse: Warehouse, program: Program) -> None:
    end = datetime(2026, 7, 1)
    load(warehouse, "partners", partner("p1"))
    load(
        warehouse,
        "activities",
        activity("p1", "outreach_sent", days_before(end, 30)),
        activity("p1", "outreach_sent", days_before(end, 30.001)),
        activity("p1", "outreach_sent", days_before(end, 180.5)),
    )
    row = _one(warehouse, program)
    assert (row["outreach_sent_30"], row["outreach_sent_90"], row["outreach_sent_180"]) == (1, 2, 2)


def test_sessions_of_our_own_plays_are_no_attention_that_came_to_nothing(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    load(
        warehouse,
        "activities",
        activity("p1", "meeting_held", days_before(DAY, 9), play="first_selling_play"),
        activity("p1", "meeting_held", days_before(DAY, 20)),
        activity("p1", "webinar_attended", days_before(DAY, 30)),
    )
    row = _one(warehouse, program)
    assert (row["attention_180"], row["meeting_held_180"]) == (2, 1)


def test_what_happened_or_was_learned_later_is_not_seen(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    load(
        warehouse,
        "activities",
        activity("p1", "deal_registered", days_before(DAY, -1)),
        activity("p1", "deal_registered", days_before(DAY, 9), observed_at=days_before(DAY, -5)),
    )
    assert _one(warehouse, program)["selling_90"] == 0


def test_a_deal_in_both_tables_is_one_selling_event(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "activities", activity("p1", "deal_registered", days_before(DAY, 5)))
    load(warehouse, "deals", deal("d1", "p1", days_before(DAY, 5)), deal("d2", "p1", days_before(DAY, 40)))
    row = _one(warehouse, program)
    assert (row["selling_30"], row["selling_90"], row["selling_days"], row["days_since_selling"]) == (1, 2, 2, 5)


def test_an_influenced_deal_is_no_selling_event_but_is_pipeline(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "deals", deal("d1", "p1", days_before(DAY, 5), sourced_by="influenced", amount=100, currency="USD"))
    row = _one(warehouse, program)
    assert (row["selling_90"], row["selling_days"], row["deals_open"], row["open_value"]) == (0, 0, 1, 100.0)


def test_logins_and_badges_are_no_selling_events(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    kinds = ("portal_login", "certification_earned", "training_completed", "webinar_attended")
    load(warehouse, "activities", *(activity("p1", kind, days_before(DAY, 3)) for kind in kinds))
    row = _one(warehouse, program)
    assert (row["badges_180"], row["selling_180"], row["will_180"]) == (4, 0, 0)


def test_work_that_a_play_asked_for_is_no_sign_of_what_the_partner_does_by_itself(
    warehouse: Warehouse, program: Program
) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    kinds = ("target_list_shared", "outreach_sent", "deal_registered", "commitment_met")
    moments = enumerate(kinds, start=2)
    rows = [(kind, days_before(DAY, day)) for day, kind in moments]
    load(warehouse, "activities", *(activity("p1", kind, at, play="first_selling_play") for kind, at in rows))
    load(warehouse, "activities", *(activity("p2", kind, at) for kind, at in rows))
    played, alone = _one(warehouse, program), _one(warehouse, program, "p2")
    counted = ("target_list_shared_90", "outreach_sent_90", "selling_90", "commitment_met_90")
    assert [played[name] for name in counted] == [0, 0, 1, 1]
    assert [alone[name] for name in counted] == [1, 1, 1, 1]


def test_an_unanswered_proposal_counts_with_the_days_it_waits(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    end = datetime(2026, 7, 1)
    load(
        warehouse,
        "activities",
        activity("p1", "step_proposed", days_before(end, 40)),
        activity("p1", "step_accepted", days_before(end, 38)),
        activity("p1", "step_proposed", days_before(end, 20)),
        activity("p2", "step_proposed", days_before(end, 40)),
        activity("p2", "step_accepted", days_before(end, 38)),
    )
    waits, answers = _one(warehouse, program), _one(warehouse, program, "p2")
    assert (waits["proposals_180"], waits["answered_180"]) == (2, 1)
    assert waits["response_days"] == pytest.approx((2 + 20 + 14) / 3)
    assert answers["response_days"] == pytest.approx((2 + 14) / 3)


def test_an_answer_belongs_to_its_own_partner_and_to_proposals_before_it(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    load(
        warehouse,
        "activities",
        activity("p1", "step_accepted", days_before(DAY, 50)),
        activity("p1", "step_proposed", days_before(DAY, 40)),
        activity("p2", "step_accepted", days_before(DAY, 30)),
    )
    assert _one(warehouse, program)["answered_180"] == 0


def test_own_rhythm_is_the_mean_gap_shrunk_by_two_months(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "deals", *(deal(f"d{days}", "p1", days_before(DAY, days)) for days in (100, 80, 60)))
    row = _one(warehouse, program)
    assert row["usual_gap_days"] == pytest.approx((40 + 60) / 4)
    assert row["silence"] == pytest.approx(60 / 25)


def test_a_deal_stalls_after_45_days_without_a_change(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    load(
        warehouse,
        "deals",
        deal("old", "p1", days_before(DAY, 90), amount=70, currency="USD"),
        deal("small", "p1", days_before(DAY, 90), amount=20, currency="USD"),
        deal("moved", "p1", days_before(DAY, 90), stage_changed_at=days_before(DAY, 10)),
        deal("won", "p1", days_before(DAY, 90), stage="won", closed_at=days_before(DAY, 60)),
    )
    row = _one(warehouse, program)
    assert (row["stalled_deals"], row["stalled_value"], row["stalled_largest"], row["deals_open"]) == (2, 90.0, 70.0, 3)


def test_people_are_counted_by_role_and_seen_by_what_they_did(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    people = {"c1": "lead_seller", "c2": "seller", "c3": "executive", "c4": None}
    load(
        warehouse,
        "contacts",
        *({"contact_id": key, "partner_id": "p1", "name": f"N{key}", "role": role} for key, role in people.items()),
    )
    load(
        warehouse,
        "activities",
        activity("p1", "meeting_held", days_before(DAY, 10), contact_id="c3"),
        activity("p1", "outreach_sent", days_before(DAY, 20), contact_id="c1"),
        activity("p1", "outreach_sent", days_before(DAY, 21), contact_id="c1"),
        activity("p1", "outreach_sent", days_before(DAY, 100), contact_id="c2"),
        *(activity("p1", kind, days_before(DAY, 5), contact_id=one) for kind in VANITY_KINDS for one in ("c2", "c3")),
    )
    row = _one(warehouse, program, past=False)
    assert (row["contacts"], row["sellers"], row["executives"], row["lead_seller"]) == (4, 2, 1, "Nc1")
    assert (row["sellers_active_60"], row["executive_seen_180"]) == (1, 1)


def test_kinds_that_feed_no_signal_are_counted_over_a_year_without_what_we_promised(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    told = {"review_received": 3, "portal_login": 1, "meeting_held": 2, "our_commitment_made": 1}
    rows = [activity("p1", kind, days_before(DAY, 5 + place)) for kind, number in told.items() for place in range(number)]
    load(warehouse, "activities", *rows, activity("p1", "review_received", days_before(DAY, 400)))
    facts = ScopedFacts(Scope(DAY.date(), past=True), DOLLARS)
    assert warehouse.read(kinds_told(facts)).row(0) == (7, 3)


def test_an_alias_of_a_stage_is_the_stage(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1", lifecycle_stage="certified"), partner("p2", lifecycle_stage="prospect"))
    frame = _read(warehouse, program)
    assert frame["lifecycle_stage"].to_list() == ["enabled", "prospect"]
    assert frame["workable"].to_list() == [1, 0]


def test_a_manager_is_one_person_however_the_address_is_written(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1", manager_email=" Ana@Program.example "), partner("p2", manager_email=""))
    assert _read(warehouse, program)["manager_email"].to_list() == ["ana@program.example", None]


def test_sizes_rest_on_deals_with_a_known_amount_above_zero(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"))
    amounts = {"d1": 100, "d2": 10_000, "d3": 0, "d4": None}
    load(
        warehouse,
        "deals",
        *(deal(key, "p1", days_before(DAY, 9), amount=amount, currency="USD") for key, amount in amounts.items()),
    )
    row = _one(warehouse, program)
    assert (row["sized_deals"], row["sized_value"]) == (2, 10_100.0)
    assert row["log_size"] == pytest.approx(6.9078, abs=1e-4)


def test_looking_only_at_selling_reads_the_same_numbers(warehouse: Warehouse, program: Program) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"), partner("p3"))
    load(
        warehouse,
        "activities",
        activity("p1", "deal_registered", days_before(DAY, 200)),
        activity("p1", "outreach_replied", days_before(DAY, 20)),
        activity("p2", "commitment_met", days_before(DAY, 10)),
        activity("p2", "commitment_missed", days_before(DAY, 100)),
    )
    load(
        warehouse,
        "deals",
        deal("d1", "p1", days_before(DAY, 40)),
        deal("d2", "p1", days_before(DAY, 120)),
        deal("d3", "p2", days_before(DAY, 5), sourced_by="influenced"),
    )
    facts = ScopedFacts(Scope(DAY.date(), past=True), DOLLARS)
    lean, whole = compute_selling(warehouse, facts), compute(warehouse, facts, program)
    shared = [name for name in whole.columns if name in lean.columns]
    assert {"selling_90", "selling_faded", "usual_gap_days", "momentum", "attention_180", "commitments_kept_270"} <= {*shared}
    assert lean.select(shared).equals(whole.select(shared))
    assert lean["selling_180"].sum() > 0


def test_kinds_counted_one_by_one_are_the_same(warehouse: Warehouse, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    load(
        warehouse,
        "activities",
        activity("p1", "outreach_sent", days_before(DAY, 20)),
        activity("p1", "meeting_held", days_before(DAY, 120)),
        activity("p2", "commitment_met", days_before(DAY, 200)),
    )
    together = _read(warehouse, program)
    monkeypatch.setattr("nextplay.signals.compute.MOST_COUNTED", 1)
    assert _read(warehouse, program).equals(together)
    assert together["days_since_activity"].to_list() == [20, 200]


def test_a_deal_qualifies_by_its_stage_or_by_a_recorded_change_and_one_lost_without_a_record_counts_for_nothing(
    warehouse: Warehouse, program: Program
) -> None:
    load(warehouse, "partners", partner("p1"))
    opened = days_before(DAY, 100)
    load(
        warehouse,
        "deals",
        deal("stands", "p1", opened, stage="proposal"),
        deal("not yet", "p1", opened, stage="prospecting"),
        deal("lost after", "p1", opened, stage="lost", closed_at=days_before(DAY, 10)),
        deal("lost unknown", "p1", opened, stage="lost", closed_at=days_before(DAY, 10)),
        deal("too young", "p1", days_before(DAY, 30), stage="proposal"),
        deal("too old", "p1", days_before(DAY, 400), stage="won", closed_at=days_before(DAY, 300)),
        deal("ours", "p1", opened, stage="proposal", sourced_by="influenced"),
    )
    moved = {"entity": "deal", "entity_id": "lost after", "field": "stage", "old": "qualification", "new": "lost"}
    load(warehouse, "changes", {"change_id": "c1", **moved, "changed_at": days_before(DAY, 10), "observed_at": opened})
    row = _one(warehouse, program, past=False)
    assert (row["ripe_deals_365"], row["qualified_deals_365"]) == (3, 2)
