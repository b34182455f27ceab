"""Chance that a partner who sold in the last 90 days shows no selling event in the next 60.

Gamma-Poisson: with n (smoothed) events in E days and the program's own rate as prior, P(none in 60) =
((E + b) / (E + b + 60)) ^ (n + a). Silence beyond the partner's own usual gap moves the odds. Recency and frequency together
rank as well as richer models on public buy-again data; a model has to beat that before it replaces it.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

AHEAD_DAYS = 60
# The prior weighs as much as a month of looking at the partner.
PRIOR_DAYS = 30.0
# Odds grow with this power of the silence over the usual gap.
SILENCE_POWER = 0.8


def smoothed(near: Floats, far: Floats) -> Floats:
    """Events with recent ones counted in full: those of 90 days, and half of those of the 90 days before."""
    return near + 0.5 * (far - near)


def exposure(days: Floats) -> Floats:
    """Days looked at, weighted like the events of `smoothed`."""
    return np.clip(days, 1, 90) + 0.5 * np.clip(days - 90, 0, 90)


def drop_off_risk(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `drop_off_risk`, 0-1; null for partners that did not sell in the last 90 days."""
    near, far = (frame[name].cast(pl.Float64).to_numpy() for name in ("selling_90", "selling_180"))
    days = frame["days_in_program"].cast(pl.Float64).to_numpy()
    events, seen = smoothed(near, far), exposure(days)
    selling = near > 0
    rate = float(events[selling].sum() / seen[selling].sum()) if selling.any() else 0.0
    none_ahead = ((seen + PRIOR_DAYS) / (seen + PRIOR_DAYS + AHEAD_DAYS)) ** (events + rate * PRIOR_DAYS)
    silence = np.clip(frame["silence"].fill_null(1).to_numpy(), 1 / 3, 4)
    none_ahead = np.clip(none_ahead, 0.001, 0.999)
    odds = none_ahead / (1 - none_ahead) * silence**SILENCE_POWER
    risk = np.round(odds / (1 + odds), 3)
    return frame.with_columns(pl.when(pl.Series(selling)).then(pl.Series(risk)).alias("drop_off_risk"))
