"""From what a viewer asks of a dashboard to the tallies that answer it."""

from datetime import date

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.intelligence.executive import earlier_day
from nextplay.intelligence.metrics import Terms
from nextplay.intelligence.tallies import Basis, Tallies
from nextplay.intelligence.windows import clock_of
from nextplay.operations.installation import Installation


def tallies_of(
    installation: Installation,
    day: date,
    period_days: int | None,
    reach: Reach,
    terms: Terms,
    segment: str | None,
    tier: str | None,
) -> Tallies:
    """The tallies of a dashboard that looks `period_days` back from the end of a day (None: over all time)."""
    earlier = earlier_day(day, period_days)
    clock, program = clock_of(day, period_days), installation.program

    def within(segment: str | None, tier: str | None) -> Basis:
        def stood_at(when: date) -> ScopedFacts:
            return installation.facts(when, reach, segment, tier)

        return Basis(stood_at(day), stood_at(earlier) if earlier else None, clock, terms, program)

    return Tallies(installation.warehouse, within(segment, tier), within(None, None))
