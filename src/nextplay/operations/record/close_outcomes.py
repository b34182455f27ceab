"""Closes committed decisions from the facts: nobody ticks a box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from nextplay.facts.scope import Reach
from nextplay.learning.outcome import judged
from nextplay.ledger import actions, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation, Standing
from nextplay.operations.program_day import days_of
from nextplay.operations.record.own_outcome import judged_by_its_own
from nextplay.signals.asked import ASKED
from nextplay.signals.compute import Reader
from nextplay.signals.progress import READ_FROM, last_by_table, progress
from nextplay.values import figures
from nextplay.values.period import utc_day

ACTOR = "nextplay"
# A window that is over this long is closed by the clock: facts are imported once a month in the slowest of programs.
GRACE_DAYS = 30
# Rows kept as evidence of an outcome; more of them say no more.
MOST_ROWS = 50
RESULTS: dict[str, pl.DataType] = {
    "decision_id": pl.String(),
    "result": pl.String(),
    "result_on": pl.Date(),
    "ripe": pl.Boolean(),
}


@dataclass(frozen=True)
class OutcomesReport:
    """What the facts say of committed decisions. `corrected`: closed before, and a late import says otherwise."""

    met: int = 0
    missed: int = 0
    corrected: int = 0
    still_open: int = 0
    facts_until: date | None = None

    def as_json(self) -> dict[str, int | str | None]:
        """Plain values."""
        until = self.facts_until.isoformat() if self.facts_until else None
        return {
            "met": self.met,
            "missed": self.missed,
            "corrected": self.corrected,
            "still_open": self.still_open,
            "facts_until": until,
        }


def close_outcomes(installation: Installation, *, now: datetime, actor: str = ACTOR) -> OutcomesReport:
    """Judge every committed decision and write what changed, once, with its rows and a line in the journal."""
    committed = queries.decisions(status="committed")
    until = installation.span.last_happened
    if not committed:
        return OutcomesReport(facts_until=until)
    found = _judged(installation.warehouse, installation.standing, committed, days_of(installation, now))
    by_id = {row["decision_id"]: row for row in found.iter_rows(named=True)}
    moved = [record for record in committed if _moved(record, by_id[record.decision_id])]
    written = [record for record in moved if _closed(record, by_id[record.decision_id], actor, now)]
    changed = [record for record in written if by_id[record.decision_id]["result"] != record.result]
    fresh = [by_id[record.decision_id]["result"] for record in changed if record.result == "open"]
    return OutcomesReport(
        met=fresh.count("met"),
        missed=fresh.count("missed"),
        corrected=len(changed) - len(fresh),
        still_open=found.filter(pl.col("result") == "open").height,
        facts_until=until,
    )


def _moved(record: DecisionRecord, row: dict[str, Any]) -> bool:
    """Whether the facts say something else, or what it rested on is no longer among them."""
    return bool(row["result"] != record.result or set(record.result_rows) - set(row["rows"]))


def _closed(record: DecisionRecord, row: dict[str, Any], actor: str, now: datetime) -> bool:
    """Whether it was written: not where somebody moved the decision meanwhile, which the next round judges anew."""
    try:
        actions.close_decision(
            record.decision_id,
            result=row["result"],
            rows=row["rows"][:MOST_ROWS],
            note=_note(record, row),
            actor=actor,
            at=now,
            revision=record.revision,
        )
    except actions.AlreadyDecided:
        return False
    return True


def outcomes_on(installation: Installation, day: date) -> pl.DataFrame:
    """What the facts known at the end of a day say of decisions made before it: decision_id, result, result_on, ripe.

    The ledger holds what is known today; a past day that is decided again must not see it.
    """
    committed = [one for one in queries.decisions(status="committed") if one.as_of < day]
    if not committed:
        return pl.DataFrame(schema=RESULTS)
    told = judged_on(installation, asked_of(committed), day).select(*RESULTS)
    # What was judged by something else than its play's outcome never counts for the play.
    others = [one.decision_id for one in committed if not judged_by_its_own(one, installation.program)]
    return told.with_columns(ripe=pl.col("ripe") & ~pl.col("decision_id").is_in(others)) if others else told


def outcomes_told() -> pl.DataFrame:
    """The same as the ledger holds it today: enough for a page, which never looks back."""
    rows = [
        (one.decision_id, one.result, min(utc_day(one.result_at), one.outcome_by), False)
        for one in queries.decisions(status="committed")
        if one.result_at
    ]
    return pl.DataFrame(rows, schema=RESULTS, orient="row")


def outcomes_moving(reader: Reader, standing: Standing, days: tuple[date, date]) -> list[tuple[DecisionRecord, str]]:
    """Committed decisions that these facts judge otherwise than the ledger holds, with what they would be. Writes nothing."""
    committed = queries.decisions(status="committed")
    if not committed:
        return []
    found = dict(_judged(reader, standing, committed, days).select("decision_id", "result").iter_rows())
    return [(one, found[one.decision_id]) for one in committed if found[one.decision_id] != one.result]


def _judged(reader: Reader, standing: Standing, committed: Sequence[DecisionRecord], days: tuple[date, date]) -> pl.DataFrame:
    """decision_id, rows, result, result_on, ripe, and whether the clock alone closed it (by_clock), of each.

    A window that is long over is missed although nobody imports: it stays open to a late import, which then says so. A decision
    on old facts may be committed when its window is over already: the clock gives it as long from that day.
    """
    day, known = days
    found = _judged_by(reader, standing, asked_of(committed), known, over_on=day)
    long_ago = [one.decision_id for one in committed if _waits_until(one) < day - timedelta(days=GRACE_DAYS)]
    long_over = (pl.col("result") == "open") & pl.col("decision_id").is_in(long_ago)
    result = pl.when(long_over).then(pl.lit("missed")).otherwise(pl.col("result"))
    return found.with_columns(by_clock=long_over).with_columns(result=result)


def _waits_until(record: DecisionRecord) -> date:
    """Last day of its window, counted from the day it was proposed for or, if later, from the day somebody committed to it."""
    if record.decided_at is None:
        return record.outcome_by
    return max(record.outcome_by, utc_day(record.decided_at) + (record.outcome_by - record.counts_after))


def _note(record: DecisionRecord, row: dict[str, Any]) -> str:
    """Why it closed as it did, in a sentence."""
    by = figures.day(record.outcome_by)
    if row["result"] == "met":
        early = f", before the window ends on {by}" if row["result_on"] < record.outcome_by else ""
        return f"Reached on {figures.day(row['result_on'])}{early}."
    if row["result"] == "missed" and row["by_clock"]:
        since = f"since {figures.day(row['facts_until'])}" if row["facts_until"] else "yet"
        return f"The window ended on {by}, and no facts came in {since}. A late import can change this."
    if row["result"] == "missed":
        return f"The window ended on {by}, and the facts reach past it."
    return f"Open again: what counted is no longer in the facts, and the window ends on {by}."


def judged_on(installation: Installation, asked: pl.DataFrame, day: date, *, over_on: date | None = None) -> pl.DataFrame:
    """What the facts known at the end of a day say of each (`signals.asked.ASKED`); adds to `learning.outcome.judged` its rows.

    `over_on`: the day before which windows are over, where that is another one.
    Whether a window was seen to its end is told by the table its event is read from, of what was known on that day.
    """
    return _judged_by(installation.warehouse, installation.standing, asked, day, over_on=over_on)


def _judged_by(
    reader: Reader, standing: Standing, asked: pl.DataFrame, day: date, *, over_on: date | None = None
) -> pl.DataFrame:
    facts = standing.facts(day, Reach())
    known = last_by_table(reader, facts) if facts.scope.past else dict(standing.span.by_table)
    until = pl.col("event").replace_strict(
        {event: known.get(table) for event, table in READ_FROM.items()}, default=None, return_dtype=pl.Date()
    )
    waiting = asked.select("decision_id", "by", facts_until=until)
    return judged(waiting.join(progress(reader, facts, asked), on="decision_id"), over_on or day)


def asked_of(records: Sequence[DecisionRecord]) -> pl.DataFrame:
    """What each decision waits for, as `signals.progress` reads it."""
    rows = [
        {
            "decision_id": record.decision_id,
            "partner_id": record.partner_id,
            "after": record.counts_after,
            "by": record.outcome_by,
            "event": record.predicate["event"],
            "wanted": [*record.predicate.get("kinds", ()), *record.predicate.get("stages", ())],
            "at_least": float(record.predicate["at_least"]),
        }
        for record in records
    ]
    return pl.DataFrame(rows, schema=ASKED, orient="row")
