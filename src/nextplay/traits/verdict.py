"""Which partners no play should be spent on: polite hope, and badges instead of selling."""

import polars as pl

from nextplay.program.plays import StopRule

# Two a month for half a year; who joined lately is to train first.
MANY_BADGES, SETTLED_DAYS = 12, 180


def polite_hope(rule: StopRule) -> pl.Expr:
    """Attention without selling: meetings and webinars, nothing sold, and promises, steps or plays that came to nothing."""
    return (
        (pl.col("attention_180") >= rule.meetings_at_least)
        & (pl.col("selling_180") == 0)
        & (pl.col("days_in_program") >= rule.days_in_program)
        & pl.any_horizontal(came_to_nothing(rule))
    )


def came_to_nothing(rule: StopRule) -> list[pl.Expr]:
    """Flags `stop_missed`, `stop_refused`, `stop_plays`: promises, proposed steps or plays of which little came."""
    missed = (pl.col("commitment_missed_270") >= rule.missed_commitments) & (
        pl.col("commitment_missed_270") >= pl.col("commitment_met_270")
    )
    refused = pl.col("proposals_180") - pl.col("step_accepted_180")
    declines = (refused >= rule.refused_steps) & (refused >= pl.col("step_accepted_180"))
    plays = pl.col("plays_missed") >= rule.missed_plays
    return [missed.alias("stop_missed"), declines.alias("stop_refused"), plays.alias("stop_plays")]


def badges_only() -> pl.Expr:
    """Trains, logs in and attends, but never sold and took no step towards selling in 180 days."""
    return (pl.col("badges_180") >= 3) & (pl.col("selling_days") == 0) & (pl.col("will_180") == 0)


def collects_badges() -> pl.Expr:
    """Many logins, trainings, certifications and webinars, and neither a deal ever nor one commitment kept in nine months.

    It names a partner on its profile. It moves no trait, gain or chance; what ends plays is `badges_only`, which asks for more.
    """
    return (
        (pl.col("badges_180") >= MANY_BADGES)
        & (pl.col("selling_days") == 0)
        & (pl.col("commitment_met_270") == 0)
        & (pl.col("days_in_program") >= SETTLED_DAYS)
    )
