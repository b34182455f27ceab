"""Reads the six traits off a frame of signals, with their change over 30 days."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from nextplay.traits.rule import Trait
from nextplay.traits.rules.answers_fast import ANSWERS_FAST
from nextplay.traits.rules.builds_lists_and_outreach import BUILDS_LISTS_AND_OUTREACH
from nextplay.traits.rules.has_a_named_seller import HAS_A_NAMED_SELLER
from nextplay.traits.rules.keeps_commitments import KEEPS_COMMITMENTS
from nextplay.traits.rules.keeps_selling import KEEPS_SELLING
from nextplay.traits.rules.speaks_in_own_words import SPEAKS_IN_OWN_WORDS

TRAITS: tuple[Trait, ...] = (
    KEEPS_SELLING,
    HAS_A_NAMED_SELLER,
    BUILDS_LISTS_AND_OUTREACH,
    ANSWERS_FAST,
    SPEAKS_IN_OWN_WORDS,
    KEEPS_COMMITMENTS,
)
TREND_DAYS = 30
# Smaller changes lie within what one event more or less does.
CLEAR_CHANGE = 5.0

Trend = Literal["growing", "steady", "fading", "new", "not known"]


@dataclass(frozen=True)
class TraitReading:
    """One trait of one partner. `score` None: not known yet. `change` is over 30 days, None where then was not known."""

    trait: str
    label: str
    score: float | None
    change: float | None
    trend: Trend
    evidence: tuple[tuple[str, float | str | None], ...]
    formula: str
    minimum: str


def read_traits(signals: pl.DataFrame) -> pl.DataFrame:
    """partner_id and a column a trait, 0-100 or null, in the order of the signals frame."""
    return signals.select("partner_id", *(trait.reading for trait in TRAITS))


def readings(signals: pl.DataFrame, before: pl.DataFrame, partner_id: str) -> tuple[TraitReading, ...]:
    """Traits of one partner today against 30 days before; empty for a partner that is in neither frame."""
    now = signals.filter(pl.col("partner_id") == partner_id)
    if now.is_empty():
        return ()
    row = now.row(0, named=True)
    then = before.filter(pl.col("partner_id") == partner_id)
    scores = read_traits(now).row(0, named=True)
    earlier = read_traits(then).row(0, named=True) if not then.is_empty() else {}
    return tuple(_reading(trait, scores[trait.name], earlier.get(trait.name), row) for trait in TRAITS)


def _reading(trait: Trait, score: float | None, earlier: float | None, row: dict[str, float | str | None]) -> TraitReading:
    change = round(score - earlier, 1) if score is not None and earlier is not None else None
    return TraitReading(
        trait=trait.name,
        label=trait.label,
        score=score,
        change=change,
        trend=_trend(score, change),
        evidence=tuple((name, row[name]) for name in trait.rests_on),
        formula=trait.formula,
        minimum=trait.minimum,
    )


def _trend(score: float | None, change: float | None) -> Trend:
    if score is None:
        return "not known"
    if change is None:
        return "new"
    if abs(change) < CLEAR_CHANGE:
        return "steady"
    return "growing" if change > 0 else "fading"
