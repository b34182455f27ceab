"""Response time to a concrete step, shrunk by two answers of a week; open proposals count with the days they have waited."""

import polars as pl

from nextplay.traits.rule import Trait

ANSWERS_FAST = Trait(
    name="answers_fast",
    label="Replies fast to a concrete step",
    formula="100 x 2^(-d / 7), d = (days to answers + days open proposals have waited + 2 x 7) / (answers + 2)",
    minimum="2 steps proposed in 180 days",
    rests_on=("proposals_180", "answered_180", "response_days"),
    score=100 * (pl.lit(2.0).pow(-pl.col("response_days") / 7)),
    known=pl.col("proposals_180") >= 2,
)
