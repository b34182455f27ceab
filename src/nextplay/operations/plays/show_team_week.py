"""The team's cadence for the channel chief: who committed what, what was done, met and missed, and how it moves by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from nextplay.ledger import play_queries, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.program_day import program_day, program_zone
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.record.deciding import owners
from nextplay.operations.viewer import DECIDERS, Role, Viewer, require
from nextplay.values.clock import day_there, monday_of
from nextplay.values.period import Month

# Weeks of the trend, this one last.
WEEKS = 8
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class OwnerCadence:
    """One owner's cadence. Decisions are of the month; steps and promises of all plays under way.

    `follow_through`: share of the steps due in the last eight weeks, today left out, that were done by the end of their day;
    None where none was due. `latency`: median days from proposal to decision in the month.
    """

    email: str
    name: str
    committed: int
    waiting: int
    met: int
    missed: int
    running: int
    done: int
    overdue: int
    hours: float
    capacity: float
    latency: float | None
    follow_through: float | None
    # Steps done by their day, and steps due, of each week.
    trend: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TeamWeek:
    """The whole team, and each owner; `weeks` names the Mondays of the trend."""

    month: str
    today: date
    weeks: tuple[date, ...]
    owners: tuple[OwnerCadence, ...]
    everyone: OwnerCadence


def show_team_week(installation: Installation, viewer: Viewer, *, now: datetime) -> TeamWeek:
    """The cadence of every owner; a partner manager sees their own line and the team's. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    today = program_day(installation, now)
    month = _month(installation, today)
    last = monday_of(today)
    weeks = tuple(last - timedelta(weeks=back) for back in reversed(range(WEEKS)))
    held, where = queries.decisions(), program_zone(installation)
    decisions, steps = _decisions(held, where), _steps(held, where)
    everybody = sorted({*owners(installation, month), *decisions["owner"].to_list()})
    lines = [_cadence(installation, email, decisions, steps, month, today, weeks) for email in everybody]
    shown = [one for one in lines if viewer.role is Role.ADMIN or one.email == viewer.email.lower()]
    return TeamWeek(month, today, weeks, tuple(shown), _cadence(installation, None, decisions, steps, month, today, weeks))


def _month(installation: Installation, today: date) -> str:
    """The month of the list, which the first days of the next one still work on, whatever somebody decided beside it."""
    listed = latest_cycle(installation.home)
    return listed.cycle if listed else str(Month.of(today))


def _decisions(held: Sequence[DecisionRecord], where: ZoneInfo) -> pl.DataFrame:
    rows = [
        {
            "owner": one.owner.lower(),
            "month": one.cycle,
            "status": one.status,
            "result": one.result,
            "hours": one.hours,
            "waited": _days_waited(one),
            "closed": day_there(one.result_at, where) if one.result_at else None,
        }
        for one in held
    ]
    schema: dict[str, pl.DataType] = {
        "owner": pl.String(),
        "month": pl.String(),
        "status": pl.String(),
        "result": pl.String(),
        "hours": pl.Float64(),
        "waited": pl.Float64(),
        "closed": pl.Date(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _days_waited(one: DecisionRecord) -> float | None:
    """Days from proposal to decision; None where it is not decided, never was proposed, or was before that was kept."""
    if one.decided_at is None or one.first_proposed_at is None or one.origin == "person":
        return None
    return (one.decided_at - one.first_proposed_at).total_seconds() / SECONDS_A_DAY


def _steps(held: Sequence[DecisionRecord], where: ZoneInfo) -> pl.DataFrame:
    """A step that was skipped as its play ended counts where its day was over by then: nobody did it in time."""
    ended = {one.decision_id: _ended_on(one, where) for one in held}
    rows = [
        {
            "owner": one.owner.lower(),
            "state": one.state,
            "due": one.due,
            "done": day_there(one.done_at, where) if one.done_at and one.state == "done" else None,
            "counts": one.state != "skipped" or one.due < (ended.get(one.decision_id) or one.due),
        }
        for one in play_queries.steps()
    ]
    schema: dict[str, pl.DataType] = {
        "owner": pl.String(),
        "state": pl.String(),
        "due": pl.Date(),
        "done": pl.Date(),
        "counts": pl.Boolean(),
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(in_time=(pl.col("done") <= pl.col("due")).fill_null(value=False))


def _ended_on(one: DecisionRecord, where: ZoneInfo) -> date | None:
    """The day on which its play ended: by its outcome, or as it was left; None where it runs."""
    at = one.result_at if one.result != "open" else one.decided_at if one.status != "committed" else None
    return day_there(at, where) if at else None


def _cadence(
    installation: Installation,
    email: str | None,
    decisions: pl.DataFrame,
    steps: pl.DataFrame,
    month: str,
    today: date,
    weeks: tuple[date, ...],
) -> OwnerCadence:
    """One owner's line; everybody's where no address is named."""
    capacity, named = installation.program.capacity, pl.lit(value=True) if email is None else pl.col("owner") == email
    own, due = decisions.filter(named), steps.filter(named, "counts")
    of_month = own.filter(pl.col("month") == month)
    committed = of_month.filter(pl.col("status") == "committed")
    counted = due.filter(pl.col("due") < today, pl.col("due") >= weeks[0])
    hours = (
        capacity.hours_of(email) if email is not None else sum(capacity.hours_of(one) for one in owners(installation, month))
    )
    waited = of_month["waited"].median()
    return OwnerCadence(
        email=email or "",
        name=capacity.name_of(email) if email else "Everyone",
        committed=committed.height,
        waiting=of_month.filter(pl.col("status") == "proposed").height,
        met=own.filter(pl.col("result") == "met", pl.col("closed") >= weeks[0]).height,
        missed=own.filter(pl.col("result") == "missed", pl.col("closed") >= weeks[0]).height,
        running=own.filter(pl.col("status") == "committed", pl.col("result") == "open").height,
        done=due.filter(pl.col("done") >= weeks[-1]).height,
        overdue=due.filter(pl.col("state") == "open", pl.col("due") < today).height,
        hours=float(committed["hours"].sum()),
        capacity=hours,
        latency=float(waited) if isinstance(waited, int | float) else None,
        follow_through=int(counted["in_time"].sum()) / counted.height if counted.height else None,
        trend=tuple(_of_week(due, monday, today) for monday in weeks),
    )


def _of_week(due: pl.DataFrame, monday: date, today: date) -> tuple[int, int]:
    """Of the steps whose day lies in a week and is over: those done in time, and all."""
    held = due.filter(pl.col("due") >= monday, pl.col("due") < min(monday + timedelta(days=7), today))
    return int(held["in_time"].sum()), held.height
