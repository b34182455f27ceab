"""From a row a partner and kind of activity to columns: whole numbers set down by place, a row of the counts at a time in C."""

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.signals.names import KINDS, PROMISE_DAYS, WINDOWS

# Kinds of promises, judged over the longer window too.
_PROMISED = ("commitment_met", "commitment_missed")
_NEVER = -1

Whole = npt.NDArray[np.int64]


def spread(frame: pl.DataFrame, counts: pl.DataFrame, day: date) -> pl.DataFrame:
    """Adds `<kind>_<days>`, `days_since_<kind>`, `days_since_activity` and `first_at`; what nobody did stays 0, or null.

    `frame` has a row a partner, `counts` is `expressions.activity_counts`.
    """
    places = frame.select("partner_id").with_row_index("place")
    counts = counts.join(places, on="partner_id", how="inner").with_columns(
        code=pl.col("kind").replace_strict({kind: code for code, kind in enumerate(KINDS)}, return_dtype=pl.Int64),
        since=(pl.lit(day) - pl.col("last_at").dt.date()).dt.total_days(),
    )
    code, place = counts["code"].to_numpy(), counts["place"].to_numpy()
    columns = []
    for days in (*WINDOWS, PROMISE_DAYS):
        grid = _set_down(counts[f"n{days}"], code, place, frame.height, 0, np.int32)
        kinds = KINDS if days in WINDOWS else _PROMISED
        columns += [pl.Series(f"{kind}_{days}", grid[KINDS.index(kind)]) for kind in kinds]
    since = _set_down(counts["since"], code, place, frame.height, _NEVER, np.int64)
    columns += [pl.Series(f"days_since_{kind}", since[code]) for code, kind in enumerate(KINDS)]
    return frame.with_columns(columns).with_columns(_known(frame, counts))


def _known(frame: pl.DataFrame, counts: pl.DataFrame) -> list[pl.Expr | pl.Series]:
    """Days since as nulls where a kind never showed, and the first time anything did."""
    ever = [pl.col(f"days_since_{kind}").replace(_NEVER, None) for kind in KINDS]
    firsts = counts.group_by("place").agg(pl.col("first_at").min())
    first = frame.select(place=pl.int_range(pl.len(), dtype=pl.UInt32)).join(
        firsts, on="place", how="left", maintain_order="left"
    )
    return [*ever, pl.min_horizontal(ever).alias("days_since_activity"), first["first_at"]]


def _set_down(values: pl.Series, code: Whole, place: Whole, partners: int, empty: int, kind: type[np.integer]) -> Whole:
    grid = np.full((len(KINDS), partners), empty, dtype=kind)
    grid[code, place] = values.to_numpy()
    return grid
