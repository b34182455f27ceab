"""Two kinds of partner that look busy and do not sell, recognized by what came of it, with the counts it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from nextplay.program.plays import StopRule
from nextplay.traits.verdict import collects_badges, polite_hope

Kind = Literal["polite", "collects_badges"]
LABELS: Mapping[Kind, str] = {"polite": "Polite, does not sell", "collects_badges": "Collects badges"}


@dataclass(frozen=True)
class Recognized:
    """What a partner is recognized as; every number of `why` is a signal of the day."""

    kind: Kind
    label: str
    why: str


def recognized(signals: pl.DataFrame, rule: StopRule, plays_missed: int) -> Recognized | None:
    """Of one partner, whose one row `signals` holds; None where neither fits. Who is both is called polite: it costs hours."""
    frame = signals.with_columns(plays_missed=pl.lit(plays_missed))
    told = frame.select(
        polite=polite_hope(rule), collects_badges=collects_badges(), why_polite=why_polite(), why_badges=why_badges()
    ).row(0, named=True)
    if told["polite"]:
        return Recognized("polite", LABELS["polite"], told["why_polite"])
    return Recognized("collects_badges", LABELS["collects_badges"], told["why_badges"]) if told["collects_badges"] else None


def why_polite() -> pl.Expr:
    """Attention, and what came of it."""
    kept = pl.col("commitment_met_270")
    return pl.format(
        "{} meetings and webinars in 180 days, nothing sold in them; {} of {} commitments kept, "
        "{} of {} proposed steps accepted, {} plays missed.",
        pl.col("attention_180"),
        kept,
        kept + pl.col("commitment_missed_270"),
        pl.min_horizontal("step_accepted_180", "proposals_180"),
        pl.col("proposals_180"),
        pl.col("plays_missed"),
    )


def why_badges() -> pl.Expr:
    """Badges, and the deals and promises that are missing beside them."""
    return pl.format(
        "{} logins, trainings, certifications and webinars in 180 days; nothing sold in {} days in the program, "
        "{} of {} commitments kept.",
        pl.col("badges_180"),
        pl.col("days_in_program"),
        pl.col("commitment_met_270"),
        pl.col("commitment_met_270") + pl.col("commitment_missed_270"),
    )
