"""From a row a partner and kind of activity to columns: whole numbers set down by place, a row of the counts at a time in C."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import polars as pl

from nextplay.signals.names import KINDS, PROMISE_DAYS, WINDOWS

# Kinds of promises, judged over the longer window too.
_PROMISED = ("commitment_met", "commitment_missed")
_NEVER = -1


def spread(frame: pl.DataFrame, parts: Iterable[pl.DataFrame], day: date) -> pl.DataFrame:
    """Adds `<kind>_<days>`, `days_since_<kind>`, `days_since_activity` and `first_at`; what nobody did stays 0, or null.

    `frame` has a row a partner; `parts` together are `expressions.activity_counts` of all kinds, each let go before the next.
    """
    places = frame.select("partner_id").with_row_index("place")
    grids = {days: np.zeros((len(KINDS), frame.height), np.int32) for days in (*WINDOWS, PROMISE_DAYS)}
    since, firsts = np.full((len(KINDS), frame.height), _NEVER, np.int64), []
    for part in parts:
        counts = part.join(places, on="partner_id", how="inner").select(
            "place",
            "first_at",
            *(f"n{days}" for days in grids),
            code=pl.col("kind").replace_strict({kind: code for code, kind in enumerate(KINDS)}, return_dtype=pl.Int64),
            since=(pl.lit(day) - pl.col("last_at").dt.date()).dt.total_days(),
        )
        at = counts["code"].to_numpy(), counts["place"].to_numpy()
        for days, grid in grids.items():
            grid[at] = counts[f"n{days}"].to_numpy()
        since[at] = counts["since"].to_numpy()
        firsts.append(counts.group_by("place").agg(pl.col("first_at").min()))
    columns = [
        pl.Series(f"{kind}_{days}", grid[code])
        for days, grid in grids.items()
        for code, kind in enumerate(KINDS)
        if days in WINDOWS or kind in _PROMISED
    ]
    columns += [pl.Series(f"days_since_{kind}", since[code]) for code, kind in enumerate(KINDS)]
    return frame.with_columns(columns).with_columns(_known(frame, pl.concat(firsts)))


def _known(frame: pl.DataFrame, firsts: pl.DataFrame) -> list[pl.Expr | pl.Series]:
    """Days since as nulls where a kind never showed, and the first time anything did."""
    ever = [pl.col(f"days_since_{kind}").replace(_NEVER, None) for kind in KINDS]
    first = frame.select(place=pl.int_range(pl.len(), dtype=pl.UInt32)).join(
        firsts.group_by("place").agg(pl.col("first_at").min()), on="place", how="left", maintain_order="left"
    )
    return [*ever, pl.min_horizontal(ever).alias("days_since_activity"), first["first_at"]]
