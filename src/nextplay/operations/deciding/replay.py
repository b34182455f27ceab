"""Another program on past months: who would have entered and left the list, with only what was known then. Writes nothing.

What partners later brought is told beside it. That is a difference between partners, never an effect of the other program:
those who left were perhaps played, those who would have entered were not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np
import polars as pl

from nextplay.decisions.history import History
from nextplay.decisions.proposal import Cycle
from nextplay.facts.questions import nothing_kept
from nextplay.facts.scope import Reach
from nextplay.learning.cases import drawn
from nextplay.learning.off_policy import OffPolicy, off_policy
from nextplay.operations.deciding.decide import cycle_on
from nextplay.operations.installation import Installation
from nextplay.operations.learning.learning_cases import cases_of
from nextplay.operations.record.close_outcomes import outcomes_on
from nextplay.operations.record.history import past_of
from nextplay.operations.viewer import Role, Viewer, require
from nextplay.program.definition import Program
from nextplay.program.load import read_program
from nextplay.signals.check import require_readable
from nextplay.signals.expressions import brought_after
from nextplay.values.period import Month, utc_day
from nextplay.values.progress import Progress, silent

# A partner produced when it brought a deal within so many days after the month was decided.
PRODUCED_DAYS = 90
MOST_MONTHS = 36
# What the file that is tried is called in errors.
TRIED = "the changed program"
OTHER_PLAYS = "Refused: the other program gives other plays to every partner that a lot decided about."

Move = Literal["stays", "enters", "leaves", "changes"]
MOVES: tuple[Move, ...] = ("stays", "enters", "leaves", "changes")


class NoSuchMonths(ValueError):
    """Months that cannot be replayed."""


@dataclass(frozen=True)
class Moved:
    """A partner whose place on the list, or whose play, the other program changes, and what it later brought.

    `play` under the other program, or the one lost; `instead_of` the play in force, where the partner gets another one.
    """

    partner_id: str
    name: str
    move: Move
    play: str
    instead_of: str
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
    """One month under both programs; who `stays` keeps its play, who `changes` gets another one.

    `ripe`: the facts reach past the days in which a partner could produce.
    """

    cycle: str
    as_of: date
    in_force: int
    tried: int
    stays: Produced
    enters: Produced
    leaves: Produced
    changes: Produced
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


@nothing_kept()
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

    It tells of everybody's partners. Raises NotForThisViewer but for admins, NoSuchMonths, and ProgramError where a play of
    either tests a signal as it cannot be tested.
    """
    require(viewer, Role.ADMIN)
    require_readable(installation.program, str(installation.home.program_file))
    require_readable(program, TRIED)
    months = list(months_of(first, last, utc_day(now)))
    trial = installation.under(program)
    cases = cases_of(installation, viewer, now=now)
    drawn_on = dict(drawn(cases).select("cycle", "as_of").unique().iter_rows())
    found, cycles = [], {}
    for place, month in enumerate(months):
        progress(place / len(months), f"Replaying {month}")
        one, tried = _replayed(installation, trial, month, utc_day(now))
        found.append(one)
        day = drawn_on.get(str(month))
        if day is not None:
            # What was logged is held against what the other program would have done on that very day.
            cycles[str(month)] = tried if day == month.last else cycle_on(trial, day, _as_then(installation, month, day))
    progress(1.0, "Replayed")
    return Replay(
        program=installation.program.version,
        tried=trial.program.version,
        currency=installation.reporting.currency,
        months=tuple(found),
        off_policy=off_policy_of(cases, cycles),
    )


def read_tried(text: str) -> Program:
    """The changed program from its text. Raises ProgramError with every problem."""
    tried = read_program(text, TRIED)
    require_readable(tried, TRIED)
    return tried


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


def usual_months(day: date, today: date) -> tuple[Month, Month]:
    """The first and the last of the twelve months that are over, up to the day the facts reach (`reference_day`)."""
    last = Month.of(day)
    if last.last >= today:
        last = Month.of(last.first - timedelta(days=1))
    return Month(last.year - 1, last.number).next, last


def _replayed(installation: Installation, trial: Installation, month: Month, today: date) -> tuple[ReplayedMonth, Cycle]:
    day = month.last
    history = _as_then(installation, month, day)
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
            **{move: _produced(moved.filter(pl.col("move") == move)) for move in MOVES},
            moved=tuple(
                Moved(row["partner_id"], names.get(row["partner_id"]) or row["partner_id"], **_told(row))
                for row in moved.filter(pl.col("move") != "stays").iter_rows(named=True)
            ),
            ripe=until is not None and (until - day).days > PRODUCED_DAYS,
        ),
        tried,
    )


