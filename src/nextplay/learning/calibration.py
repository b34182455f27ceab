"""Whether our forecasts hold: Brier score against always saying the base rate."""

from dataclasses import dataclass

import polars as pl

from nextplay.learning.effect import ENOUGH_CASES


@dataclass(frozen=True)
class Calibration:
    """Forecasts against outcomes. None under ten cases."""

    cases: int
    said: float | None
    happened: float | None
    brier: float | None
    # 1 - Brier / Brier of the base rate: above 0 the forecasts know something.
    skill: float | None


def calibration(past: pl.DataFrame) -> Calibration:
    """Over committed decisions whose window is over (`decisions.history.PAST`)."""
    closed = past.filter((pl.col("status") == "committed") & pl.col("ripe")).sort("decision_id")
    if closed.height < ENOUGH_CASES:
        return Calibration(closed.height, None, None, None, None)
    said, met = closed["probability"].to_numpy(), (closed["result"] == "met").to_numpy().astype(float)
    brier, base = float(((said - met) ** 2).mean()), float(met.mean() * (1 - met.mean()))
    skill = round(1 - brier / base, 4) if base > 0 else None
    return Calibration(closed.height, round(float(said.mean()), 4), round(float(met.mean()), 4), round(brier, 4), skill)
