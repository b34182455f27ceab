"""Chance that a partner who sold in the last 90 days shows no selling event in the next 60.

Two questions, multiplied: does it still sell after this silence, at its own pace (Schmittlein, Morrison, Colombo 1987, rates
known), and if it does, does a sale fall into the 60 days (Gamma-Poisson)? With x repeat selling days in T days since the first
of the year, pulled towards the program's own pace r by `PRIOR_DAYS` of looking: l = (x + 60 r) / (T + 60).

The figure is then moved to what followed in this very program (`learn`). A richer model is used only where it is better on the
program's own ripe cases, beyond chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.signals.names import KINDS

Floats = npt.NDArray[np.float64]

AHEAD_DAYS = 60
# The program's own pace weighs as much as two months of looking at the partner.
PRIOR_DAYS = 60.0
# Assumed: how long a partner keeps its pace.
RHYTHM_LASTS_DAYS = 300.0
# Cases that the unmoved figure weighs as, when it is moved to what followed.
PRIOR_CASES = 20.0
# Fewer cases, or fewer of one end, carry no model.
LEAST_CASES, LEAST_OF_EACH = 200, 20
FOLDS, RIDGE, STEPS = 5, 10.0, 25
# Two-sided 90 %.
_Z = 1.6448536269514722
# What a model may look at beside the simple figure: signals of will, speed and promises.
FEATURES = ("selling_faded", "will_faded", "momentum", "attention_180", "days_since_activity", "commitments_kept_270")


@dataclass(frozen=True)
class Improvement:
    """Mean log loss of the simple figure less that of the model, on cases neither had seen, with its 90 % interval."""

    cases: int
    mean: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the model is better, and not by luck."""
        return self.low > 0


@dataclass(frozen=True)
class DropOffModel:
    """What this program's own past says: logits that move the simple figure, and a model where it is worth having."""

    shift: float = 0.0
    cases: int = 0
    said: float | None = None
    happened: float | None = None
    compared: Improvement | None = None
    # Empty: the simple figure, moved. Else weights of the simple figure's logits, of each feature, and of a constant.
    weights: tuple[float, ...] = ()
    centers: Mapping[str, tuple[float, float]] = field(default_factory=dict)


ASSUMED = DropOffModel()


def smoothed(near: Floats, far: Floats) -> Floats:
    """Events with recent ones counted in full: those of 90 days, and half of those of the 90 days before."""
    return near + 0.5 * (far - near)


def exposure(days: Floats) -> Floats:
    """Days looked at, weighted like the events of `smoothed`."""
    return np.clip(days, 1, 90) + 0.5 * np.clip(days - 90, 0, 90)


def drop_off_risk(frame: pl.DataFrame, model: DropOffModel = ASSUMED) -> pl.DataFrame:
    """The frame with `drop_off_risk`, 0-1 to three digits; null for partners that did not sell in the last 90 days."""
    selling = frame["selling_90"].cast(pl.Float64).to_numpy() > 0
    risk = np.round(_sigmoid(_moved(frame, _logit(simple_risk(frame)), model)), 3)
    return frame.with_columns(pl.when(pl.Series(selling)).then(pl.Series(risk)).alias("drop_off_risk"))


def simple_risk(frame: pl.DataFrame) -> Floats:
    """The figure before the program's own past moves it, for every row; it means nothing where nothing was ever sold."""
    repeats, looked, silent = _rhythm(frame)
    sold = (frame["selling_90"].cast(pl.Float64).to_numpy() > 0) & (looked > 0)
    # One pace for all, in one order whatever the order of rows.
    pace = float(np.sort(repeats[sold]).sum() / np.sort(looked[sold]).sum()) if sold.any() else 0.0
    return 1 - chance_of_sale(repeats, looked, silent, pace)


def chance_of_sale(repeats: Floats, looked: Floats, silent: Floats, pace: float, ahead: float = AHEAD_DAYS) -> Floats:
    """Chance of at least one in the days ahead: repeats in so many days looked at, after so many silent ones."""
    events, days = repeats + pace * PRIOR_DAYS, looked + PRIOR_DAYS
    rate, stop = events / days, 1 / RHYTHM_LASTS_DAYS
    going_on = 1 / (1 + stop / (rate + stop) * np.expm1(np.minimum((rate + stop) * silent, 60)))
    return np.asarray(going_on * (1 - (days / (days + ahead)) ** events), dtype=np.float64)


