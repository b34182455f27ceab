"""What is usual in the whole program: rates that small samples are pulled towards, and where customers are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis import evidence
from nextplay.facts.scope import ScopedFacts
from nextplay.program.definition import Program
from nextplay.values.digests import text_digest

DEMAND = {"verticals": "industry", "regions": "region", "offerings": "product"}
# Where nothing was closed yet, one in two is as good a guess as any.
_NO_RATE = 0.5


class Reader(Protocol):
    """Whatever reads expressions over stored tables."""

    def read(self, expression: ir.Table) -> pl.DataFrame:
        """Rows of an expression."""
        ...


@dataclass(frozen=True)
class Usual:
    """`win_rate` and `alone_rate` 0-1; `wanted` by what a partner covers: `thing` and the share of demand there."""

    win_rate: float
    alone_rate: float
    wanted: Mapping[str, pl.DataFrame]

    @property
    def digest(self) -> str:
        """The same for the same values: scores of the same rows are the same then."""
        shares = {covered: dict(frame.iter_rows()) for covered, frame in self.wanted.items()}
        return str(text_digest(json.dumps([self.win_rate, self.alone_rate, shares], sort_keys=True)))


def usual(reader: Reader, facts: ScopedFacts, program: Program) -> Usual:
    """Of everyone's facts, so that a partner read alone scores as it does among all.

    Rates to the hundredth and shares to the thousandth: one deal more somewhere must not make all partners read anew.
    """
    row = reader.read(evidence.rates(facts)).row(0, named=True)
    wanted = {
        covered: _wanted(reader.read(evidence.demand(facts, column)), program, covered) for covered, column in DEMAND.items()
    }
    return Usual(_rate(row["won"], row["won"] + row["lost"]), _rate(row["reached"], row["settled"]), wanted)


def _rate(part: int, whole: int) -> float:
    return round(part / whole, 2) if whole else _NO_RATE


def _wanted(demand: pl.DataFrame, program: Program, covered: str) -> pl.DataFrame:
    """Share of what customers want, by value: half from where deals are, half from the ideal customer profile if it says so."""
    amounts = demand.select("thing", wanted=pl.col("value").cast(pl.Float64).fill_null(0.0)).sort("thing")
    total = amounts["wanted"].sum()
    seen = amounts.with_columns(pl.col("wanted") / total) if total > 0 else amounts.clear()
    ideal: dict[str, float] = getattr(program.icp, covered)
    if not ideal or not sum(ideal.values()):
        return seen.with_columns(pl.col("wanted").round(3))
    weights = pl.DataFrame(
        {"thing": list(ideal), "wanted": list(ideal.values())}, schema={"thing": pl.String, "wanted": pl.Float64}
    )
    weights = weights.with_columns(pl.col("wanted") / weights["wanted"].sum())
    both = pl.concat([seen, weights]) if not seen.is_empty() else weights
    halves = 2.0 if not seen.is_empty() else 1.0
    return both.group_by("thing").agg((pl.col("wanted").sum() / halves).round(3)).sort("thing")
