"""Chance that a partner who sold in the last 90 days shows no selling event in the next 60.

Two figures, mixed on the scale of log odds. Its rhythm (`simple_risk`) asks two questions and multiplies: does it still sell
after this silence, at its own pace (Schmittlein, Morrison, Colombo 1987, rates known), and if it does, does a sale fall into
the 60 days (Gamma-Poisson)? With x repeat selling days in T days since the first of the year, pulled towards the program's own
pace r by `PRIOR_DAYS` of looking: l = (x + 60 r) / (T + 60). Its stages (`silent_ahead`) ask where the partner is believed to
stand, by all that it did and not by its sales alone, and how often nothing is sold from there.

The mix is then moved to what followed in this very program (`learn`): it gives way to the rhythm alone as far as that was right
more often beyond chance, and a richer model is used only where it is better on the program's own ripe cases, beyond chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.belief import forward, in_blocks
from nextplay.decisions.outlook import at_tempo, few
from nextplay.decisions.prospect import Prospects
from nextplay.facts.contract import VANITY_KINDS
from nextplay.signals.month_counts import COUNTED, DAYS_OF_MONTH
from nextplay.signals.names import KINDS

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

AHEAD_DAYS = 60
# The program's own pace weighs as much as two months of looking at the partner.
PRIOR_DAYS = 60.0
# Assumed: how long a partner keeps its pace.
RHYTHM_LASTS_DAYS = 300.0
# Weight of the figure by stages beside the one by rhythm, until the program's own cases say that rhythm alone is better: set
# by hand on worlds of the simulator (docs/benchmarks.md), where more than days of sale is on record.
STAGES_WEIGHT = 0.75
# Cases that the unmoved figure weighs as, when it is moved to what followed.
PRIOR_CASES = 20.0
# Fewer cases, or fewer of one end, carry no model.
LEAST_CASES, LEAST_OF_EACH = 200, 20
FOLDS, RIDGE, STEPS = 5, 10.0, 25
# Two-sided 90 %.
_Z = 1.6448536269514722
# What a model may look at beside the simple figure: signals of will, speed and promises. None that a login or a badge moves.
WORK_KINDS = tuple(kind for kind in KINDS if kind not in VANITY_KINDS)
FEATURES: Mapping[str, pl.Expr] = {
    **{name: pl.col(name) for name in ("selling_faded", "will_faded", "momentum", "meeting_held_180", "commitments_kept_270")},
    "days_since_work": pl.min_horizontal(f"days_since_{kind}" for kind in WORK_KINDS),
}


@dataclass(frozen=True)
class Improvement:
    """Mean log loss of the plainer figure less that of the richer, fold by fold, with its 90 % interval.

    What moves either to the cases is fitted on the other folds; the figure by stages itself is not (`silent_then`).
    """

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
    """What this program's own past says: logits that move the mix of both figures, and a model where it is worth having."""

    shift: float = 0.0
    # Weight of the figure by stages: less, the surer this program's own cases are that rhythm alone is better.
    stages: float = STAGES_WEIGHT
    cases: int = 0
    said: float | None = None
    happened: float | None = None
    # The mix against rhythm alone; the model against the better of both.
    mixed: Improvement | None = None
    compared: Improvement | None = None
    # Empty: the mix, moved. Else weights of its logits, of each feature, and of a constant.
    weights: tuple[float, ...] = ()
    centers: Mapping[str, tuple[float, float]] = field(default_factory=dict)


ASSUMED = DropOffModel()


def drop_off_risk(frame: pl.DataFrame, silent: Floats, model: DropOffModel = ASSUMED) -> pl.DataFrame:
    """The frame with `drop_off_risk`, 0-1 to three digits; null for partners that did not sell in the last 90 days.

    `silent` (partners): `silent_ahead` of the same partners.
    """
    selling = frame["selling_90"].cast(pl.Float64).to_numpy() > 0
    odds = mix(simple_risk(frame), silent, model.stages)
    risk = np.round(_sigmoid(_moved(frame, odds, model)), 3)
    return frame.with_columns(pl.when(pl.Series(selling)).then(pl.Series(risk)).alias("drop_off_risk"))


def mix(rhythm: Floats, silent: Floats, stages: float) -> Floats:
    """Log odds of both figures together."""
    return (1 - stages) * _logit(rhythm) + stages * _logit(silent)


def silent_ahead(seen: Prospects) -> Floats:
    """Chance of no selling event in the days ahead by where each partner is believed to stand: deals, referrals, co-sell."""
    rates = seen.model.deals + seen.model.rates[COUNTED.index("referrals")]
    table = few(seen.model, rates, 1, AHEAD_DAYS)
    parts = in_blocks(lambda rows: at_tempo(table, seen.belief[rows], seen.tempo[rows])[:, 0], len(seen.tempo))
    return np.concatenate(parts)


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


def learned(cases: pl.DataFrame | None, partners: pl.Series, seen: Prospects) -> DropOffModel:
    """What past cases say (`looked_back.cases_of`), by what was believed of them then; `partners` in the order of `seen`."""
    if cases is None:
        return ASSUMED
    places = pl.DataFrame({"partner_id": partners}).with_row_index("row")
    known = cases.join(places, on="partner_id", how="inner", maintain_order="left")
    return learn(known, silent_then(seen, known["row"].to_numpy())) if known.height else ASSUMED