def _rhythm(frame: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Repeat selling days of the year, days since the first of them, and days since the last."""
    days, gap = frame["selling_days_365"].cast(pl.Float64).to_numpy(), frame["usual_gap_days"].cast(pl.Float64)
    silent = frame["days_since_selling"].cast(pl.Float64).fill_null(0).to_numpy()
    # `usual_gap_days` = (last - first + 60) / (days + 1).
    span = np.maximum(gap.fill_null(0).to_numpy() * (days + 1) - 60, 0)
    return np.maximum(days - 1, 0), span + silent, silent


def reaches_back(then: pl.DataFrame) -> bool:
    """Whether anything is known of the time well before the day of these signals."""
    older = [pl.col(f"{stem}_180").sum() - pl.col(f"{stem}_90").sum() for stem in (*KINDS, "opened")]
    return not then.is_empty() and bool(then.select(pl.sum_horizontal(older) > 0).item())


def learn(then: pl.DataFrame, sold_after: pl.Series) -> DropOffModel:
    """From signals of a past day and the partners that sold in the 60 days after it, all of which are over.

    `then` as `signals.compute` gives it, sorted by partner_id.
    """
    frame = then.filter(pl.col("selling_90") > 0)
    if frame.is_empty():
        return ASSUMED
    dropped = (~frame["partner_id"].is_in(sold_after.implode())).to_numpy().astype(np.float64)
    simple = simple_risk(frame)
    said, cases = float(np.sort(simple).mean()), len(simple)
    pulled = (PRIOR_CASES * said + dropped.sum()) / (PRIOR_CASES + cases)
    shift = float(_logit(np.array([pulled]))[0] - _logit(np.array([said]))[0])
    moved = DropOffModel(round(shift, 6), cases, round(said, 4), round(float(dropped.mean()), 4))
    few = min(dropped.sum(), cases - dropped.sum()) < LEAST_OF_EACH
    return moved if few or cases < LEAST_CASES else _with_model(moved, frame, _logit(simple), dropped)


def _with_model(moved: DropOffModel, frame: pl.DataFrame, odds: Floats, dropped: Floats) -> DropOffModel:
    """Fold by fold, each judged by what the others taught; kept only where it is better beyond chance."""
    centers = {name: _center(frame[name]) for name in FEATURES}
    table, fold = _table(frame, odds, centers), np.arange(len(dropped)) % FOLDS
    plain, rich = np.empty(len(dropped)), np.empty(len(dropped))
    for each in range(FOLDS):
        inside, out = fold != each, fold == each
        plain[out] = odds[out] + _intercept(odds[inside], dropped[inside])
        rich[out] = table[out] @ _ridge(table[inside], dropped[inside])
    better = _log_loss(plain, dropped) - _log_loss(rich, dropped)
    error = float(better.std(ddof=1) / np.sqrt(len(better)))
    mean = float(better.mean())
    compared = Improvement(len(better), round(mean, 5), round(mean - _Z * error, 5), round(mean + _Z * error, 5))
    weights = tuple(float(each) for each in np.round(_ridge(table, dropped), 8)) if compared.beyond_chance else ()
    return DropOffModel(moved.shift, moved.cases, moved.said, moved.happened, compared, weights, centers if weights else {})


def _moved(frame: pl.DataFrame, odds: Floats, model: DropOffModel) -> Floats:
    return _table(frame, odds, model.centers) @ np.array(model.weights) if model.weights else odds + model.shift


def _center(values: pl.Series) -> tuple[float, float]:
    """Middle and spread of a signal; what is not known stands in the middle."""
    known = np.sort(values.cast(pl.Float64).drop_nulls().to_numpy())
    return (float(known.mean()), float(known.std()) or 1.0) if len(known) else (0.0, 1.0)


def _table(frame: pl.DataFrame, odds: Floats, centers: Mapping[str, tuple[float, float]]) -> Floats:
    columns = [(frame[name].cast(pl.Float64).fill_null(mid).to_numpy() - mid) / wide for name, (mid, wide) in centers.items()]
    # Beyond three spreads more of a thing says no more.
    return np.column_stack([odds, *(np.clip(column, -3, 3) for column in columns), np.ones(len(odds))])


def _ridge(table: Floats, dropped: Floats) -> Floats:
    """Ridge logistic regression by Newton's steps, pulled towards the simple figure as it stands."""
    start = np.zeros(table.shape[1])
    start[0] = 1.0
    weights, pull = start.copy(), np.full(table.shape[1], RIDGE)
    for _ in range(STEPS):
        chance = _sigmoid(table @ weights)
        slope = table.T @ (chance - dropped) + pull * (weights - start)
        curve = (table * (chance * (1 - chance)).reshape(-1, 1)).T @ table + np.diag(pull)
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def _intercept(odds: Floats, dropped: Floats) -> float:
    said = _sigmoid(odds).mean()
    happened = (PRIOR_CASES * said + dropped.sum()) / (PRIOR_CASES + len(dropped))
    return float(_logit(np.array([happened]))[0] - _logit(np.array([said]))[0])


def _log_loss(odds: Floats, dropped: Floats) -> Floats:
    return np.logaddexp(0, odds) - dropped * odds


def _logit(chance: Floats) -> Floats:
    bounded = np.clip(chance, 0.001, 0.999)
    return np.asarray(np.log(bounded / (1 - bounded)), dtype=np.float64)


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)
