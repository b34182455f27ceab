"""A named seller with time: someone in a selling role, seen in the last 60 days."""

import polars as pl

from nextplay.traits.rule import Trait

HAS_A_NAMED_SELLER = Trait(
    name="has_a_named_seller",
    label="Has a named seller with time for it",
    formula="40 for a contact in a selling role, and 60 x (1 - 0.5 / (1 + n)) for n sellers active in 60 days",
    minimum="one contact known",
    rests_on=("sellers", "sellers_active_60", "contacts"),
    score=40 * (pl.col("sellers") > 0).cast(pl.Float64)
    + 60 * (pl.col("sellers_active_60") > 0).cast(pl.Float64) * (1 - 0.5 / (1 + pl.col("sellers_active_60"))),
    known=pl.col("contacts") > 0,
)
