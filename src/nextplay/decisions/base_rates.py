"""How often the outcome of each play comes without the play in this very program: what would have been forecast on an earlier
day for partners that the play fits and nobody played, against what followed.

Programs differ in their event rates by a factor; a prior written for all of them would promise gains that no play brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from nextplay.decisions.eligibility import conditions_met
from nextplay.decisions.gain import without_help
from nextplay.decisions.history import History
from nextplay.program.plays import Play
from nextplay.signals.asked import ASKED
from nextplay.signals.names import KINDS, SIGNALS

_FORECAST = {**ASKED, "play": pl.String(), "forecast": pl.Float64()}


@dataclass(frozen=True)
class BaseRates:
    """Logits by which forecasts without a play are moved, and the cases they rest on, by play."""

    shifts: Mapping[str, float] = field(default_factory=dict)
    cases: Mapping[str, int] = field(default_factory=dict)


def day_looked_back_to(as_of: date, plays: tuple[Play, ...]) -> date:
    """The latest day whose windows are all over."""
    return as_of - timedelta(days=1 + max((play.outcome.predicate.window_days for play in plays), default=0))


def forecasts(then: pl.DataFrame, day: date, plays: tuple[Play, ...], history: History) -> pl.DataFrame:
    """A row for every play and partner that it fitted on the day, as `signals.progress` asks, with `play` and `forecast`.

    `then`: signals of that day. Empty where the facts hardly reach back behind it: whoever seems never to have sold may have.
    """
    if not reaches_back(then):
        return pl.DataFrame(schema=_FORECAST)
    decided = [signal.name for signal in SIGNALS if signal.name not in then.columns]
    frame = then.with_columns(pl.lit(None).alias(name) for name in decided)
    played = history.past.filter((pl.col("status") == "committed") & (pl.col("outcome_by") > day))["partner_id"]
    fits = conditions_met(frame, plays) & ~frame["partner_id"].is_in(played.implode()).to_numpy().reshape(-1, 1)
    rows = [_asked(frame, play, fits[:, column], day) for column, play in enumerate(plays)]
    return pl.concat(rows) if rows else pl.DataFrame(schema=_FORECAST)


def base_rates(asked: pl.DataFrame, reached: pl.DataFrame, plays: tuple[Play, ...]) -> BaseRates:
    """From `forecasts` and what `signals.progress` found: each play's forecasts moved towards what happened."""
    told = asked.join(reached.select("decision_id", "reached_on"), on="decision_id", how="left", maintain_order="left")
    shifts, cases = {}, {}
    for play in plays:
        own = told.filter(pl.col("play") == play.name)
        if own.is_empty():
            continue
        said, met = float(np.sort(own["forecast"].to_numpy()).mean()), int(own["reached_on"].is_not_null().sum())
        happened = (play.prior.weight * said + met) / (play.prior.weight + own.height)
        shifts[play.name], cases[play.name] = _log_odds(happened) - _log_odds(said), own.height
    return BaseRates(shifts, cases)


def reaches_back(then: pl.DataFrame) -> bool:
    """Whether anything is known of the time well before the day of these signals."""
    older = [pl.col(f"{stem}_180").sum() - pl.col(f"{stem}_90").sum() for stem in (*KINDS, "opened")]
    return not then.is_empty() and bool(then.select(pl.sum_horizontal(older) > 0).item())


def _asked(frame: pl.DataFrame, play: Play, fits: np.typing.NDArray[np.bool_], day: date) -> pl.DataFrame:
    predicate = play.outcome.predicate
    picked = frame.select("partner_id").with_columns(forecast=pl.Series(without_help(frame, play))).filter(pl.Series(fits))
    return picked.select(
        pl.format("{}|{}", pl.lit(play.name), "partner_id").alias("decision_id"),
        "partner_id",
        pl.lit(day).alias("after"),
        pl.lit(day + timedelta(days=predicate.window_days)).alias("by"),
        pl.lit(predicate.event).alias("event"),
        pl.lit([*predicate.kinds, *predicate.stages], dtype=pl.List(pl.String)).alias("wanted"),
        pl.lit(float(predicate.at_least)).alias("at_least"),
        pl.lit(play.name).alias("play"),
        "forecast",
    )


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 0.001), 0.999)
    return float(np.log(bounded / (1 - bounded)))
