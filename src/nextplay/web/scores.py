"""What the analysis and the traits say of one partner, as the profile draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_analysis import GOOD, CriterionRead, DimensionRead, partner_analysis, whole_score
from nextplay.operations.partners.partner_quotes import Said, partner_quotes
from nextplay.operations.partners.partner_summary import partner_summary
from nextplay.operations.partners.partner_traits import partner_tendencies
from nextplay.traits.read import TraitReading
from nextplay.traits.words import said
from nextplay.web import figures
from nextplay.web.summary import shown_summary

TREND_TONES = {"growing": "green", "steady": "blue", "fading": "orange", "new": "blue", "not known": "grey"}
# Below this share of its evidence a score is labelled as thin.
THIN = 0.6
# Sentences shown beside a score.
MOST_QUOTES = 1
# Criteria counted in days, not in cases.
IN_DAYS = ("reply_time",)
# What is divided by what, where it is not a part of a whole.
PER = {"deals_per_seller": (("open deal", "open deals"), ("seller", "sellers"))}
# What a part and its whole are counts of, where it is not rows.
OF_WHAT = {"lead_seller": " weeks"}


@dataclass(frozen=True)
class ShownCriterion:
    """One criterion and what it rests on; `moved` says what changed since the reading before."""

    name: str
    label: str
    evidence: str
    points: str
    moved: str = ""


@dataclass(frozen=True)
class ShownDimension:
    """One of the 4Cs."""

    name: str
    label: str
    score: int | None
    tone: str
    note: str
    thin: bool
    gap: str
    trend: tuple[float, ...]
    # The newest sentence of a text that is about it.
    quotes: tuple[Said, ...]
    criteria: tuple[ShownCriterion, ...]
    # What moved it since the reading before.
    moved: tuple[ShownCriterion, ...]


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
    quotes = partner_quotes(installation, partner_id, now=now)
    since = f"since {figures.short_day(analysis.before.as_of)}" if analysis and analysis.before else ""
    told = partner_summary(installation, partner_id, analysis) if analysis else None
    tendencies = partner_tendencies(installation, partner_id, now=now)
    return {
        "shows_scores": True,
        "summary": shown_summary(told, analysis, partner_id) if analysis and told else None,
        "address_below": rubric.address_below,
        "scored_on": analysis.looked_at if analysis else None,
        "since": since,
        "dimensions": [_dimension(one, rubric.address_below, since, quotes.said) for one in analysis.dimensions]
        if analysis
        else [],
        "quotes": quotes,
        "strengths": analysis.strengths if analysis else (),
        "traits": [_trait(one) for one in tendencies.traits],
        "recognized": tendencies.recognized,
    }


def _dimension(one: DimensionRead, address_below: float, since: str, said: Sequence[Said] = ()) -> ShownDimension:
    low = one.score is not None and one.score < address_below
    change = f"{signed(one.change)} {since}, " if one.change else ""
    return ShownDimension(
        name=one.dimension,
        label=one.label,
        score=None if one.score is None else whole_score(one.score, address_below),
        tone="orange" if low else "green" if one.score is not None and one.score >= GOOD else "blue",
        note=f"{change}{figures.share(one.coverage)} of the evidence",
        thin=one.coverage < THIN and one.score is not None,
        gap=figures.words(one.reason) if low or one.score is None else "",
        trend=one.trend,
        quotes=tuple(each for each in said if each.dimension == one.dimension)[:MOST_QUOTES],
        criteria=tuple(shown_criterion(criterion) for criterion in one.criteria),
        moved=tuple(shown_criterion(criterion) for criterion in one.moved),
    )


def signed(change: float) -> str:
    """`+4`, `−3`, and a tenth where a whole number would say nothing."""
    size = f"{abs(change):.0f}" if abs(change) >= 0.5 else f"{abs(change):.1f}"
    return f"{'+' if change > 0 else figures.MINUS}{size}"


def shown_criterion(one: CriterionRead) -> ShownCriterion:
    """A criterion in words."""
    if one.points is None:
        return ShownCriterion(one.name, one.label, f"no evidence: {one.lacking}", figures.NOTHING, _moved(one))
    return ShownCriterion(one.name, one.label, counted_said(one), _points(one.points), _moved(one))


def counted_said(one: CriterionRead) -> str:
    """What a criterion counted."""
    window = f" in {one.window_days} days" if one.window_days else ""
    if one.name in IN_DAYS:
        days = figures.many(round(one.value or 0), "day", "days")
        return f"{days}; {figures.count(one.numerator)} of {figures.count(one.denominator)} answered{window}"
    if one.numerator is None:
        return f"{figures.share(one.value)} of demand"
    if one.denominator and one.name in PER:
        part, whole = PER[one.name]
        return f"{figures.many(round(one.numerator), *part)}, {figures.many(round(one.denominator), *whole)}"
    if one.denominator:
        return f"{figures.count(one.numerator)} of {figures.count(one.denominator)}{OF_WHAT.get(one.name, '')}{window}"
    return f"{figures.count(one.numerator)}{window}"


def _points(points: float | None) -> str:
    return figures.NOTHING if points is None else f"{round(points)} points"


def _moved(one: CriterionRead) -> str:
    if not one.moved:
        return ""
    if one.was is None or one.points is None:
        return "no evidence before" if one.was is None and one.points is not None else "evidence has run out"
    if round(one.was) == round(one.points):
        return "other rows, as many points"
    return f"{signed(one.points - one.was)}, was {_points(one.was)}"


def _trait(one: TraitReading) -> ShownTrait:
    basis = said(one.evidence) if one.score is not None else f"Needs {one.minimum}"
    return ShownTrait(one.label, one.score, figures.words(one.trend), TREND_TONES[one.trend], basis)
