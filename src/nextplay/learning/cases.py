"""What learning looks at: a row a decision, and a row a side of each lot. What was drawn and decided on has both."""

from collections.abc import Mapping

import polars as pl

# The sides of a lot that can show an effect.
BY_LOT = ("offered", "held_back")

# `arm`: `offered` and `held_back` by lot, `chosen` without one, `explored` among those little is known of.
CASES: Mapping[str, pl.DataType] = {
    "case_id": pl.String(),
    # decision, or lot: judged from the day of the lot by what it wrote down, run or not.
    "kind": pl.String(),
    "cycle": pl.String(),
    "as_of": pl.Date(),
    "partner_id": pl.String(),
    "play": pl.String(),
    "arm": pl.String(),
    # Chance that the lot fell as it did; 1 where none was drawn.
    "propensity": pl.Float64(),
    # proposed, committed, declined or snoozed; `replaced` where it was turned down for another play; of what a person decided
    # beside the list `let_go` what was declined later, `stopped` and `put_off` who got no play; empty: there is no decision.
    "status": pl.String(),
    "reason": pl.String(),
    "owner": pl.String(),
    "hours": pl.Float64(),
    # Chance of the outcome as the method said it; null for those held back and for what a person decided beside the list.
    "probability": pl.Float64(),
    # The same without the play.
    "without": pl.Float64(),
    "outcome_by": pl.Date(),
    # met, missed or open, read from facts; also of what nobody ran.
    "result": pl.String(),
    # The window is over and the facts reach past it.
    "ripe": pl.Boolean(),
    # False where a person let something else count than the play's own outcome: no evidence of the play.
    "own_outcome": pl.Boolean(),
    # The same events in the same time before the decision: the prognosis that comparisons are corrected by.
    "before": pl.Float64(),
}


def no_cases() -> pl.DataFrame:
    """A frame without a row."""
    return pl.DataFrame(schema=dict(CASES))


def drawn(cases: pl.DataFrame) -> pl.DataFrame:
    """Those a lot decided about, whose window is over. Only they can show an effect."""
    by_lot = pl.col("arm").is_in(BY_LOT) & (pl.col("propensity") > 0) & (pl.col("propensity") < 1)
    return lots(cases).filter(by_lot & pl.col("ripe")).sort("case_id")


def run(cases: pl.DataFrame) -> pl.DataFrame:
    """Those that hours went into, whose window is over."""
    return decisions(cases).filter((pl.col("status") == "committed") & pl.col("ripe")).sort("case_id")


def decisions(cases: pl.DataFrame) -> pl.DataFrame:
    """Those that somebody could decide on."""
    return cases.filter(pl.col("kind") == "decision")


def lots(cases: pl.DataFrame) -> pl.DataFrame:
    """Sides of lots."""
    return cases.filter(pl.col("kind") == "lot")
