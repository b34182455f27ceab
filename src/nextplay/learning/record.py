"""The track record of each play: how its closed outcomes did against what was forecast, older ones counting for less."""

from datetime import date

import polars as pl

from nextplay.decisions.track_record import PlayRecord, TrackRecord

# Programs change: a case of ten months ago says half as much as one of today.
HALF_LIFE_DAYS = 304.0


def track_record(past: pl.DataFrame, as_of: date) -> TrackRecord:
    """From earlier decisions (`decisions.history.PAST`) whose window is over; those still open are no misses.

    One that is met before its window is over waits too: among decisions of the same day the met ones show first.
    """
    closed = past.filter((pl.col("status") == "committed") & pl.col("ripe"))
    age = (pl.lit(as_of) - pl.col("as_of")).dt.total_days().clip(0)
    weight = pl.lit(0.5).pow(age / HALF_LIFE_DAYS)
    met = (pl.col("result") == "met").cast(pl.Float64)
    # Sums of floats hang on their order.
    closed = closed.sort("play", "as_of", "decision_id").with_columns(weight=weight, met=met)
    return TrackRecord({play: _record(rows) for (play,), rows in closed.group_by("play", maintain_order=True)})


def _record(rows: pl.DataFrame) -> PlayRecord:
    weight, met, forecast = (rows[name].to_numpy() for name in ("weight", "met", "probability"))
    return PlayRecord(
        cases=rows.height,
        met=int(met.sum()),
        weighted_cases=float(weight.sum()),
        weighted_met=float((weight * met).sum()),
        weighted_expected=float((weight * forecast).sum()),
    )
