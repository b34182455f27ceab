"""Follow-through: Beta(1.2, 1.2) over commitments met and missed in nine months (decision method, section 3)."""

import polars as pl

from nextplay.traits.rule import Trait

_MET, _MISSED = pl.col("commitment_met_270"), pl.col("commitment_missed_270")

KEEPS_COMMITMENTS = Trait(
    name="keeps_commitments",
    label="Holds itself to account",
    formula="(met + 1.2) / (met + missed + 2.4) x 100, over 270 days",
    minimum="2 commitments met or missed",
    rests_on=("commitment_met_270", "commitment_missed_270"),
    score=100 * (_MET + 1.2) / (_MET + _MISSED + 2.4),
    known=_MET + _MISSED >= 2,
)
