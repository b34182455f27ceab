"""Everything learned so far, in the order it is read: what plays added, whether our odds are honest, what people overruled."""

from dataclasses import dataclass

import polars as pl

from nextplay.learning.calibration import Calibration, calibration
from nextplay.learning.cases import lots
from nextplay.learning.effect import OutcomeRate, outcome_rates
from nextplay.learning.lift import Lift, least_detectable, lift_of_all, lifts
from nextplay.learning.overrides import HoursSpent, Override, hours_spent, overrides

# Months ahead that a test is told for.
MONTHS = (1, 3, 6, 12)


@dataclass(frozen=True)
class Plan:
    """What a test can find at the pace of its lots so far: the least difference that shows after so many months.

    `play` None: all plays together. A least of None: at this pace nobody is held back, and nothing will show.
    """

    play: str | None
    offered_a_month: float
    held_a_month: float
    without: float
    least: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True)
class Learned:
    """The report; every part rests on the same cases (`cases.CASES`)."""

    rates: tuple[OutcomeRate, ...]
    lifts: tuple[Lift, ...]
    all_plays: Lift
    plans: tuple[Plan, ...]
    calibration: Calibration
    overrides: tuple[Override, ...]
    hours: HoursSpent


def learned(cases: pl.DataFrame) -> Learned:
    """From every case, open ones too."""
    return Learned(
        rates=outcome_rates(cases),
        lifts=lifts(cases),
        all_plays=lift_of_all(cases),
        plans=_plans(cases),
        calibration=calibration(cases),
        overrides=overrides(cases),
        hours=hours_spent(cases),
    )


def _plans(cases: pl.DataFrame) -> tuple[Plan, ...]:
    """Chances without the play are those that were said of the offered on the day of their lot: told before any test."""
    by_lot = lots(cases)
    months = by_lot["cycle"].n_unique()
    if not months:
        return ()
    said = by_lot.filter(pl.col("without").is_not_null()).sort("play", "without").group_by("play", maintain_order=True)
    rates = dict(said.agg(pl.col("without").mean()).iter_rows())
    together = by_lot["without"].drop_nulls().sort().to_numpy()
    whole = _plan(None, by_lot, months, float(together.mean()) if len(together) else 0.5)
    plays = sorted(rates)
    return (whole, *(_plan(play, by_lot.filter(pl.col("play") == play), months, rates[play]) for play in plays))


def _plan(play: str | None, rows: pl.DataFrame, months: int, rate: float) -> Plan:
    offered, held = (rows.filter(pl.col("arm") == arm).height / months for arm in ("offered", "held_back"))
    least = tuple((ahead, _rounded(least_detectable(rate, round(offered * ahead), round(held * ahead)))) for ahead in MONTHS)
    return Plan(play, round(offered, 2), round(held, 2), round(rate, 4), least)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
