"""The Executive Dashboard: how the program stands, where its pipeline is, and what to address."""

from datetime import date, timedelta
from typing import Any

from nextplay.intelligence.bars import comparable
from nextplay.intelligence.benchmark import benchmark
from nextplay.intelligence.cards import card_tallies, measure_all, metric_cards
from nextplay.intelligence.choices import PARTNERS, choices_of
from nextplay.intelligence.concentration import LARGEST, SHARES, revenue_shape
from nextplay.intelligence.derived import KeptDecisions
from nextplay.intelligence.direct import DIRECT, direct_comparison
from nextplay.intelligence.growth import MEMBERS, SELLERS, growth
from nextplay.intelligence.insights import ANALYZED, LOW_SCORES, NO_INSIGHTS, STRENGTHS, insights
from nextplay.intelligence.pipeline import EARLIER_PIPELINE, PIPELINE, pipeline_tiles
from nextplay.intelligence.revenue import REVENUE, revenue_tile
from nextplay.intelligence.summary import facts_summary
from nextplay.intelligence.tallies import Tallies, Tally
from nextplay.intelligence.terms import Terms
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.program.definition import Program


def executive_tallies() -> tuple[Tally, ...]:
    """Everything that the dashboard reads where a period is compared with the one before."""
    own = (
        PARTNERS,
        PIPELINE,
        EARLIER_PIPELINE,
        REVENUE,
        SHARES,
        LARGEST,
        MEMBERS,
        SELLERS,
        DIRECT,
        ANALYZED,
        STRENGTHS,
        LOW_SCORES,
    )
    return (*own, *card_tallies())


def earlier_day(as_of: date, period_days: int | None) -> date | None:
    """The day that marks compare with."""
    return None if period_days is None else as_of - timedelta(days=period_days)


def executive(
    tallies: Tallies,
    *,
    period_days: int | None,
    data_until: date | None,
    facts_version: str,
    summary: bool,
    decisions: KeptDecisions | None = None,
) -> ExecutiveDashboard:
    """Answer the dashboard; `decisions` are counted by who asks. Raises UnknownMetric for a card that is not measured."""
    basis = tallies.basis
    scope, program, terms = basis.facts.scope, basis.program, basis.terms
    # A partner's own people see what happened, never what is thought of them.
    shown = scope.reach.partner_id is None
    found = insights(tallies) if shown else NO_INSIGHTS
    shape = revenue_shape(tallies) if shown else None
    measured = measure_all(basis, tallies.read)
    pipeline = pipeline_tiles(tallies)
    revenue, by_industry = comparable(revenue_tile(tallies), pipeline.by_industry, pipeline.conversions)
    choices = choices_of(
        tallies.by_place(PARTNERS), program, segment=scope.segment, tier=scope.tier, stages=program.member_stages
    )
    return ExecutiveDashboard(
        as_of=scope.as_of,
        data_until=data_until,
        period_days=period_days,
        currency=basis.facts.reporting.currency,
        segment=scope.segment,
        tier=scope.tier,
        segments=choices.segments,
        tiers=choices.tiers,
        partners=choices.partners,
        analyzed=found.analyzed,
        facts_version=facts_version,
        cards=metric_cards(basis, measured, shape, decisions),
        strengths=found.strengths,
        areas=found.areas,
        pipeline_by_stage=pipeline.by_stage,
        pipeline_by_deal_stage=pipeline.by_deal_stage,
        revenue_by_industry=revenue,
        pipeline_by_industry=by_industry,
        everyone=choices.everyone,
        **_definitions(program, terms),
        analysis_shown=shown,
        concentration=shape,
        growth=growth(tallies),
        benchmark=benchmark(tallies, choices) if shown else None,
        direct=direct_comparison(tallies, measured) if shown else None,
        facts_summary=facts_summary(tallies.warehouse, basis.facts) if shown and summary else None,
    )


def _definitions(program: Program, terms: Terms) -> dict[str, Any]:
    """The definitions in force and those one can switch to."""
    return {
        "active": terms.active.name,
        "sourced": terms.sourced.name,
        "active_choices": tuple((each.name, each.label) for each in program.definitions.active),
        "sourced_choices": tuple((each.name, each.label) for each in program.definitions.sourced),
    }
