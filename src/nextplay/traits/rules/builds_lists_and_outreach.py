"""Co-creation: target lists shared and outreach sent, as a shrunk monthly rate."""

import polars as pl

from nextplay.traits.rule import Trait, rate_score

_MADE = pl.col("target_list_shared_90") + pl.col("outreach_sent_90")
_ASKED = pl.sum_horizontal("step_proposed_180", "meeting_held_180", "target_list_shared_180", "outreach_sent_180")

BUILDS_LISTS_AND_OUTREACH = Trait(
    name="builds_lists_and_outreach",
    label="Builds the target list and reaches out",
    formula="r / (r + 1) x 100, r = (lists + outreach in 90 days + 0.25) / 3.5 months",
    minimum="one meeting, proposed step, list or outreach in 180 days",
    rests_on=("target_list_shared_90", "outreach_sent_90"),
    score=rate_score((_MADE + 0.25) / 3.5, full=1),
    known=_ASKED >= 1,
)
