"""From what is asked of a dashboard to the tallies that answer it: out of roll-ups where they hold, else from the facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import polars as pl

from nextplay.facts.rollups import RollUp, Written
from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.intelligence.executive import earlier_day, executive_tallies
from nextplay.intelligence.lifecycle import LIFECYCLE_TALLIES
from nextplay.intelligence.tallies import PLACE, Basis, Tallies, Tally
from nextplay.intelligence.terms import Terms
from nextplay.intelligence.windows import clock_of
from nextplay.operations.definitions_in_force import terms_of
from nextplay.operations.installation import Installation, Standing
from nextplay.operations.remembered import Remembered
from nextplay.program.definition import Program

DEFAULT_PERIOD = 90
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Asked:
    """What a dashboard is asked, its filter and its asker apart. `period_days` None: over all time."""

    day: date
    period_days: int | None
    terms: Terms


def executive_asked(program: Program, day: date) -> Asked:
    """What the Executive Dashboard is asked unless somebody switches: its roll-ups are kept."""
    return Asked(day, DEFAULT_PERIOD, terms_of(program))


def lifecycle_asked(program: Program, day: date) -> Asked:
    """What the Partner Lifecycle is asked unless somebody switches."""
    return Asked(day, None, terms_of(program))


def tallies_of(
    installation: Installation,
    asked: Asked,
    reach: Reach,
    segment: str | None = None,
    tier: str | None = None,
    *,
    today: date,
) -> Tallies:
    """The tallies that answer under a filter, for whoever has that reach."""
    standing = installation.standing
    everyone = basis_of(standing, asked, reach)
    inside = basis_of(standing, asked, reach, segment)
    narrow = basis_of(standing, asked, reach, segment, tier)
    # No roll-ups are kept for a past day, a part of the partners, or a tier without its segment.
    usual = asked.day == standing.reference_day(today)
    general = usual and reach == Reach() and (tier is None or segment is not None)
    kept = kept_answers(installation, standing, asked) if general else {}
    return Tallies(installation.warehouse, narrow, inside, everyone, kept)


def basis_of(standing: Standing, asked: Asked, reach: Reach, segment: str | None = None, tier: str | None = None) -> Basis:
    """What the tallies rest on under a filter."""
    earlier = earlier_day(asked.day, asked.period_days)

    def stood_at(day: date) -> ScopedFacts:
        return standing.facts(day, reach, segment, tier)

    clock = clock_of(asked.day, asked.period_days)
    return Basis(stood_at(asked.day), stood_at(earlier) if earlier else None, clock, asked.terms, standing.program)


def rollups_of(standing: Standing, asked: Asked) -> list[RollUp]:
    """The queries whose answers serve every filter of what is asked."""
    basis = basis_of(standing, asked, Reach())
    return [RollUp(tally.name, tally.groups(basis, PLACE), tally.on_analysis) for tally in _tallies(asked)]


def _tallies(asked: Asked) -> Iterable[Tally]:
    return LIFECYCLE_TALLIES if asked.period_days is None else executive_tallies()


# Building and compiling a query costs more than reading its kept answer: once for all filters, requests and imports of a day.
_WRITTEN: Remembered[tuple[Written, ...]] = Remembered(most=32)


def written_rollups(standing: Standing, asked: Asked, dialect: str) -> tuple[Written, ...]:
    """The same queries as an engine runs them."""
    past = [standing.facts(day, Reach()).scope.past for day in (asked.day, earlier_day(asked.day, asked.period_days)) if day]
    key = (dialect, standing.program.version, standing.reporting, asked, *past)
    return _WRITTEN.get(key, lambda: tuple(one.written(dialect) for one in rollups_of(standing, asked)))


def kept_answers(installation: Installation, standing: Standing, asked: Asked) -> dict[str, pl.DataFrame]:
    """Kept answers by the tally's name; one that is not kept, or does not hold any more, is missing."""
    program = standing.program
    if asked not in (executive_asked(program, asked.day), lifecycle_asked(program, asked.day)):
        return {}
    written = written_rollups(standing, asked, installation.warehouse.engine.dialect)
    digests = {one.name: one.digest for one in written}
    found = installation.rollups.find(digests.values(), installation.warehouse.version())
    return {name: found[digest] for name, digest in digests.items() if digest in found}


def steady(installation: Installation, answer: Callable[[], Answer]) -> Answer:
    """An answer all of whose parts are of one version: worked out again where the facts changed meanwhile."""
    while True:
        before = installation.warehouse.version()
        found = answer()
        if installation.warehouse.version() == before:
            return found
