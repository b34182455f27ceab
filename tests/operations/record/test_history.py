"""What deciding may know of the ledger: the lot of a month stands from the first decision on, and holds back later months."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from nextplay.decisions.proposal import Lot
from nextplay.ledger import actions, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.record.close_outcomes import RESULTS
from nextplay.operations.record.history import decided_on, history_of, past_of
from tests.ledger.conftest import NOW, make_cycle, make_decision, make_lot

DAY = date(2026, 3, 10)
LOT = Lot("p9", "first_selling_play", "held_back", 0.1, date(2026, 3, 8), date(2026, 4, 22), {})
NOTHING = pl.DataFrame(schema=RESULTS)


def _record(**more: Any) -> DecisionRecord:
    """What the test is not about is empty."""
    usual: dict[str, Any] = {
        "decision_id": "d1",
        "cycle": "2026-03",
        "as_of": date(2026, 3, 8),
        "partner_id": "p1",
        "verdict": "invest",
        "play": "first_selling_play",
        "step": "Session",
        "owner": "ana@x",
        "hours": 6.0,
        "due": date(2026, 3, 12),
        "outcome_name": "A deal",
        "predicate": {},
        "outcome_by": date(2026, 4, 22),
        "probability": 0.3,
        "probability_without": 0.1,
        "expected_gain": 1000.0,
        "why": "because",
        "evidence": [],
        "alternatives": [],
        "exploration": False,
        "propensity": 1.0,
        "facts_version": "1",
        "program_version": "1",
        "seed": 0,
        "status": "committed",
        "status_reason": "",
        "snoozed_until": None,
        "origin": "method",
        "proposed_at": datetime(2026, 3, 8, tzinfo=UTC),
        "decided_by": "ana@x",
        "decided_at": datetime(2026, 3, 9, tzinfo=UTC),
        "result": "open",
        "result_at": None,
        "result_rows": [],
        "revision": 2,
    }
    nothing: dict[str, Any] = dict.fromkeys(one.name for one in fields(DecisionRecord))
    return DecisionRecord(**nothing | usual | more)


@pytest.mark.parametrize("status", ["committed", "declined", "snoozed", "proposed"])
def test_the_lot_of_a_month_that_stands_holds_whatever_became_of_the_decision(status: str) -> None:
    told = history_of([_record(status=status)], [("2026-03", LOT)], NOTHING, cycle="2026-03", as_of=DAY, lot_stands=True)
    assert told.lots == (LOT,)
    assert "p9" in told.placed
    assert told.digest != replace(told, lots=None).digest


def test_a_month_nobody_touched_is_drawn_anew() -> None:
    untouched = _record(status="proposed", revision=1)
    told = history_of([untouched], [("2026-03", LOT)], NOTHING, cycle="2026-03", as_of=DAY, lot_stands=False)
    assert told.lots is None
    assert told.placed == []


@pytest.mark.django_db
@pytest.mark.parametrize("decide", ["commit", "decline", "snooze"])
def test_a_lot_stands_over_every_later_run_also_where_the_only_decision_was_taken_back(decide: str) -> None:
    by: dict[str, Any] = {"actor": "ana@x", "now": NOW}
    actions.record_cycle(make_cycle(make_decision("d1")), **by)
    match decide:
        case "commit":
            actions.commit_decision("d1", revision=1, **by)
        case "decline":
            actions.decline_decision("d1", revision=1, reason="no time", **by)
        case _:
            actions.snooze_decision("d1", revision=1, until=date(2026, 12, 1), **by)
    actions.undo_decision("d1", revision=2, **by)
    # With other facts every proposal bears another name: nothing is left of the row that was decided on.
    for later, partner_id in (("e1", "p7"), ("f1", "p8")):
        other = replace(make_cycle(make_decision(later)), lots=(make_lot(partner_id),))
        actions.record_cycle(other, **by)
        assert list(queries.statuses("2026-11")) == [later]
        assert past_of(date(2026, 11, 20), NOTHING).lots == (make_lot("p9"),)
        assert queries.lots() == [("2026-11", make_lot("p9"))]


@pytest.mark.django_db
def test_a_proposal_that_only_changed_its_owner_lets_the_lot_be_drawn_anew() -> None:
    by: dict[str, Any] = {"actor": "ana@x", "now": NOW}
    actions.record_cycle(make_cycle(make_decision("d1")), **by)
    actions.reassign_decision("d1", revision=1, owner="ben@x", **by)
    assert past_of(date(2026, 11, 20), NOTHING).lots is None
    actions.record_cycle(replace(make_cycle(make_decision("e1")), lots=(make_lot("p8"),)), **by)
    assert queries.lots() == [("2026-11", make_lot("p8"))]


def test_what_a_person_decided_on_its_own_draws_no_lot() -> None:
    told = history_of([_record(origin="person")], [], NOTHING, cycle="2026-03", as_of=DAY, lot_stands=False)
    assert told.lots is None
    assert told.placed == ["p1"]


def test_who_was_held_back_last_month_is_barred_till_the_window_is_over_and_no_day_longer() -> None:
    held = [("2026-03", LOT), ("2026-03", replace(LOT, partner_id="p8", arm="offered"))]
    assert history_of([], held, NOTHING, cycle="2026-04", as_of=LOT.until, lot_stands=False).barred == (LOT,)
    assert history_of([], held, NOTHING, cycle="2026-04", as_of=date(2026, 4, 23), lot_stands=False).barred == ()


@pytest.mark.parametrize(("until", "left_alone"), [(date(2026, 5, 3), ["p1"]), (date(2026, 5, 2), [])])
def test_who_is_left_alone_today_is_so_on_a_list_of_older_facts_until_the_day_has_come(
    until: date, left_alone: list[str]
) -> None:
    today = date(2026, 5, 2)
    put_off = _record(status="snoozed", origin="person", cycle="2026-05", as_of=date(2026, 5, 1), play="", snoozed_until=until)
    told = history_of([put_off], [], NOTHING, cycle="2026-03", as_of=DAY, lot_stands=False, today=today)
    assert told.left_alone(DAY)["partner_id"].to_list() == left_alone
    # A list of a past month that somebody asks for knows nothing of it.
    assert history_of([put_off], [], NOTHING, cycle="2026-03", as_of=DAY, lot_stands=False).past.is_empty()


def test_a_play_committed_beside_the_list_runs_on_a_list_of_older_facts_until_its_window_is_over() -> None:
    by_hand = _record(origin="person", cycle="2026-05", as_of=date(2026, 5, 1), outcome_by=date(2026, 6, 15))

    def on(today: date | None) -> list[str]:
        told = history_of([by_hand], [], NOTHING, cycle="2026-03", as_of=DAY, lot_stands=False, today=today)
        return told.running(DAY)["partner_id"].to_list()

    assert on(date(2026, 5, 2)) == on(date(2026, 6, 15)) == ["p1"]
    assert on(date(2026, 6, 16)) == on(None) == []


@pytest.mark.parametrize(
    ("decided", "proposed", "day"),
    [
        # Live: the month was proposed on its day, and decided on two days later.
        (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC), date(2026, 3, 10)),
        # A past month that is decided on today counts as decided on its own day.
        (datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC), date(2026, 3, 8)),
        # Proposed anew after it was decided.
        (datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC), date(2026, 3, 8)),
    ],
)
def test_the_day_somebody_decided_is_counted_from_the_day_of_the_proposal(
    decided: datetime, proposed: datetime, day: date
) -> None:
    assert decided_on(_record(decided_at=decided, proposed_at=proposed)) == day
    # A newer run moves the month, not the day on which a decision was first proposed.
    again = _record(decided_at=decided, proposed_at=datetime(2026, 12, 1, tzinfo=UTC), first_proposed_at=proposed)
    assert decided_on(again) == day
