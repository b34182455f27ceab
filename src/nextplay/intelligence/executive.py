"""The Executive Dashboard: how the program stands, where its pipeline is, and what to address."""

from dataclasses import dataclass
from datetime import date, timedelta

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.intelligence.cards import metric_cards
from nextplay.intelligence.choices import Choices, choices_of, partner_groups
from nextplay.intelligence.concentration import revenue_shape
from nextplay.intelligence.insights import NO_INSIGHTS, insights
from nextplay.intelligence.metrics import Terms
from nextplay.intelligence.pipeline import pipeline_groups, pipeline_tiles
from nextplay.intelligence.revenue import revenue_groups, revenue_tile
from nextplay.intelligence.summary import facts_summary
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.intelligence.windows import clock_of
from nextplay.program.definition import Program


@dataclass(frozen=True)
class ExecutiveQuestion:
    """Facts to look at: in the chosen scope, without segment and tier, and as they stood a period ago (None: all time)."""

    facts: ScopedFacts
    unfiltered: ScopedFacts
    earlier: ScopedFacts | None
    period_days: int | None
    terms: Terms
    data_until: date | None
    facts_version: str
    summary: bool

    @property
    def reach(self) -> Reach:
        """Whose rows the asker may see."""
        return self.facts.scope.reach


def earlier_day(as_of: date, period_days: int | None) -> date | None:
    """The day that marks compare with."""
    return None if period_days is None else as_of - timedelta(days=period_days)


def executive(warehouse: Warehouse, program: Program, question: ExecutiveQuestion) -> ExecutiveDashboard:
    """Answer the dashboard. Raises UnknownMetric where the program names a card that is not measured."""
    facts, scope = question.facts, question.facts.scope
    currency = facts.reporting.currency
    clock = clock_of(scope.as_of, question.period_days)
    # A partner's own people see what happened, never what is thought of them.
    shown = question.reach.partner_id is None
    found = insights(warehouse, facts, program) if shown else NO_INSIGHTS
    pipeline = pipeline_tiles(
        warehouse.read(pipeline_groups(facts)),
        warehouse.read(pipeline_groups(question.earlier)) if question.earlier else None,
        stage_labels={stage.name: stage.label for stage in program.lifecycle_stages},
        currency=currency,
    )
    choices = _choices(warehouse, program, question)
    return ExecutiveDashboard(
        as_of=scope.as_of,
        data_until=question.data_until,
        period_days=question.period_days,
        currency=currency,
        segment=scope.segment,
        tier=scope.tier,
        segments=choices.segments,
        tiers=choices.tiers,
        partners=choices.partners,
        analyzed=found.analyzed,
        facts_version=question.facts_version,
        cards=metric_cards(warehouse, facts, clock, question.terms, program.cards),
        strengths=found.strengths,
        areas=found.areas,
        pipeline_by_stage=pipeline.by_stage,
        pipeline_by_deal_stage=pipeline.by_deal_stage,
        revenue_by_industry=revenue_tile(
            warehouse.read(revenue_groups(facts, clock)), compared=clock.before is not None, currency=currency
        ),
        pipeline_by_industry=pipeline.by_industry,
        everyone=choices.everyone,
        active=question.terms.active.name,
        sourced=question.terms.sourced.name,
        active_choices=tuple((each.name, each.label) for each in program.definitions.active),
        sourced_choices=tuple((each.name, each.label) for each in program.definitions.sourced),
        analysis_shown=shown,
        concentration=revenue_shape(warehouse, facts, clock.now) if shown else None,
        facts_summary=facts_summary(warehouse, facts) if shown and question.summary else None,
    )


def _choices(warehouse: Warehouse, program: Program, question: ExecutiveQuestion) -> Choices:
    groups = warehouse.read(partner_groups(question.unfiltered))
    scope = question.facts.scope
    return choices_of(groups, program, segment=scope.segment, tier=scope.tier, stages=program.member_stages)
