"""Partner Lifecycle: where partners stand, and what they cover."""

from dataclasses import dataclass
from datetime import date

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.intelligence.choices import Choices, choices_of, partner_groups
from nextplay.intelligence.coverage import coverage_tiles
from nextplay.intelligence.metrics import Terms
from nextplay.intelligence.tiles import LifecycleCard, LifecycleDashboard
from nextplay.intelligence.windows import clock_of
from nextplay.program.definition import Program


@dataclass(frozen=True)
class LifecycleQuestion:
    """Facts to look at: in the chosen scope, and without segment and tier."""

    facts: ScopedFacts
    unfiltered: ScopedFacts
    terms: Terms
    data_until: date | None
    facts_version: str


def lifecycle(warehouse: Warehouse, program: Program, question: LifecycleQuestion) -> LifecycleDashboard:
    """Answer the view."""
    scope = question.facts.scope
    groups = warehouse.read(partner_groups(question.unfiltered))
    choices = choices_of(groups, program, segment=scope.segment, tier=scope.tier)
    clock = clock_of(scope.as_of, None)
    return LifecycleDashboard(
        as_of=scope.as_of,
        data_until=question.data_until,
        segment=scope.segment,
        tier=scope.tier,
        segments=choices.segments,
        tiers=choices.tiers,
        profiles=choices.partners,
        facts_version=question.facts_version,
        cards=_cards(choices, program),
        coverage=coverage_tiles(warehouse, question.facts, clock, question.terms, program.icp),
        everyone=choices.everyone,
    )


def _cards(choices: Choices, program: Program) -> tuple[LifecycleCard, ...]:
    labels = {stage.name: stage.label for stage in program.lifecycle_stages}
    # A stage that the program has since dropped still holds its partners.
    labels |= {name: name for name in sorted(set(choices.by_stage) - set(labels))}
    counts = {name: choices.by_stage.get(name, 0) for name in labels}
    profiles = choices.partners
    return tuple(
        LifecycleCard(name, label, counts[name], counts[name] / profiles if profiles else None)
        for name, label in labels.items()
    )
