"""What the analysis and the traits say of one partner, as the profile draws it."""

import math
from dataclasses import dataclass
from datetime import datetime

from nextplay.operations.installation import Installation
from nextplay.operations.partner_analysis import CriterionRead, DimensionRead, partner_analysis
from nextplay.operations.partner_traits import partner_traits
from nextplay.traits.read import TraitReading
from nextplay.traits.words import said
from nextplay.web import figures

TREND_TONES = {"growing": "green", "steady": "blue", "fading": "orange", "new": "blue", "not known": "grey"}
# From here on a score is shown in green: well above the line under which it would be an area to address.
GOOD = 65
# Below this share of its evidence a score is labelled as thin.
THIN = 0.6
ROW_WORDS = {"deals": "deal", "activities": "activity", "contacts": "person", "accounts": "account"}


@dataclass(frozen=True)
class ShownCriterion:
    """One criterion and what it rests on."""

    label: str
    evidence: str
    points: str
    # The newest rows counted, as the source system calls them.
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownDimension:
    """One of the 4Cs."""

    label: str
    score: int | None
    tone: str
    note: str
    thin: bool
    gap: str
    criteria: tuple[ShownCriterion, ...]


@dataclass(frozen=True)
class ShownTrait:
    """One trait."""

    label: str
    score: float | None
    state: str
    tone: str
    basis: str


def scores_of(installation: Installation, partner_id: str, *, now: datetime) -> dict[str, object]:
    """Scores and traits of a partner. The caller has checked that the viewer may see them."""
    analysis, rubric = partner_analysis(installation, partner_id), installation.program.rubric
    return {
        "shows_scores": True,
        "address_below": rubric.address_below,
        "scored_on": analysis.as_of if analysis else None,
        "dimensions": [_dimension(one, rubric.address_below) for one in analysis.dimensions] if analysis else [],
        "strengths": [one.label for one in analysis.strengths] if analysis else [],
        "traits": [_trait(one) for one in partner_traits(installation, partner_id, now=now)],
    }


def _dimension(one: DimensionRead, address_below: float) -> ShownDimension:
    low = one.score is not None and one.score < address_below
    change = f"{'+' if one.change > 0 else figures.MINUS}{abs(one.change):.0f} since the run before, " if one.change else ""
    return ShownDimension(
        label=one.label,
        score=None if one.score is None else _whole(one.score, address_below, GOOD),
        tone="orange" if low else "green" if one.score is not None and one.score >= GOOD else "blue",
        note=f"{change}{figures.share(one.coverage)} of the evidence",
        thin=one.coverage < THIN and one.score is not None,
        gap=figures.words(one.reason) if low or one.score is None else "",
        criteria=tuple(_criterion(criterion) for criterion in one.criteria),
    )


def _whole(score: float, *lines: float) -> int:
    """Rounded, but never up to a line that the score lies below: 49.6 must not read as 50."""
    rounded = round(score)
    return math.floor(score) if any(score < line <= rounded for line in lines) else rounded


def _criterion(one: CriterionRead) -> ShownCriterion:
    if one.points is None:
        return ShownCriterion(one.label, "no evidence", figures.NOTHING)
    window = f" in {one.window_days} days" if one.window_days else ""
    if one.denominator:
        counted = f"{figures.count(one.numerator)} of {figures.count(one.denominator)}{window}"
    else:
        counted = f"{figures.count(one.value)}{window}"
    return ShownCriterion(one.label, counted, f"{round(one.points)} points", tuple(map(_row, one.rows)))


def _row(key: str) -> str:
    """`deals:D-7` as `deal D-7`."""
    table, _, row = key.partition(":")
    return f"{ROW_WORDS[table]} {row}"


def _trait(one: TraitReading) -> ShownTrait:
    basis = said(one.evidence) if one.score is not None else f"Needs {one.minimum}"
    return ShownTrait(one.label, one.score, figures.words(one.trend), TREND_TONES[one.trend], basis)
