"""A month to decide: frames of signals in, a cycle out."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from nextplay.decisions.history import PAST, History
from nextplay.decisions.proposal import Cycle
from nextplay.decisions.propose import Occasion, propose
from nextplay.learning.record import track_record
from nextplay.program.definition import Program
from tests.decisions.spread import spread
from tests.stories import signals

DAY = date(2026, 3, 31)
OCCASION = Occasion(cycle="2026-03", as_of=DAY, facts_version="7", currency="USD")

PROMISING = {"selling_90": 3, "selling_180": 5, "opened_90": 3, "opened_180": 5, "selling_days": 5, "days_since_selling": 9}
SIZED = {"sized_deals": 4, "sized_value": 40_000.0, "log_size": 9.21}


def decide(program: Program, *rows: Mapping[str, object], history: History | None = None) -> Cycle:
    """The cycle of partners given by what differs from silence."""
    frame = signals(*map(dict, rows))
    return propose(frame, history or History(), program, OCCASION, spread(frame))


def past(**more: object) -> History:
    """A history of one decision: a first selling play of last month, committed on the day it was proposed, and open."""
    usual = {
        "decision_id": "d0",
        "cycle": "2026-02",
        "as_of": date(2026, 2, 28),
        "partner_id": "p1",
        "play": "first_selling_play",
        "step": "Session",
        "owner": "ana@program.example",
        "hours": 6.0,
        "due": date(2026, 3, 5),
        "outcome_by": date(2026, 4, 14),
        "probability": 0.3,
        "status": "committed",
        "snoozed_until": None,
        "result": "open",
        "result_on": None,
    }
    row = usual | {"decided_on": more.get("as_of", usual["as_of"])} | more
    row = {"ripe": row["result"] != "open"} | row
    frame = pl.DataFrame([row], schema=dict(PAST), orient="row")
    return History(past=frame, record=track_record(frame))


def chosen(cycle: Cycle) -> dict[str, str]:
    """Play by partner in focus."""
    return {decision.partner_id: decision.play for decision in cycle.focus}


def reason(cycle: Cycle, partner_id: str) -> str:
    """Where a partner stands: its placement, or why it was left out."""
    row = cycle.next_actions.frame.filter(pl.col("partner_id") == partner_id).row(0, named=True)
    return str(row["reason"] or row["placement"])
