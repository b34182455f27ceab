"""Cases to learn from: decisions of the ledger and partners held back by lot, each with what the facts say became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from nextplay.facts.scope import Reach
from nextplay.learning.cases import CASES, no_cases
from nextplay.learning.outcome import judged
from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.close_outcomes import asked_of
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer, reach_of
from nextplay.program.definition import Program
from nextplay.signals.asked import ASKED
from nextplay.signals.progress import progress
from nextplay.values.period import utc_day


@dataclass(frozen=True)
class _Held:
    """A partner held back, with the outcome its play would have been judged by."""

    cycle: str
    as_of: date
    partner_id: str
    play: str
    propensity: float

    @property
    def case_id(self) -> str:
        return f"held|{self.cycle}|{self.partner_id}|{self.play}"


def cases_of(installation: Installation, viewer: Viewer, *, now: datetime) -> pl.DataFrame:
    """Every case (`learning.cases.CASES`) of partners within the viewer's reach."""
    program = installation.program
    records = queries.decisions()
    held = [_Held(*row) for row in queries.ever_held_out()]
    # A play that the program no longer has can no longer be judged where it was not run.
    known = {play.name for play in program.plays}
    held = [one for one in held if one.play in known]
    rows = [*map(_decided, records), *map(_held_back, held)]
    if not rows:
        return no_cases()
    cases = pl.DataFrame(rows, schema={name: CASES[name] for name in rows[0]}, orient="row")
    asked = pl.concat([asked_of(records), _asked(held, program)])
    told = _told(installation, asked, utc_day(now))
    cases = cases.join(told, left_on="case_id", right_on="decision_id", how="left").select(*CASES)
    return _within(installation, viewer, cases, now=now).sort("case_id")


def _decided(record: DecisionRecord) -> dict[str, Any]:
    lot = "offered" if record.propensity < 1 else "chosen"
    return {
        "case_id": record.decision_id,
        "cycle": record.cycle,
        "as_of": record.as_of,
        "partner_id": record.partner_id,
        "play": record.play,
        "arm": "explored" if record.exploration else lot,
        "propensity": record.propensity,
        "status": record.status,
        "reason": record.status_reason,
        "owner": record.owner,
        "hours": record.hours,
        "probability": record.probability,
    }


def _held_back(one: _Held) -> dict[str, Any]:
    nothing = {"status": "", "reason": "", "owner": "", "hours": 0.0, "probability": None}
    return {
        "case_id": one.case_id,
        "cycle": one.cycle,
        "as_of": one.as_of,
        "partner_id": one.partner_id,
        "play": one.play,
        "arm": "held_back",
        "propensity": one.propensity,
        **nothing,
    }


def _asked(held: Sequence[_Held], program: Program) -> pl.DataFrame:
    """What those held back are judged by: the play's own predicate, from the day of the lot."""
    rows = []
    for one in held:
        predicate = program.play(one.play).outcome.predicate
        rows.append(
            {
                "decision_id": one.case_id,
                "partner_id": one.partner_id,
                "after": one.as_of,
                "by": one.as_of + timedelta(days=predicate.window_days),
                "event": predicate.event,
                "wanted": [*predicate.kinds, *predicate.stages],
                "at_least": float(predicate.at_least),
            }
        )
    return pl.DataFrame(rows, schema=ASKED, orient="row")


def _told(installation: Installation, asked: pl.DataFrame, day: date) -> pl.DataFrame:
    """decision_id, result, ripe, outcome_by, and what had happened in the same time before."""
    facts = installation.facts(day, Reach())
    reached = asked.select("decision_id", "by").join(progress(installation.warehouse, facts, asked), on="decision_id")
    result = judged(reached, installation.span.last_happened, day)
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
