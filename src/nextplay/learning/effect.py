"""Outcome rate of each play with its interval, or the answer that there is not enough evidence yet."""

from dataclasses import dataclass
from math import sqrt

import polars as pl

ENOUGH_CASES = 10
# Two-sided 90 %.
_Z = 1.6448536269514722


@dataclass(frozen=True)
class OutcomeRate:
    """Outcomes of a play whose window is over (`closed`), and the others.

    Rate and interval are None under ten cases. A rate is no effect.
    """

    play: str
    closed: int
    met: int
    open: int
    forecast: float | None
    rate: float | None
    low: float | None
    high: float | None

    @property
    def answer(self) -> str:
        """In words."""
        if self.rate is None or self.low is None or self.high is None:
            return f"Not enough evidence yet: {self.met} of {self.closed} met"
        return (
            f"{self.met} of {self.closed} met: {100 * self.rate:.0f} %, likely {100 * self.low:.0f} to {100 * self.high:.0f} %"
        )


def wilson(met: int, cases: int) -> tuple[float, float]:
    """90 % interval of a rate (Wilson 1927): holds for few cases and near 0 and 1. Needs at least one case."""
    rate, square = met / cases, _Z**2
    centre = (rate + square / (2 * cases)) / (1 + square / cases)
    half = _Z / (1 + square / cases) * sqrt(rate * (1 - rate) / cases + square / (4 * cases**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def outcome_rates(past: pl.DataFrame) -> tuple[OutcomeRate, ...]:
    """One a play, by name, from committed decisions (`decisions.history.PAST`)."""
    committed = past.filter(pl.col("status") == "committed").sort("play", "decision_id")
    return tuple(_rate(str(play), rows) for (play,), rows in committed.group_by("play", maintain_order=True))


def _rate(play: str, rows: pl.DataFrame) -> OutcomeRate:
    closed = rows.filter(pl.col("ripe"))
    met = closed.filter(pl.col("result") == "met").height
    waiting = rows.height - closed.height
    if closed.height < ENOUGH_CASES:
        return OutcomeRate(play, closed.height, met, waiting, None, None, None, None)
    low, high = wilson(met, closed.height)
    forecast = float(closed["probability"].to_numpy().mean())
    return OutcomeRate(
        play, closed.height, met, waiting, round(forecast, 4), round(met / closed.height, 4), round(low, 4), round(high, 4)
    )
