"""Hours that a refusal frees go to the next in line of the same manager, from the ranking that the month was proposed by."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from nextplay.decisions.proposal import Decision
from nextplay.decisions.propose import busy_hours
from nextplay.ledger import actions, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import outcomes_told
from nextplay.operations.record.cycles import is_old, latest_cycle
from nextplay.operations.record.history import past_of


@dataclass(frozen=True)
class Passed:
    """A decision as it stands now, and the partners that its hours are proposed to instead."""

    record: DecisionRecord
    next_in_line: tuple[str, ...] = ()


def bring_up_next(installation: Installation, passed: DecisionRecord, *, actor: str, now: datetime) -> list[Decision]:
    """Propose as many of the next in line as the manager's free hours hold; nothing where the ranking is of another month,
    of other facts or of another program: then the month is better proposed again. Call it inside `actions.held_still`.
    """
    cycle = latest_cycle(installation.home)
    if cycle is None or cycle.cycle != passed.cycle or is_old(installation, cycle):
        return []
    owner, free = passed.owner.lower(), _free_hours(installation, passed)
    known = {one.partner_id for one in queries.decisions(cycle=passed.cycle)}
    brought = []
    for one in cycle.in_line.where(pl.col("owner").str.to_lowercase() == owner):
        if one.partner_id in known or one.hours > free + 1e-9:
            continue
        if actions.propose_next(cycle, one, instead_of=passed.decision_id, actor=actor, now=now):
            brought.append(one)
            free -= one.hours
    return brought


def _free_hours(installation: Installation, passed: DecisionRecord) -> float:
    """What nothing committed, running or proposed takes of the manager's hours."""
    program, owner = installation.program, passed.owner.lower()
    busy = busy_hours(past_of(passed.as_of, outcomes_told()), program, passed.as_of)
    waiting = queries.decisions(cycle=passed.cycle, status="proposed")
    proposed = sum(one.hours for one in waiting if one.owner.lower() == owner)
    return float(program.capacity.hours_of(owner) - busy.get(owner, 0.0) - proposed)
