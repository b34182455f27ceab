"""Partner Lifecycle: where partners stand, and what they cover."""

from datetime import date

from nextplay.intelligence.behind import Behind, Part, partner_rows
from nextplay.intelligence.choices import PARTNERS, Choices, choices_of
from nextplay.intelligence.coverage import COVERAGE, coverage_tiles
from nextplay.intelligence.demand import DEMAND, demand_gaps
from nextplay.intelligence.lifecycle_tiles import LifecycleCard, LifecycleDashboard
from nextplay.intelligence.passage import PASSAGE, passage
from nextplay.intelligence.tallies import Basis, Tallies, Tally
from nextplay.program.definition import Program

LIFECYCLE_TALLIES: tuple[Tally, ...] = (PARTNERS, COVERAGE, PASSAGE, DEMAND)


def lifecycle(tallies: Tallies, *, data_until: date | None, facts_version: str) -> LifecycleDashboard:
    """Answer the view."""
    basis = tallies.basis
    scope, program = basis.facts.scope, basis.program
    choices = choices_of(tallies.by_place(PARTNERS), program, segment=scope.segment, tier=scope.tier)
    covered = coverage_tiles(tallies)
    return LifecycleDashboard(
        as_of=scope.as_of,
        data_until=data_until,
        segment=scope.segment,
        tier=scope.tier,
        segments=choices.segments,
        tiers=choices.tiers,
        profiles=choices.partners,
        facts_version=facts_version,
        cards=_cards(choices, program),
        coverage=covered,
        passage=passage(tallies),
        gaps=demand_gaps(tallies, covered),
        currency=basis.facts.reporting.currency,
        everyone=choices.everyone,
    )


def behind_stage(basis: Basis, part: Part) -> Behind:
    """The partners in a lifecycle stage."""
    partners = basis.facts.partners
    chosen = partner_rows(partners.filter(part.holds(partners.lifecycle_stage)))
    return Behind("partners", chosen, "count", "count", "Partner profiles in the lifecycle stage on the day looked at.")


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
