"""Own language: narratives of its own, and replies that its outreach earns."""

import polars as pl

from nextplay.traits.rule import Trait

_EARNED = pl.col("outreach_replied_180") + pl.col("narrative_shared_180")
_SENT = pl.max_horizontal("outreach_sent_180", "outreach_replied_180") + pl.col("narrative_shared_180")

SPEAKS_IN_OWN_WORDS = Trait(
    name="speaks_in_own_words",
    label="Says the offer in own words",
    formula="(replies + narratives + 1) / (outreach + narratives + 4) x 100, over 180 days",
    minimum="4 outreach messages, or one narrative",
    rests_on=("outreach_sent_180", "outreach_replied_180", "narrative_shared_180"),
    score=100 * (_EARNED + 1) / (_SENT + 4),
    known=(pl.col("outreach_sent_180") >= 4) | (pl.col("narrative_shared_180") >= 1),
)
