"""What a play is expected to add for each partner: chance of its outcome with and without it, times what the outcome is worth.

Without the play: Poisson with the partner's own rate of such events, shrunk towards the play's prior. With it: the same on the
logit scale, moved by the play's effect (its prior, corrected by this program's closed outcomes) and by what its traits
say about its answering. All shapes are (partners, plays).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.drop_off import exposure, smoothed
from nextplay.decisions.track_record import PlayRecord, TrackRecord
from nextplay.program.plays import Play, Predicate
from nextplay.signals.names import KINDS

Floats = npt.NDArray[np.float64]

# Days of looking that the prior weighs as.
PRIOR_DAYS = 60.0
# Assumed: how long a partner keeps its rhythm.
RHYTHM_LASTS_DAYS = 300.0
# Logits that a trait of 100 adds and one of 0 takes away, assumed: follow-through first, then a seller, then speed, lists
# and words. `keeps_selling` is left out: it already speaks in the partner's own rate.
RESPONSE = {
    "keeps_commitments": 0.5,
    "has_a_named_seller": 0.4,
    "answers_fast": 0.3,
    "builds_lists_and_outreach": 0.3,
    "speaks_in_own_words": 0.2,
}


@dataclass(frozen=True)
class Gains:
    """Chances and money by partner and play, each of shape (partners, plays)."""

    p_with: Floats
    p_without: Floats
    gain: Floats


def expected_gains(
    frame: pl.DataFrame, plays: tuple[Play, ...], record: TrackRecord, base_shifts: Mapping[str, float] | None = None
) -> Gains:
    """`base_shifts`: logits by play that this program's own past moves the chance without the play (`decisions.base_rates`).

    Chances rounded to four digits and gains to cents, so that whoever recomputes a sentence gets the same number.
    """
    answering = _answering(frame)
    moved = base_shifts or {}
    without = np.column_stack([_moved(without_help(frame, play), moved.get(play.name, 0.0)) for play in plays])
    shifts = np.array([_effect(play, record.of(play.name)) for play in plays])
    odds = _logit(without) + shifts + answering.reshape(-1, 1)
    # A play that does not help is not run; it never counts as doing harm.
    p_with = np.round(np.maximum(1 / (1 + np.exp(-odds)), without), 4)
    p_without = np.round(without, 4)
    worth = frame["typical_deal"].to_numpy().reshape(-1, 1) * np.array([play.deals_per_outcome for play in plays])
    return Gains(p_with, p_without, np.round((p_with - p_without) * worth, 2))


def _moved(chance: Floats, logits: float) -> Floats:
    return chance if logits == 0 else np.asarray(1 / (1 + np.exp(-_logit(chance) - logits)), dtype=np.float64)


def _answering(frame: pl.DataFrame) -> Floats:
    """Logits by which a partner answers better or worse than an unknown one; a trait that is not known says nothing."""
    moved = sum(weight * ((frame[trait] - 50) / 50).fill_null(0).to_numpy() for trait, weight in RESPONSE.items())
    return np.asarray(moved, dtype=np.float64)


def without_help(frame: pl.DataFrame, play: Play) -> Floats:
    """Chance of the play's outcome by partner if nobody runs it, before the program's own record corrects it."""
    predicate = play.outcome.predicate
    counted = _counts(frame, predicate)
    if counted is None:
        return np.full(frame.height, play.prior.without)
    own = _own_rate(frame, play, counted)
    # A deal may also move without being won: never under the play's assumption.
    return np.maximum(own, play.prior.without) if predicate.event == "deal_stage_reached" else own


def _own_rate(frame: pl.DataFrame, play: Play, counted: Floats) -> Floats:
    """Chance of the outcome at the partner's own rate, shrunk towards the play's prior."""
    predicate = play.outcome.predicate
    days = frame["days_in_program"].cast(pl.Float64).to_numpy()
    silent = np.minimum(frame["days_since_selling"].cast(pl.Float64).fill_null(float("inf")).to_numpy(), days)
    # Two silent years say more than half of one: days beyond the windows count for a quarter.
    seen = exposure(days) + 0.25 * np.clip(silent - 180, 0, 550)
    at_least = int(np.ceil(predicate.at_least))
    prior = _rate_for(play.prior.without, at_least)
    usual = prior / predicate.window_days
    rate = (counted + usual * PRIOR_DAYS) / (seen + PRIOR_DAYS)
    # Out of its rhythm it is a partner like others the play is for, however often it sold before.
    rate = np.where(rate > usual, usual + (rate - usual) * in_rhythm(frame), rate)
    return np.clip(_at_least(rate * predicate.window_days, at_least), 0.001, 0.999)


def in_rhythm(frame: pl.DataFrame) -> Floats:
    """Chance that a partner still sells at its own pace after its silence; 1 where no pace is known.

    Sales at rate l = 1 / usual gap until a stop that comes at rate m: 1 / (1 + m / (l + m) (e^((l + m) t) - 1)) after t silent
    days (Schmittlein, Morrison, Colombo 1987, rates known).
    """
    pace = 1 / frame["usual_gap_days"].cast(pl.Float64).fill_null(float("inf")).to_numpy()
    stop = 1 / RHYTHM_LASTS_DAYS
    silent = frame["days_since_selling"].cast(pl.Float64).fill_null(0).to_numpy()
    silent = np.where(pace > 0, silent, 0)
    return np.asarray(1 / (1 + stop / (pace + stop) * np.expm1(np.minimum((pace + stop) * silent, 60))), dtype=np.float64)


def _counts(frame: pl.DataFrame, predicate: Predicate) -> Floats | None:
    """Smoothed events of the kind that closes the outcome; None where signals do not count them."""
    names = {
        "deal_opened": ["opened"],
        "deal_won": ["deals_won"],
        "deal_stage_reached": ["deals_won"] if "won" in predicate.stages else [],
        "activity": [kind for kind in predicate.kinds if kind in KINDS],
    }
    stems = names.get(predicate.event)
    if not stems:
        return None
    near = sum(frame[f"{stem}_90"].cast(pl.Float64).to_numpy() for stem in stems)
    far = sum(frame[f"{stem}_180"].cast(pl.Float64).to_numpy() for stem in stems)
    return smoothed(np.asarray(near), np.asarray(far))


def _at_least(expected: Floats, number: int) -> Floats:
    """P(N >= number) of a Poisson variable."""
    below = sum(np.exp(-expected + k * np.log(np.maximum(expected, 1e-12)) - lgamma(k + 1)) for k in range(number))
    return 1 - np.asarray(below, dtype=np.float64)


def _rate_for(chance: float, number: int) -> float:
    """Expected events in the window under which `number` of them or more have that chance; by bisection."""
    low, high = 0.0, 10.0 * number + 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if float(_at_least(np.array([middle]), number)[0]) > chance else (middle, high)
    return (low + high) / 2


def _effect(play: Play, record: PlayRecord) -> float:
    """Logits the play adds: its prior, corrected by how its closed outcomes did against what was forecast for them."""
    prior = _log_odds(play.prior.with_play) - _log_odds(play.prior.without)
    if record.weighted_cases <= 0:
        return prior
    forecast = record.weighted_expected / record.weighted_cases
    shrunk = (play.prior.weight * forecast + record.weighted_met) / (play.prior.weight + record.weighted_cases)
    return prior + _log_odds(shrunk) - _log_odds(forecast)


def _logit(chance: Floats) -> Floats:
    return np.log(chance / (1 - chance))


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 0.001), 0.999)
    return log(bounded / (1 - bounded))


def sigmoid(odds: float) -> float:
    """Back from logits to a chance."""
    return 1 / (1 + exp(-odds))
