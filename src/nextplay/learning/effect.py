"""Outcome rate of each play with its interval, or the answer that there is not enough evidence yet. A rate is no effect."""

from dataclasses import dataclass
from math import sqrt

import polars as pl

from nextplay.learning.cases import decisions, run

ENOUGH_CASES = 10
Z80, Z90 = 1.2815515655446004, 1.6448536269514722


@dataclass(frozen=True)
class OutcomeRate:
    """Outcomes of a play whose window is over (`closed`), and the others. Rate and interval (90 %) are None under ten cases."""

    play: str
    closed: int
    met: int
    open: int
    hours: float
    forecast: float | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def answer(self) -> str:
        """In words."""
        if self.rate is None or self.low is None or self.high is None:
            return f"Not enough evidence yet: {self.met} of {self.closed} met"
        return (
            f"{self.met} of {self.closed} met: {100 * self.rate:.0f} %, likely {100 * self.low:.0f} to {100 * self.high:.0f} %"
        )


def wilson(met: int, cases: int, z: float = Z90) -> tuple[float, float]:
    """Interval of a rate (Wilson 1927), 90 % unless told: holds for few cases and near 0 and 1. Needs at least one case."""
    rate, square = met / cases, z**2
    centre = (rate + square / (2 * cases)) / (1 + square / cases)
    half = z / (1 + square / cases) * sqrt(rate * (1 - rate) / cases + square / (4 * cases**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def outcome_rates(cases: pl.DataFrame) -> tuple[OutcomeRate, ...]:
    """One a play, by name, from committed decisions (`cases.CASES`)."""
    counts = (pl.col("status") == "committed") & pl.col("own_outcome").fill_null(value=True)
    committed = decisions(cases).filter(counts).sort("play", "case_id")
    return tuple(_rate(str(play), rows) for (play,), rows in committed.group_by("play", maintain_order=True))


def _rate(play: str, rows: pl.DataFrame) -> OutcomeRate:
    closed = run(rows)
    met = closed.filter(pl.col("result") == "met").height
    waiting, hours = rows.height - closed.height, round(float(closed["hours"].sort().sum()), 2)
    if closed.height < ENOUGH_CASES:
        return OutcomeRate(play, closed.height, met, waiting, hours)
    low, high = wilson(met, closed.height)
    said = closed["probability"].drop_nulls().sort().to_numpy()
    forecast = round(float(said.mean()), 4) if len(said) else None
    rate = round(met / closed.height, 4)
    return OutcomeRate(play, closed.height, met, waiting, hours, forecast, rate, round(low, 4), round(high, 4))
