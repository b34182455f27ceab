"""How partners pass from one step to the next: who took it, how long that takes, who still waits, and where they pile up.

From the days on which each step was reached. Who has not taken a step yet counts as waiting up to the day (Kaplan-Meier), who
left until then; and a partner whose day is not known is told, and counted nowhere.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.behind import Behind, NoFigure, Part, measured, partner_rows, watched
from nextplay.intelligence.lifecycle_tiles import Passage, PassageStep
from nextplay.intelligence.metrics import first_deals
from nextplay.intelligence.tallies import PLACE, Basis, By, Tallies, Tally, placed
from nextplay.intelligence.waits import BEFORE, ENDED, KINDS, REACHED, WAITING, cases, counted_before, survival, waits
from nextplay.values import figures

UNDATED = "undated"
# Stages of those who wait for nothing any more.
GONE = ("rejected", "inactive")
# A wait longer than this is where partners pile up, where no median is known to hold it against.
LONG_DAYS = 90


@dataclass(frozen=True)
class Step:
    """From the day in one column to the day in another."""

    name: str
    label: str
    start: str
    reached: str


STEPS = (
    Step("signed", "Applied to signed", "applied_at", "signed_at"),
    Step("onboarded", "Signed to onboarded", "signed_at", "onboarded_at"),
    Step("enabled", "Onboarded to enabled", "onboarded_at", "enabled_at"),
    Step("first_deal", "Enabled to first deal", "enabled_at", "first_at"),
)


def passage_groups(basis: Basis, by: By) -> ir.Table:
    """For each step, kind of ending and length in days: partners; under `undated` those whose days are not known."""
    rows = _days(basis, by)
    now = basis.clock.now
    parts = []
    for step in STEPS:
        own = _of_step(rows, step, by)
        counts = waits(own.filter(~own.untold), (now,), now, by)
        parts.append(counts.select(*by, *KINDS, "now", step=ibis.literal(step.name)))
        told = own.filter(own.untold)
        told = told.mutate(kind=ibis.literal(UNDATED), length=ibis.literal(0, "int64"), step=ibis.literal(step.name))
        parts.append(told.group_by(*by, *KINDS, "step").agg(now=told.count()).select(*by, *KINDS, "now", "step"))
    return ibis.union(*parts)


PASSAGE = Tally("passage", ("step", *KINDS), passage_groups)
NO_DAY = "took it or left on a day that is not known"
ALL_WAITING = "-1"
TOO_EARLY = "took it before the step in front of it"


def waiting_key(step: PassageStep, *, overdue: bool = False) -> str:
    """The part of a step that waits: all, or those that have waited for more days than is usual."""
    return f"{step.name}:{step.long_days if overdue else ALL_WAITING}"


def behind_passage(basis: Basis, part: Part) -> Behind:
    """Everybody that began a step; of `STEP:DAYS` those that wait for it for more days; the `left` ones of `STEP:why`."""
    name, _, rest = part.key.partition(":")
    step = next((one for one in STEPS if one.name == name), None)
    if step is None:
        raise NoFigure(part.key)
    own = _of_step(_days(basis, ()), step, ("partner_id",))
    found = cases(own.filter(~own.untold), basis.clock.now)
    if part.which == "left":
        left = {NO_DAY: own.filter(own.untold), TOO_EARLY: found.filter(found.kind == BEFORE)}
        if rest not in left:
            raise NoFigure(part.key)
        return Behind("partners", measured(left[rest]), "count", "count", f"{step.label}: {rest}.")
    if not rest:
        return watched(found, f"{step.label}: how long it takes, over everybody that began.", "took it")
    waiting = found.filter((found.kind == WAITING) & (found.length > _whole(rest)))
    chosen = partner_rows(waiting, amount=waiting.length)
    return Behind("partners", chosen, "count", "count", f"{step.label}: who waits for it.", measure="Days")


def _whole(days: str) -> int:
    try:
        return int(days)
    except ValueError as error:
        raise NoFigure(days) from error


def _of_step(rows: ir.Table, step: Step, kept: tuple[str, ...]) -> ir.Table:
    days = {"start": rows[step.start], "reached": rows[step.reached], "ended": rows.ended_at}
    return rows.select(*kept, **days, untold=_untold(rows, step))


def passage(tallies: Tallies) -> Passage:
    """The tile."""
    counts = tallies.read(PASSAGE)
    steps = tuple(_step(step, counts.filter(pl.col("step") == step.name), tallies.basis) for step in STEPS)
    return Passage(steps, _finding(steps))


def _untold(rows: ir.Table, step: Step) -> ir.BooleanValue:
    """Whether a partner took the step, went past it or left, and the facts do not say when."""
    later = [rows[each.reached] for each in STEPS[STEPS.index(step) + 1 :]]
    past = ibis.or_(*(day.notnull() for day in later)) if later else ibis.literal(value=False)
    gone = rows.lifecycle_stage.isin(GONE) & rows.ended_at.isnull()
    reached = rows[step.reached].notnull()
    return (rows[step.start].isnull() & reached) | (rows[step.start].notnull() & ~reached & (past | gone))


def _days(basis: Basis, by: By) -> ir.Table:
    partners = basis.facts.partners
    days = partners[["partner_id", *PLACE, "lifecycle_stage", *(step.start for step in STEPS), "ended_at"]]
    firsts = first_deals(basis.facts)[["partner_id", "first_at"]]
    return placed(basis.facts, days.left_join(firsts, "partner_id").drop("partner_id_right"), by)


def _step(step: Step, counts: pl.DataFrame, basis: Basis) -> PassageStep:
    window = basis.clock.now
    cases = counts.filter(pl.col("kind") != UNDATED)
    curve = survival(cases, window, basis.clock)
    sizes = dict(counts.group_by("kind").agg(pl.col("now").sum()).iter_rows())
    waiting = cases.filter(pl.col("kind") == WAITING)
    long = int(curve.median) if curve.median is not None else LONG_DAYS
    left_out = (
        (NO_DAY, int(sizes.get(UNDATED, 0))),
        (TOO_EARLY, counted_before(counts, window)),
    )
    longest = waiting["length"].max()
    return PassageStep(
        name=step.name,
        label=step.label,
        began=curve.cases,
        reached=int(sizes.get(REACHED, 0)),
        left=int(sizes.get(ENDED, 0)),
        waiting=int(sizes.get(WAITING, 0)),
        overdue=int(waiting.filter(pl.col("length") > long)["now"].sum()),
        median_days=curve.median,
        long_days=long,
        longest_wait=int(longest) if isinstance(longest, int) else None,
        left_out=tuple((what, number) for what, number in left_out if number),
    )


def _finding(steps: tuple[PassageStep, ...]) -> str:
    """Where most partners wait longer than is usual there."""
    # Where nobody is known to have taken a step, its day is missing: that says nothing about who waits.
    most = max((step for step in steps if step.reached), key=lambda step: step.overdue, default=None)
    if most is None or not most.overdue:
        return ""
    before, _, after = most.label.partition(" to ")
    partners = figures.count(most.overdue)
    verb = "partner has" if most.overdue == 1 else "partners have"
    than = "half of all take" if most.median_days is not None else f"{LONG_DAYS} days"
    return f"Most pile up between {before.lower()} and {after}: {partners} {verb} waited there longer than {than}."
