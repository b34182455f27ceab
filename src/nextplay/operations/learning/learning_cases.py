"""Cases to learn from: decisions of the ledger, and both sides of its lots, each with what the facts say became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from nextplay.decisions.proposal import Lot
from nextplay.facts.scope import Reach
from nextplay.learning.cases import BY_LOT, CASES, no_cases
from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.program_day import days_of
from nextplay.operations.record.close_outcomes import asked_of, judged_on
from nextplay.operations.record.own_outcome import judged_by_its_own
from nextplay.operations.viewer import Viewer, reach_of
from nextplay.signals.asked import ASKED
from nextplay.signals.progress import progress
from nextplay.values.period import utc_day

# Verdicts under which a play runs.
PLAYED = ("invest", "change_approach")
# Verdicts of a person under which none does.
BESIDE = {"stop": "stopped", "wait": "put_off"}


def cases_of(installation: Installation, viewer: Viewer, *, now: datetime) -> pl.DataFrame:
    """Every case (`learning.cases.CASES`) of partners within the viewer's reach.

    Both sides of a lot are judged by what the lot wrote down when it was drawn, whatever the program says now.
    """
    records, drawn = queries.decisions(), [(cycle, lot) for cycle, lot in queries.lots() if lot.arm in BY_LOT]
    made = {(record.cycle, record.partner_id, record.play): record for record in records}
    given = _given(records)
    lots = [
        _lot(cycle, lot, _crossed(lot, given) if lot.arm == "held_back" else made.get((cycle, lot.partner_id, lot.play)))
        for cycle, lot in drawn
    ]
    rows = [*(_decided(one, own_outcome=judged_by_its_own(one, installation.program)) for one in records), *lots]
    if not rows:
        return no_cases()
    cases = pl.DataFrame(rows, schema={name: CASES[name] for name in rows[0]}, orient="row")
    asked = pl.concat([asked_of(records), _asked(drawn)])
    told = _told(installation, asked, now)
    cases = cases.join(told, left_on="case_id", right_on="decision_id", how="left").select(*CASES)
    return _within(installation, viewer, cases, now=now).sort("case_id")


def _given(records: Sequence[DecisionRecord]) -> dict[tuple[str, str], list[DecisionRecord]]:
    """Plays that were run, by partner and play."""
    given: dict[tuple[str, str], list[DecisionRecord]] = {}
    for record in records:
        if record.status == "committed":
            given.setdefault((record.partner_id, record.play), []).append(record)
    return given


def _crossed(lot: Lot, given: dict[tuple[str, str], list[DecisionRecord]]) -> DecisionRecord | None:
    """The decision by which who was held back got the play before its time; it stays on the side that the lot put it on."""
    runs = given.get((lot.partner_id, lot.play), ())
    return next((one for one in runs if lot.as_of <= one.as_of <= lot.until), None)


def _decided(record: DecisionRecord, *, own_outcome: bool) -> dict[str, Any]:
    lot = "offered" if record.propensity < 1 else "chosen"
    return {
        "case_id": record.decision_id,
        "kind": "decision",
        "cycle": record.cycle,
        "as_of": record.as_of,
        "partner_id": record.partner_id,
        "play": record.play,
        "arm": "explored" if record.exploration else lot,
        "propensity": record.propensity,
        "status": _status(record),
        "reason": record.status_reason,
        "owner": record.owner,
        "hours": record.hours,
        "own_outcome": own_outcome,
        **_said(record),
    }


def _status(record: DecisionRecord) -> str:
    """What became of the proposal; `replaced` where its partner got another play, `let_go` of what a person decided.

    `stopped` and `put_off` are what a person decided beside the list: no proposal was turned down.
    """
    if not record.play:
        return BESIDE[record.verdict]
    if record.status == "declined" and record.origin == "person":
        return "let_go"
    return "replaced" if record.status == "declined" and record.chosen in PLAYED else record.status


def _said(record: DecisionRecord | None) -> dict[str, float | None]:
    """What the method said. Beside a decision that a person took it said nothing: what stands there is what is usual."""
    if record is None or record.origin == "person":
        return {"probability": None, "without": None}
    return {"probability": record.probability, "without": record.probability_without}


def _lot(cycle: str, lot: Lot, made: DecisionRecord | None) -> dict[str, Any]:
    """A side of a lot; `made`: the decision on the same play, where one was offered and stands, or was taken all the same."""
    return {
        "case_id": _case_id(cycle, lot),
        "kind": "lot",
        "cycle": cycle,
        "as_of": lot.as_of,
        "partner_id": lot.partner_id,
        "play": lot.play,
        "arm": lot.arm,
        "propensity": lot.propensity,
        "status": made.status if made else "",
        "reason": made.status_reason if made else "",
        "owner": made.owner if made else "",
        "hours": made.hours if made else 0.0,
        "own_outcome": True,
        **_said(made),
    }


def _case_id(cycle: str, lot: Lot) -> str:
    return f"{lot.arm}|{cycle}|{lot.partner_id}|{lot.play}"


def _asked(drawn: Sequence[tuple[str, Lot]]) -> pl.DataFrame:
    """What both sides of the lots are judged by: the predicate as it stood, in the window from the day of the lot."""
    rows = [
        {
            "decision_id": _case_id(cycle, lot),
            "partner_id": lot.partner_id,
            "after": lot.as_of,
            "by": lot.until,
            "event": lot.predicate["event"],
            "wanted": [*lot.predicate.get("kinds", ()), *lot.predicate.get("stages", ())],
            "at_least": float(lot.predicate["at_least"]),
        }
        for cycle, lot in drawn
    ]
    return pl.DataFrame(rows, schema=ASKED, orient="row")


def _told(installation: Installation, asked: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """decision_id, result, ripe, outcome_by, and what had happened in the same time before."""
    over_on, day = days_of(installation, now)
    facts = installation.facts(day, Reach())
    result = judged_on(installation, asked, day, over_on=over_on)
    earlier = asked.with_columns(by=pl.col("after"), after=pl.col("after") - (pl.col("by") - pl.col("after")))
    before = progress(installation.warehouse, facts, earlier).select("decision_id", before="counted")
    told = result.select("decision_id", "result", "ripe", outcome_by="by")
    return told.join(before, on="decision_id", how="left")


def _within(installation: Installation, viewer: Viewer, cases: pl.DataFrame, *, now: datetime) -> pl.DataFrame:
    reach = reach_of(viewer, installation.program)
    if reach == Reach():
        return cases
    partners = installation.facts(installation.reference_day(utc_day(now)), reach).partners
    seen = installation.warehouse.read(partners.select("partner_id"))
    mine = cases.join(seen, on="partner_id", how="semi")
    return pl.concat([mine, cases.filter(pl.col("owner").str.to_lowercase() == viewer.email.lower())]).unique("case_id")
