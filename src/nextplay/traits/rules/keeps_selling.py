"""Selling momentum: how often the partner brings business, from counts shrunk by half an event a month."""

import polars as pl

from nextplay.traits.rule import Trait, rate_score

_PER_MONTH = (pl.col("selling_90") + 0.5 * (pl.col("selling_180") - pl.col("selling_90")) + 0.25) / 5.5

KEEPS_SELLING = Trait(
    name="keeps_selling",
    label="Brings business, and keeps at it",
    formula="r / (r + 1) x 100, r = (events in 90 days + half of those in the 90 before + 0.25) / 5.5 months",
    minimum="30 days in the program, or one selling event",
    rests_on=("selling_90", "selling_180", "days_in_program"),
    score=rate_score(_PER_MONTH, full=1),
    known=(pl.col("days_in_program") >= 30) | (pl.col("selling_180") > 0),
)
