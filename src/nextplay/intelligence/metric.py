"""What a metric is: a figure that a card shows, and the aggregates it is made of.

A metric answers expressions by name, for every window of the clock. A total answers `value_*`; a rate or a mean `part_*` and
`whole_*`; a mean also `squares_*` of the two periods compared. `moved` is the sum of squares of what was counted in only one of
the two periods (what is in both cancels, so it cannot be noise), `step_*` are figures told beside the value, and `left_*` rows
that could not be counted. Each is an aggregate over rows of one table that each belong to one partner, so that it can be
grouped by segment and tier and added up again; metrics over the same table are read in one pass.

A median does not add up, but how often each value occurs does: it answers `at`, when a case counts, `length`, what is measured,
in steps coarse enough that there are few different ones, and `left_*`, whether a case could not be counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import getdoc
from typing import Literal

import ibis.expr.types as ir

from nextplay.intelligence.terms import Expressions, Terms
from nextplay.intelligence.tiles import CardPart, Unit
from nextplay.intelligence.windows import Clock, Window

Source = Literal["partners", "deals", "revenue", "activities", "active", "standing", "first_deals"]
# How a value comes from the answer: a sum, part out of whole, part by whole, the middle case, Kaplan-Meier's median.
Made = Literal["total", "rate", "mean", "median", "survival"]


@dataclass(frozen=True)
class Metric:
    """A card's figure: what it is counted in, which table it reads, and how. The docstring of `read` is its definition."""

    name: str
    label: str
    unit: Unit
    source: Source
    read: Callable[[ir.Table, Clock, Terms], Expressions]
    made: Made = "total"
    # Rows that can count at all, where the others are most and can be told cheaply; None: every row.
    only: Callable[[ir.Table, Clock], ir.BooleanValue] | None = None
    # What is told beside the value, from the answers named `step_*`.
    steps: Callable[[Mapping[str, float], Clock, Terms], tuple[CardPart, ...]] | None = None
    # Whether it adds up over the period, so that a longer one brings more.
    flow: bool = False
    # Moves with what the figure means.
    version: int = 1

    @property
    def median(self) -> bool:
        """Whether `read` answers a case each, of which the middle one is shown."""
        return self.made in ("median", "survival")

    @property
    def definition(self) -> str:
        """What it counts, in one or two sentences."""
        return said_of(self.read)


def said_of(function: Callable[..., object]) -> str:
    """A function's docstring in one line, without what it says of its rows."""
    return " ".join((getdoc(function) or "").partition(" Rows:")[0].split())


def moved(
    clock: Clock,
    measure: Callable[[ir.BooleanValue], ir.Value],
    counted: Callable[[Window], ir.BooleanValue],
) -> Expressions:
    """What was counted in only one of the two periods, measured; nothing where there is only one."""
    if clock.before is None:
        return {}
    now, before = (counted(window).fill_null(False) for window in (clock.now, clock.before))
    return {"moved": measure(now != before)}


def squares(value: ir.NumericValue, where: ir.BooleanValue) -> ir.Value:
    """Sum of the squares of amounts, exact."""
    # Widened first: DuckDB refuses squares of more than 30 million in the width of money.
    wide = value.cast("decimal(38, 2)")
    return (wide * wide).sum(where=where)


def compared(clock: Clock) -> tuple[Window, ...]:
    """The period and the one before."""
    return (clock.now, *((clock.before,) if clock.before else ()))
