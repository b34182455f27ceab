"""Whether our forecasts hold: band by band what was said and what happened, and the Brier score against the base rate."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import polars as pl

from nextplay.learning.cases import run
from nextplay.learning.effect import ENOUGH_CASES, Z80, wilson

# Edges of what was said; narrow where most plays are.
EDGES = (0.0, 0.1, 0.2, 0.4, 0.6, 1.0)


@dataclass(frozen=True)
class Band:
    """Cases of which a chance in this band was said; `low` and `high` hold the true share with 80 %. None without cases."""

    said_from: float
    said_to: float
    cases: int
    said: float | None = None
    happened: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def remark(self) -> Literal["", "too_few", "too_hopeful", "too_careful"]:
        """Only where what happened misses what was said."""
        if self.cases < ENOUGH_CASES or self.said is None or self.low is None or self.high is None:
            return "too_few"
        if self.high < self.said:
            return "too_hopeful"
        return "too_careful" if self.low > self.said else ""


@dataclass(frozen=True)
class Calibration:
    """Forecasts against outcomes of everything that was run and is over. Scores are None under ten cases."""

    cases: int
    said: float | None
    happened: float | None
    brier: float | None
    # 1 - Brier / Brier of the base rate: above 0 the forecasts know something.
    skill: float | None
    bands: tuple[Band, ...]


def calibration(cases: pl.DataFrame) -> Calibration:
    """Over committed decisions whose window is over (`cases.CASES`)."""
    closed = run(cases).filter(pl.col("probability").is_not_null())
    said, met = closed["probability"].to_numpy(), (closed["result"] == "met").to_numpy().astype(float)
    bands = tuple(_band(closed, low, high) for low, high in pairwise(EDGES))
    if closed.height < ENOUGH_CASES:
        return Calibration(closed.height, None, None, None, None, bands)
    brier, base = float(((said - met) ** 2).mean()), float(met.mean() * (1 - met.mean()))
    skill = round(1 - brier / base, 4) if base > 0 else None
    means = round(float(said.mean()), 4), round(float(met.mean()), 4)
    return Calibration(closed.height, *means, round(brier, 4), skill, bands)


def in_band(low: float, high: float) -> pl.Expr:
    """Whether the chance that was said lies in a band; the last one holds certainty too."""
    said = pl.col("probability")
    return (said >= low) & ((said < high) | ((said <= high) if high >= EDGES[-1] else pl.lit(value=False)))


def _band(closed: pl.DataFrame, low: float, high: float) -> Band:
    rows = closed.filter(in_band(low, high))
    if rows.is_empty():
        return Band(low, high, 0)
    met = int((rows["result"] == "met").sum())
    least, most = wilson(met, rows.height, Z80)
    said = float(rows["probability"].sort().to_numpy().mean())
    return Band(low, high, rows.height, round(said, 4), round(met / rows.height, 4), round(least, 4), round(most, 4))
