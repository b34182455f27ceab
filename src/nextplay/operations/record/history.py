"""From the ledger's records to what deciding may know of them on a day: no result that was not in the facts by then."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

import polars as pl

from nextplay.decisions.history import PAST, History
from nextplay.decisions.proposal import Alternative, Decision, Evidence, Lot, OutcomePredicate, Verdict
from nextplay.learning.record import track_record
from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord
from nextplay.values.period import Month, utc_day


def past_of(
    day: date, outcomes: pl.DataFrame, *, looking_back: bool = False, without: str = "", today: date | None = None
) -> History:
    """What deciding may know of the ledger on a day, with outcomes as the facts of that day show them.

    `looking_back`: what somebody decided after that day was a mere proposal on it. `without`: a decision to leave out.
    `today`: of the list in use, as `history_of` takes it.
    """
    month = str(Month.of(day))
    records = [record for record in queries.decided() if record.decision_id != without]
    stands = queries.lot_stands(month)
    if looking_back:
        records = [record for record in records if decided_on(record) <= day]
        stands = any(record.cycle == month and record.origin == "method" for record in records)
    lots = queries.lots_in_force(month, day)
    return history_of(records, lots, outcomes, cycle=month, as_of=day, lot_stands=stands, today=today)


def history_of(
    records: Sequence[DecisionRecord],
    lots: Sequence[tuple[str, Lot]],
    outcomes: pl.DataFrame,
    *,
    cycle: str,
    as_of: date,
    lot_stands: bool,
    today: date | None = None,
) -> History:
    """What people decided on proposals of this day or earlier ones; mere proposals are nobody's decision.

    What is committed in the very month stands whichever of its days it was proposed for: its hours are given.

    `lots` with their months, as `ledger.queries.lots_in_force` reads them; `lot_stands`: that of the month is not drawn again.
    `outcomes` as `close_outcomes.outcomes_on` reads them for the day: a decision that is not among them is open. `today`: facts
    may end long before it, and who is left alone or has a play under way today is so on the list in use too, whatever day that
    one is of.
    """
    decided = [record for record in records if record.status != "proposed"]
    past = past_frame([record for record in decided if record.as_of <= as_of or _in_force(record, today)], outcomes)
    standing = tuple(decision_of(record) for record in decided if record.status == "committed" and record.cycle == cycle)
    return History(
        past=past,
        record=track_record(past),
        committed=standing,
        lots=tuple(lot for month, lot in lots if month == cycle) if lot_stands else None,
        barred=tuple(lot for month, lot in lots if month < cycle and lot.arm == "held_back" and lot.until >= as_of),
    )


def past_frame(records: Sequence[DecisionRecord], outcomes: pl.DataFrame) -> pl.DataFrame:
    """A row a decision (`decisions.history.PAST`), with results as they stood on the day."""
    results = {row["decision_id"]: row for row in outcomes.iter_rows(named=True)}
    rows = [_row(record) | results.get(record.decision_id, {}) for record in sorted(records, key=lambda one: one.decision_id)]
    return pl.DataFrame(rows, schema=dict(PAST), orient="row")


def _row(record: DecisionRecord) -> dict[str, object]:
    return {
        "decision_id": record.decision_id,
        "cycle": record.cycle,
        "as_of": record.as_of,
        "partner_id": record.partner_id,
        "play": record.play,
        "step": record.step,
        "owner": record.owner,
        "hours": record.hours,
        "due": record.due,
        "outcome_by": record.outcome_by,
        "probability": record.probability,
        "status": record.status,
        "decided_on": decided_on(record) if record.decided_at else None,
        "snoozed_until": _left_alone_until(record),
        "result": "open",
        "result_on": None,
        "ripe": False,
    }


def _in_force(record: DecisionRecord, today: date | None) -> bool:
    """Whether somebody committed to it, or put the partner off, and that still holds today."""
    if today is None or record.as_of > today:
        return False
    until = _left_alone_until(record)
    return record.outcome_by >= today if record.status == "committed" else until is not None and today < until


def _left_alone_until(record: DecisionRecord) -> date | None:
    """The day that it was put off to; a partner that was stopped gets no play before the month is over."""
    if record.chosen == "stop":
        return Month.parse(record.cycle).next.first
    return record.snoozed_until


def decided_on(record: DecisionRecord) -> date:
    """Day that somebody decided, counted from the day it was proposed for: a past month may have been proposed today."""
    proposed_at = record.first_proposed_at or record.proposed_at
    waited = utc_day(record.decided_at) - utc_day(proposed_at) if record.decided_at else timedelta(0)
    return record.as_of + max(waited, timedelta(0))


def decision_of(record: DecisionRecord) -> Decision:
    """The decision as it was proposed, with the owner it has now."""
    return Decision(
        decision_id=record.decision_id,
        partner_id=record.partner_id,
        verdict=cast(Verdict, record.verdict),
        play=record.play,
        step=record.step,
        owner=record.owner,
        hours=record.hours,
        due=record.due,
        outcome=OutcomePredicate(record.outcome_name, record.predicate, record.outcome_by),
        probability=record.probability,
        probability_without=record.probability_without,
        expected_gain=record.expected_gain,
        why=record.why,
        evidence=tuple(Evidence(**shown) for shown in record.evidence),
        alternatives=tuple(Alternative(**other) for other in record.alternatives),
        exploration=record.exploration,
        propensity=record.propensity,
    )
