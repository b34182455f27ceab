"""What a dashboard reads: queries whose answers add up, so that one answer by segment and tier serves every filter.

A tally is written once and serves three ways. Under a filter it is asked of the facts in scope. Grouped by place, of
everyone's facts, it is kept as a roll-up (`facts.rollups`): the groups are disjoint by partner, so a filter is the sum of its
groups, exact because money is decimal until then. And its SQL can be shown. What does not add up over partners, such as a
rank, is worked out for every filter in one go instead: a tally with levels.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.intelligence.terms import Terms
from nextplay.intelligence.windows import Clock
from nextplay.program.definition import Program

By = tuple[str, ...]
# Where a partner stands in the program: what dashboards filter by.
PLACE: By = ("segment", "tier")
UNDER_THE_FILTER: By = ()
# Which filter a row of a tally with levels is for: nobody's, a segment's, or that of a tier inside a segment.
EVERYONE, SEGMENT, TIER = "everyone", "segment", "tier"
LEVEL = ("level", "level_segment", "level_tier")


@dataclass(frozen=True)
class Basis:
    """What a tally rests on. `earlier` are the facts as they stood a period ago (None: all time is looked at)."""

    facts: ScopedFacts
    earlier: ScopedFacts | None
    clock: Clock
    terms: Terms
    program: Program


@dataclass(frozen=True)
class Tally:
    """A named query. `groups` answers it grouped by what it is given and by `keys`; every other column adds up.

    With `levels` it answers the columns of `LEVEL` instead, for one level where it is to be grouped by nothing, and nothing
    adds up.
    """

    name: str
    keys: tuple[str, ...]
    groups: Callable[[Basis, By], ir.Table]
    levels: bool = False
    # Whether it also rests on what an analysis found, which moves apart from the facts.
    on_analysis: bool = False


@dataclass(frozen=True)
class Tallies:
    """Answers tallies under one filter: from `kept` roll-ups by name, else from the facts, each asked once."""

    warehouse: Warehouse
    basis: Basis
    # The same without the tier, and without segment and tier.
    segment: Basis
    everyone: Basis
    kept: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    _asked: dict[tuple[str, str | None], pl.DataFrame] = field(default_factory=dict)

    def read(self, tally: Tally) -> pl.DataFrame:
        """The tally under the filter: a row for each of its keys; one row where it has none. In no order."""
        if not tally.levels:
            return summed(self._inside(self.in_segment(tally)), tally.keys)
        found = self.kept.get(tally.name)
        if found is not None:
            return self._at_level(found)
        return self.warehouse.read(tally.groups(self.basis, UNDER_THE_FILTER)).drop(LEVEL)

    def in_segment(self, tally: Tally) -> pl.DataFrame:
        """The tally by segment and tier for the chosen segment at least: a kept answer holds everyone's."""
        return self._placed(tally, self.segment)

    def by_place(self, tally: Tally) -> pl.DataFrame:
        """The tally for everyone within reach, by segment and tier."""
        return self._placed(tally, self.everyone)

    def _placed(self, tally: Tally, basis: Basis) -> pl.DataFrame:
        found = self.kept.get(tally.name)
        if found is not None:
            return found
        key = (tally.name, basis.facts.scope.segment)
        if key not in self._asked:
            self._asked[key] = self.warehouse.read(tally.groups(basis, PLACE))
        return self._asked[key]

    def _inside(self, frame: pl.DataFrame) -> pl.DataFrame:
        scope = self.basis.facts.scope
        asked = zip(PLACE, (scope.segment, scope.tier), strict=True)
        tests = [pl.col(column) == value for column, value in asked if value is not None]
        return frame.filter(*tests) if tests else frame

    def _at_level(self, frame: pl.DataFrame) -> pl.DataFrame:
        scope = self.basis.facts.scope
        level = EVERYONE if scope.segment is None else SEGMENT if scope.tier is None else TIER
        own = (pl.col("level") == level) & (pl.col("level_segment") == (scope.segment or ""))
        return frame.filter(own & (pl.col("level_tier") == (scope.tier or ""))).drop(LEVEL)


def grouped(rows: ir.Table, keys: By, /, **named: ir.Value) -> ir.Table:
    """Aggregates by keys, or over all rows where there are none."""
    return rows.group_by(*keys).agg(**named) if keys else rows.aggregate(**named)


def placed(facts: ScopedFacts, rows: ir.Table, by: By) -> ir.Table:
    """The rows with what they are to be grouped by; a row of a partner that the facts do not have has no place."""
    missing = [column for column in by if column not in rows.columns]
    if not missing:
        return rows
    return rows.left_join(facts.partners[["partner_id", *missing]], "partner_id").drop("partner_id_right")


def at_levels(rows: ir.Table, by: By) -> ir.Table:
    """The rows once for every filter they are in, named by `LEVEL`; once in all where they are under a filter already."""
    everyone = _at(rows, EVERYONE, ibis.literal(""), ibis.literal(""))
    if not by:
        return everyone
    inside = rows.filter(rows.segment.notnull())
    ranked = inside.filter(inside.tier.notnull())
    return ibis.union(
        everyone,
        _at(inside, SEGMENT, inside.segment, ibis.literal("")),
        _at(ranked, TIER, ranked.segment, ranked.tier),
    )


def _at(rows: ir.Table, level: str, segment: ir.StringValue, tier: ir.StringValue) -> ir.Table:
    return rows.mutate(level=ibis.literal(level), level_segment=segment, level_tier=tier)


def summed(frame: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Groups by place added up: a row for each of the keys, or one."""
    sums = pl.exclude(*PLACE, *keys).sum()
    return frame.group_by(keys).agg(sums) if keys else frame.select(sums)
