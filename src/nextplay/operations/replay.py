"""Another program on past months: who would have entered and left the list, with only what was known then. Writes nothing.

What partners later brought is told beside it. That is a difference between partners, never an effect of the other program:
those who left were perhaps played, those who would have entered were not.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import polars as pl

from nextplay.decisions.proposal import Cycle
from nextplay.facts.scope import Reach
from nextplay.learning.cases import drawn
from nextplay.learning.off_policy import OffPolicy, off_policy
from nextplay.operations.close_outcomes import outcomes_on
from nextplay.operations.decide import cycle_on, past_of
from nextplay.operations.installation import Installation
from nextplay.operations.learning_cases import cases_of
from nextplay.operations.viewer import Role, Viewer, require
from nextplay.program.definition import Program
from nextplay.signals.expressions import brought_after
from nextplay.values.period import Month, utc_day
from nextplay.values.progress import Progress, silent

# A partner produced when it brought a deal within so many days after the month was decided.
PRODUCED_DAYS = 90
MOST_MONTHS = 36

Move = Literal["stays", "enters", "leaves"]


class NoSuchMonths(ValueError):
    """Months that cannot be replayed."""


@dataclass(frozen=True)
class Moved:
    """A partner whose place on the list the other program changes, and what it later brought."""

    partner_id: str
    name: str
    move: Move
    play: str
    deals: int
    pipeline: float


@dataclass(frozen=True)
class Produced:
    """How many partners, how many of them later brought a deal, and the pipeline these deals are worth."""

    partners: int = 0
    produced: int = 0
    pipeline: float = 0.0


@dataclass(frozen=True)
class ReplayedMonth:
    """One month under both programs. `ripe`: the facts reach past the days in which a partner could produce."""

    cycle: str
    as_of: date
    in_force: int
    tried: int
    stays: Produced
    enters: Produced
    leaves: Produced
    moved: tuple[Moved, ...]
    ripe: bool


@dataclass(frozen=True)
class Replay:
    """All months, oldest first, and what logged lots say of the other program."""

    program: str
    tried: str
    currency: str
    months: tuple[ReplayedMonth, ...]
    off_policy: OffPolicy

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        told = asdict(self)
        for month in told["months"]:
            month["as_of"] = month["as_of"].isoformat()
        return told


def replay(
    installation: Installation,
    viewer: Viewer,
    program: Program,
    first: Month,
    last: Month,
    *,
    now: datetime,
    progress: Progress = silent,
) -> Replay:
    """Each month as of its last day, under the program in force and under another one.

    It tells of everybody's partners. Raises NotForThisViewer but for admins, and NoSuchMonths.
    """
    require(viewer, Role.ADMIN)
    months = list(months_of(first, last, utc_day(now)))
    trial = installation.under(program)
    found, cycles = [], {}
    for place, month in enumerate(months):
        progress(place / len(months), f"Replaying {month}")
        one, cycles[str(month)] = _replayed(installation, trial, month, utc_day(now))
        found.append(one)
    progress(1.0, "Replayed")
    return Replay(
        program=installation.program.version,
        tried=trial.program.version,
        currency=installation.reporting.currency,
        months=tuple(found),
        off_policy=_off_policy(cases_of(installation, viewer, now=now), cycles),
    )


def months_of(first: Month, last: Month, today: date) -> Iterator[Month]:
    """Each month from one to another. Raises NoSuchMonths for months not over, in the wrong order, or too many."""
    if last < first:
        raise NoSuchMonths(f"{last} is before {first}. Name the earlier month with --from.")
    if last.last >= today:
        raise NoSuchMonths(f"{last} is not over yet. A month can be replayed once it is.")
    if (last.year - first.year) * 12 + last.number - first.number >= MOST_MONTHS:
        raise NoSuchMonths(f"From {first} to {last} are more than {MOST_MONTHS} months. Name fewer.")
    while first <= last:
        yield first
        first = first.next


def _replayed(installation: Installation, trial: Installation, month: Month, today: date) -> tuple[ReplayedMonth, Cycle]:
    day = month.last
    history = past_of(day, outcomes_on(installation, day))
    # What was committed in the month itself would pin both lists to it; so would what somebody decided in it.
    history = replace(history, committed=(), lots=None, past=history.past.filter(pl.col("cycle") < str(month)))
    in_force, tried = cycle_on(installation, day, history), cycle_on(trial, day, history)
    facts = installation.facts(today, Reach())
    brought = installation.warehouse.read(brought_after(facts, day, PRODUCED_DAYS))
    moved = _moved(in_force, tried, brought.with_columns(pl.col("value").cast(pl.Float64).fill_null(0.0)))
    names = dict(installation.warehouse.read(facts.partners.select("partner_id", "name")).iter_rows())
    until = installation.span.last_happened
    return (
        ReplayedMonth(
            cycle=str(month),
            as_of=day,
            in_force=len(in_force.focus),
            tried=len(tried.focus),
            **{move: _produced(moved.filter(pl.col("move") == move)) for move in ("stays", "enters", "leaves")},
            moved=tuple(
                Moved(row["partner_id"], names.get(row["partner_id"]) or row["partner_id"], **_told(row))
                for row in moved.filter(pl.col("move") != "stays").iter_rows(named=True)
            ),
            ripe=until is not None and (until - day).days > PRODUCED_DAYS,
        ),
        tried,
    )


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {"move": row["move"], "play": row["play"], "deals": row["deals"], "pipeline": round(row["value"], 2)}


def _moved(in_force: Cycle, tried: Cycle, brought: pl.DataFrame) -> pl.DataFrame:
    """partner_id, play, move, deals and value, by move and partner."""
    now, other = ({one.partner_id: one.play for one in cycle.focus} for cycle in (in_force, tried))
    moves = {True: {True: "stays", False: "leaves"}, False: {True: "enters"}}
    rows = [
        (partner, other.get(partner) or now[partner], moves[partner in now][partner in other])
        for partner in sorted({*now, *other})
    ]
    frame = pl.DataFrame(rows, schema={"partner_id": pl.String, "play": pl.String, "move": pl.String}, orient="row")
    return (
        frame.join(brought, on="partner_id", how="left")
        .with_columns(pl.col("deals", "value").fill_null(0))
        .sort("move", "partner_id")
    )


def _produced(rows: pl.DataFrame) -> Produced:
    value = round(float(np.sort(rows["value"].to_numpy()).sum()), 2)
    return Produced(rows.height, rows.filter(pl.col("deals") > 0).height, value)


def _off_policy(cases: pl.DataFrame, cycles: dict[str, Cycle]) -> OffPolicy:
    """Share of outcomes met under the other program, from partners that a lot decided about in these months."""
    logged = drawn(cases).filter(pl.col("cycle").is_in(list(cycles)))
    likely = {(cycle, one.partner_id, one.play): one.propensity for cycle, found in cycles.items() for one in found.focus} | {
        (cycle, one.partner_id, one.play): 1 - one.propensity for cycle, found in cycles.items() for one in found.holdout
    }
    given = [likely.get(key, 0.0) for key in logged.select("cycle", "partner_id", "play").iter_rows()]
    offered = (logged["arm"] == "offered").to_numpy()
    other = np.where(offered, given, 1 - np.array(given))
    met = (logged["result"] == "met").to_numpy().astype(np.float64)
    return off_policy(met, logged["propensity"].to_numpy(), other)
