"""How often the intervals of the learning report hold the truth, and how often it says *works* of a play that does nothing.

`python -m bench.interval_bench --programs 400` draws programs whose plays have a known effect: partners offered
and held back by lot with chances that differ by month, some likelier than others to get there anyway; a report each month.
"""

import argparse
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.learning.cases import CASES
from nextplay.learning.effect import Z90, outcome_rates
from nextplay.learning.lift import ENOUGH_PER_ARM, Lift, lift_of_all

MONTHS = 12
Z95 = 1.959963984540054
EFFECTS = (0.0, 0.05, 0.15)


@dataclass
class Counted:
    """Of all programs with one effect: intervals looked at, those that held, and programs in which it was ever said to work."""

    looks: int = 0
    held: int = 0
    rates: int = 0
    rates_held: int = 0
    programs: int = 0
    claimed: int = 0


def main() -> None:
    """Print a line an effect."""
    parser = argparse.ArgumentParser(prog="bench.interval_bench", description=__doc__)
    parser.add_argument("--programs", type=int, default=400)
    programs = parser.parse_args().programs
    print(
        "| true effect | 90 % intervals of the effect that hold it | 90 % intervals of the rate that hold it | said to work |"
    )
    print("|--:|--:|--:|--:|")
    for effect in EFFECTS:
        counted = Counted()
        for seed in range(programs):
            _program(effect, seed, counted)
        held, rates = counted.held / max(counted.looks, 1), counted.rates_held / max(counted.rates, 1)
        print(f"| {effect:.2f} | {100 * held:.1f} % | {100 * rates:.1f} % | {100 * counted.claimed / counted.programs:.1f} % |")


def _program(effect: float, seed: int, counted: Counted) -> None:
    """A year of one program, a report a month."""
    rng = np.random.default_rng([seed, round(1000 * effect)])
    drawn = [_month(rng, month, effect) for month in range(MONTHS)]
    sure = False
    for month in range(1, MONTHS + 1):
        cases = pl.concat([rows for rows, _ in drawn[:month]])
        lift = lift_of_all(cases)
        sure = sure or lift.answer == "works"
        if lift.difference is not None and min(lift.offered, lift.held) >= ENOUGH_PER_ARM:
            counted.looks += 1
            counted.held += _holds(lift, effect)
    [rate] = outcome_rates(cases.with_columns(kind=pl.lit("decision")))
    truth = float(np.concatenate([chances for _, chances in drawn]).mean())
    counted.rates += 1
    counted.rates_held += rate.low is not None and rate.high is not None and rate.low <= truth <= rate.high
    counted.programs += 1
    counted.claimed += sure


def _month(rng: np.random.Generator, month: int, effect: float) -> tuple[pl.DataFrame, npt.NDArray[np.float64]]:
    """Cases of a month, and the chances of those offered."""
    count, share = int(rng.integers(8, 40)), float(rng.choice([0.1, 0.3, 0.5]))
    before = rng.poisson(rng.gamma(0.7, 1.5, count))
    chance = np.clip(0.08 + 0.07 * np.log1p(before) + rng.normal(0, 0.03, count), 0.01, 0.8)
    held = rng.random(count) < share
    met = rng.random(count) < chance + effect * ~held
    day = date(2025, 1, 1) + timedelta(days=30 * month)
    rows = pl.DataFrame(
        {
            "case_id": [f"{month:02d}-{place:03d}" for place in range(count)],
            "kind": "lot",
            "cycle": f"{day:%Y-%m}",
            "as_of": day,
            "partner_id": [f"P{place}" for place in range(count)],
            "play": "first_selling_play",
            "arm": np.where(held, "held_back", "offered"),
            "propensity": np.where(held, share, 1 - share),
            "status": np.where(held, "", "committed"),
            "reason": "",
            "owner": "ana@program.example",
            "hours": 6.0,
            "probability": None,
            "without": None,
            "outcome_by": day + timedelta(days=45),
            "result": np.where(met, "met", "missed"),
            "ripe": True,
            "own_outcome": True,
            "before": before.astype(np.float64),
        }
    )
    return rows.cast(pl.Schema(CASES)), (chance + effect)[~held]


def _holds(lift: Lift, effect: float) -> bool:
    if lift.low95 is None or lift.high95 is None:
        return False
    middle, half = (lift.low95 + lift.high95) / 2, (lift.high95 - lift.low95) / 2 * Z90 / Z95
    return abs(middle - effect) <= half


if __name__ == "__main__":
    main()