def silent_then(seen: Prospects, rows: Whole) -> Floats:
    """`silent_ahead` of some partners as of 60 days ago: nothing that each did since moves what is believed of it.

    The few numbers of the whole program (rates and passages by kind and stage, what plays do, the season) are those fitted on
    all months, these 60 days among them. Fitted without them, at twice the cost, the weight of stages comes out the same and
    the logits move by 0.01 to 0.11 (docs/benchmarks.md): it is the model in use that is moved to what followed.
    """
    month = max(seen.seen.months - AHEAD_DAYS // DAYS_OF_MONTH, 0)
    earlier = seen.seen.of(rows).until(month)
    passed = forward(seen.model, earlier, seen.effects, np.empty(0, np.int64))
    return silent_ahead(replace(seen, belief=passed.belief, tempo=seen.tempo_then[month][rows]))


def learn(cases: pl.DataFrame, silent: Floats) -> DropOffModel:
    """From cases whose days are over; `silent` as `silent_then` gives it for them."""
    dropped = (~cases["sold"]).to_numpy().astype(np.float64)
    rhythm = simple_risk(cases)
    enough = len(dropped) >= LEAST_CASES and min(dropped.sum(), len(dropped) - dropped.sum()) >= LEAST_OF_EACH
    mixed = _mixed(rhythm, silent, dropped) if enough else None
    stages = STAGES_WEIGHT if mixed is None else _stages_weight(mixed)
    odds = mix(rhythm, silent, stages)
    said = float(np.sort(_sigmoid(odds)).mean())
    shift, happened = round(_intercept(odds, dropped), 6), round(float(dropped.mean()), 4)
    moved = DropOffModel(shift, stages, len(dropped), round(said, 4), happened, mixed)
    return _with_model(moved, cases, odds, dropped) if enough else moved


def _mixed(rhythm: Floats, silent: Floats, dropped: Floats) -> Improvement:
    """What the figure by stages adds to rhythm alone; fold by fold, both moved by what the others taught."""
    alone, both = mix(rhythm, silent, 0.0), mix(rhythm, silent, STAGES_WEIGHT)
    return _better(_out_of_fold(alone, dropped), _out_of_fold(both, dropped), dropped)


def _stages_weight(mixed: Improvement) -> float:
    """The share of the weight that luck alone would explain rhythm being better by (two-sided normal); all where it was not."""
    error = (mixed.high - mixed.low) / (2 * _Z)
    short = max(-mixed.mean, 0.0)
    return round(STAGES_WEIGHT * erfc(short / (error * sqrt(2))), 3) if error > 0 else STAGES_WEIGHT


def _out_of_fold(odds: Floats, dropped: Floats) -> Floats:
    """The odds of each fold, moved by what happened in the other folds."""
    fold, moved = np.arange(len(dropped)) % FOLDS, np.empty(len(dropped))
    for each in range(FOLDS):
        inside = fold != each
        moved[~inside] = odds[~inside] + _intercept(odds[inside], dropped[inside])
    return moved


def _better(plain: Floats, rich: Floats, dropped: Floats) -> Improvement:
    better = _log_loss(plain, dropped) - _log_loss(rich, dropped)
    error, mean = float(better.std(ddof=1) / np.sqrt(len(better))), float(better.mean())
    return Improvement(len(better), round(mean, 5), round(mean - _Z * error, 5), round(mean + _Z * error, 5))


def _with_model(moved: DropOffModel, frame: pl.DataFrame, odds: Floats, dropped: Floats) -> DropOffModel:
    """Fold by fold, each judged by what the others taught; kept only where it is better beyond chance."""
    centers = {each.name: _center(each) for each in frame.select(**FEATURES)}
    table, fold, rich = _table(frame, odds, centers), np.arange(len(dropped)) % FOLDS, np.empty(len(dropped))
    for each in range(FOLDS):
        inside = fold != each
        rich[~inside] = table[~inside] @ _ridge(table[inside], dropped[inside])
    compared = _better(_out_of_fold(odds, dropped), rich, dropped)
    weights = tuple(float(each) for each in np.round(_ridge(table, dropped), 8)) if compared.beyond_chance else ()
    return replace(moved, compared=compared, weights=weights, centers=centers if weights else {})


def _moved(frame: pl.DataFrame, odds: Floats, model: DropOffModel) -> Floats:
    return _table(frame, odds, model.centers) @ np.array(model.weights) if model.weights else odds + model.shift


def _center(values: pl.Series) -> tuple[float, float]:
    """Middle and spread of a signal; what is not known stands in the middle."""
    known = np.sort(values.cast(pl.Float64).drop_nulls().to_numpy())
    return (float(known.mean()), float(known.std()) or 1.0) if len(known) else (0.0, 1.0)


def _table(frame: pl.DataFrame, odds: Floats, centers: Mapping[str, tuple[float, float]]) -> Floats:
    features = frame.select(**FEATURES).cast(pl.Float64)
    columns = [(features[name].fill_null(mid).to_numpy() - mid) / wide for name, (mid, wide) in centers.items()]
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