def _as_then(installation: Installation, month: Month, day: date) -> History:
    """What the ledger held on a day of the month, but for what was decided in it: that would pin both lists to it."""
    history = past_of(day, outcomes_on(installation, day), looking_back=True)
    return replace(history, committed=(), lots=None, past=history.past.filter(pl.col("cycle") < str(month)))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "move": row["move"],
        "play": row["play"],
        "instead_of": row["instead_of"],
        "deals": row["deals"],
        "pipeline": round(row["value"], 2),
    }


def _moved(in_force: Cycle, tried: Cycle, brought: pl.DataFrame) -> pl.DataFrame:
    """partner_id, play, instead_of, move, deals and value, by move and partner."""
    now, other = ({one.partner_id: one.play for one in cycle.focus} for cycle in (in_force, tried))
    rows = [(partner, *_move(now.get(partner), other.get(partner))) for partner in sorted({*now, *other})]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("partner_id", "move", "play", "instead_of"), pl.String), orient="row")
    return (
        frame.join(brought, on="partner_id", how="left")
        .with_columns(pl.col("deals", "value").fill_null(0))
        .sort("move", "partner_id")
    )


def _produced(rows: pl.DataFrame) -> Produced:
    value = round(float(np.sort(rows["value"].to_numpy()).sum()), 2)
    return Produced(rows.height, rows.filter(pl.col("deals") > 0).height, value)


def _move(now: str | None, other: str | None) -> tuple[Move, str, str]:
    """How a partner's place changes, with the play it gets or loses, and the one that another takes the place of."""
    if now is None:
        return "enters", other or "", ""
    if other is None:
        return "leaves", now, ""
    return ("stays", now, "") if now == other else ("changes", other, now)


def off_policy_of(cases: pl.DataFrame, cycles: Mapping[str, Cycle]) -> OffPolicy:
    """Share of outcomes met under the other program, from partners that a lot decided about; `cycles`: its months by name.

    A lot decided between one play and nothing. Where the other program gives that partner another play, the log holds no case
    of it, and says nothing.
    """
    logged = drawn(cases).filter(pl.col("cycle").is_in(list(cycles)))
    given = {name: _given(cycle) for name, cycle in cycles.items()}
    asked = logged.select("cycle", "partner_id", "play").rows()
    plays = [given[cycle].get(partner, ("", 0.0)) for cycle, partner, _ in asked]
    chance = np.array([chance for _, chance in plays])
    same, nothing = chance * np.array([one[0] == play for one, (*_, play) in zip(plays, asked, strict=True)]), 1 - chance
    alike = same + nothing > 0
    if logged.height and not alike.any():
        return OffPolicy(0, 0.0, 0, refusal=OTHER_PLAYS)
    logged, same, nothing = logged.filter(pl.Series(alike)), same[alike], nothing[alike]
    offered = (logged["arm"] == "offered").to_numpy()
    met = (logged["result"] == "met").to_numpy().astype(np.float64)
    each = (
        [float(met[side].mean()) if side.any() else float(met.mean()) for side in (offered, ~offered)] if len(met) else [0, 0]
    )
    found = off_policy(
        met,
        logged["propensity"].to_numpy(),
        np.where(offered, same, nothing),
        said=np.where(offered, each[0], each[1]),
        said_other=(same * each[0] + nothing * each[1]) / (same + nothing),
    )
    if found.value is None or found.low is None or found.high is None:
        return found
    value, low, high = (float(np.clip(one, 0, 1)) for one in (found.value, found.low, found.high))
    return replace(found, value=value, low=low, high=high)


def _given(cycle: Cycle) -> dict[str, tuple[str, float]]:
    """Play by partner, and the chance with which the month gives it; for the rest of it, the partner gets nothing.

    What a lot was drawn about counts as the lot fell, though a partner that it spared may have lost its place to another since.
    """
    listed = {one.partner_id: (one.play, one.propensity) for one in cycle.focus}
    spared = {lot.partner_id: (lot.play, lot.propensity) for lot in cycle.lots if lot.arm == "offered"}
    return listed | spared | {lot.partner_id: (lot.play, 1 - lot.propensity) for lot in cycle.holdout}
