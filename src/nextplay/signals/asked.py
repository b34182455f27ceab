"""What is asked of the facts about a decision. Knows no engine, so that rules may ask."""

import polars as pl

# One decision a row: who, after which day, by which day, and the predicate's parts.
ASKED: dict[str, pl.DataType] = {
    "decision_id": pl.String(),
    "partner_id": pl.String(),
    "after": pl.Date(),
    "by": pl.Date(),
    "event": pl.String(),
    # Kinds of activity, or stages of a deal; empty where the event says it all.
    "wanted": pl.List(pl.String()),
    "at_least": pl.Float64(),
}
