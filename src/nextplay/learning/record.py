"""The track record of each play: its outcomes whose window is over."""

import polars as pl

from nextplay.decisions.track_record import PlayRecord, TrackRecord


def track_record(past: pl.DataFrame) -> TrackRecord:
    """From earlier decisions (`decisions.history.PAST`) whose window is over; those still open are no misses.

    One that is met before its window is over waits too: among decisions of the same day the met ones show first.
    """
    closed = past.filter((pl.col("status") == "committed") & pl.col("ripe"))
    counted = closed.group_by("play").agg(cases=pl.len(), met=(pl.col("result") == "met").sum()).sort("play")
    return TrackRecord({play: PlayRecord(cases, met) for play, cases, met in counted.iter_rows()})
