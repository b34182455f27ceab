"""What a play added: those offered it by lot against those the lot held back. Without a lot there is no effect to tell.

Everybody offered counts, run or not: who was offered it was left to chance, who ran it was not. Chances of the lot that differ
between months are weighed out (Hajek). The difference is corrected by the same events before the decision (CUPED: Deng, Xu,
Kohavi, Walker 2013), its error taken with one met and one missed added to each side (Agresti and Caffo 2000), so that ten of
ten is no certainty. *Works* has to hold however often it is looked at: a confidence sequence (Waudby-Smith et al. 2021).
"""

from dataclasses import dataclass
from math import erf, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.learning.cases import drawn

Floats = npt.NDArray[np.float64]
Answer = Literal["works", "probably_helps", "too_early", "no_sign"]

# Fewer on a side carry no answer.
ENOUGH_PER_ARM = 20
# One-sided chance of claiming what is not there, over all looks together.
WRONG_CLAIMS = 0.05
LIKELY = 0.8
_Z80, _Z95 = 1.2815515655446004, 1.959963984540054
# The confidence sequence is tightest near so many cases.
TIGHT_AT = 200
# An effect is found with this chance where it is there.
_POWER = 0.8416212335729143


@dataclass(frozen=True)
class Lift:
    """Difference in the share that reached the outcome, offered minus held back; None where a side is empty.

    Shares are of those whose window is over. `least` is what would have shown with this many cases, four times in five.
    """

    play: str | None
    offered: int
    offered_met: int
    run: int
    held: int
    held_met: int
    # Held back, and given the play by a person all the same: they stay where the lot put them.
    crossed: int = 0
    difference: float | None = None
    low80: float | None = None
    high80: float | None = None
    low95: float | None = None
    high95: float | None = None
    # Bound below which the difference does not lie, however often it is looked at.
    sure: float | None = None
    chance_it_helps: float | None = None
    least: float | None = None
    # Share of the noise that the prognosis took away.
    explained: float = 0.0

    @property
    def answer(self) -> Answer:
        """What may be said of the play."""
        few = min(self.offered, self.held) < ENOUGH_PER_ARM
        if self.difference is None or few:
            return "too_early"
        if self.sure is not None and self.sure > 0:
            return "works"
        if self.difference <= 0:
            return "no_sign"
        return "probably_helps" if (self.chance_it_helps or 0) > LIKELY else "too_early"


def lifts(cases: pl.DataFrame) -> tuple[Lift, ...]:
    """One a play that a lot was ever drawn about, by name (`cases.CASES`)."""
    by_lot = drawn(cases)
    return tuple(
        _lift(str(play), rows) for (play,), rows in by_lot.sort("play", "case_id").group_by("play", maintain_order=True)
    )


def lift_of_all(cases: pl.DataFrame) -> Lift:
    """All plays together."""
    return _lift(None, drawn(cases))


def least_detectable(rate: float, offered: int, held: int) -> float | None:
    """Smallest difference that would show in four of five such tests at 95 %; None while a side is empty."""
    if not offered or not held:
        return None
    pulled = (rate * (offered + held) + 1) / (offered + held + 2)
    return (_Z95 + _POWER) * sqrt(pulled * (1 - pulled) * (1 / offered + 1 / held))


def _lift(play: str | None, rows: pl.DataFrame) -> Lift:
    given = (rows["arm"] == "offered").to_numpy()
    met = (rows["result"] == "met").to_numpy().astype(np.float64)
    ran = (rows["status"] == "committed").to_numpy()
    run, crossed = int((ran & given).sum()), int((ran & ~given).sum())
    counts = Lift(play, int(given.sum()), int(met[given].sum()), run, int((~given).sum()), int(met[~given].sum()), crossed)
    if not counts.offered or not counts.held:
        return counts
    weight = 1 / rows["propensity"].to_numpy()
    prognosis = np.log1p(np.maximum(rows["before"].fill_null(0).to_numpy(), 0))
    slope, explained = _prognosis(met, prognosis, given)
    difference = _between(met, weight, given) - slope * _between(prognosis, weight, given)
    variance = _variance(met, weight, given) + _variance(met, weight, ~given)
    error = sqrt(variance * (1 - explained))
    base = counts.held_met / counts.held
    return Lift(
        play=play,
        offered=counts.offered,
        offered_met=counts.offered_met,
        run=run,
        held=counts.held,
        held_met=counts.held_met,
        crossed=counts.crossed,
        difference=round(difference, 4),
        low80=round(max(difference - _Z80 * error, -1.0), 4),
        high80=round(min(difference + _Z80 * error, 1.0), 4),
        low95=round(max(difference - _Z95 * error, -1.0), 4),
        high95=round(min(difference + _Z95 * error, 1.0), 4),
        sure=round(difference - _radius(error, rows.height), 4),
        chance_it_helps=round(0.5 * (1 + erf(difference / error / sqrt(2))), 4),
        least=round(least_detectable(base, counts.offered, counts.held) or 1.0, 4),
        explained=round(explained, 4),
    )


def _between(values: Floats, weight: Floats, given: npt.NDArray[np.bool_]) -> float:
    """Weighted mean of one side less that of the other."""
    sides = (float((values[side] * weight[side]).sum() / weight[side].sum()) for side in (given, ~given))
    return next(sides) - next(sides)


def _variance(met: Floats, weight: Floats, side: npt.NDArray[np.bool_]) -> float:
    """Of a side's share, with one met and one missed added; unequal weights count as fewer cases (Kish)."""
    weights = weight[side]
    cases = float(weights.sum() ** 2 / (weights**2).sum())
    share = (float((met[side] * weights).sum() / weights.sum()) * cases + 1) / (cases + 2)
    return share * (1 - share) / (cases + 2)


def _prognosis(met: Floats, prognosis: Floats, given: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope of the outcome on the prognosis within the sides, and the share of the noise it takes away."""
    outcome, known = met.copy(), prognosis.copy()
    for side in (given, ~given):
        outcome[side] -= outcome[side].mean()
        known[side] -= known[side].mean()
    spread, noise = float((known**2).sum()), float((outcome**2).sum())
    if len(met) < 2 * ENOUGH_PER_ARM or spread <= 0 or noise <= 0:
        return 0.0, 0.0
    together = float((known * outcome).sum())
    return together / spread, min(together**2 / (spread * noise), 0.95)


def _radius(error: float, cases: int) -> float:
    """Half width of a one-sided confidence sequence (Robbins' normal mixture) for an estimate with that error."""
    alpha = 2 * WRONG_CLAIMS
    mixing = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / TIGHT_AT
    part = cases * mixing
    return error * sqrt(cases) * sqrt(2 * (part + 1) / (cases**2 * mixing) * log(sqrt(part + 1) / alpha))
