"""Decisions that came to an end, handed in from where they are kept, counted for a dashboard's windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.intelligence.tallies import Tallies
from nextplay.intelligence.windows import Window


@dataclass(frozen=True)
class Settled:
    """A decision whose outcome is known: for which partner, since when (naive UTC), and whether it was met."""

    partner_id: str
    at: datetime
    met: bool


def kept_by_window(found: Sequence[Settled], tallies: Tallies) -> dict[str, tuple[int, int]] | None:
    """For each window, decisions met and all that came to an end, of partners under the filter; None where there are none."""
    scope = tallies.basis.facts.scope
    if not found or scope.reach.partner_id is not None:
        return None
    if scope.segment is not None or scope.reach != Reach():
        inside = names_of(found, tallies.basis.facts, tallies.warehouse)
        found = [each for each in found if each.partner_id in inside]
    return {window.name: _counted(found, window) for window in tallies.basis.clock.all}


def names_of(found: Sequence[Settled], facts: ScopedFacts, warehouse: Warehouse) -> dict[str, str]:
    """The names of the partners of decisions, of those in scope."""
    ids = sorted({each.partner_id for each in found})
    inside = warehouse.read(facts.partners.filter(facts.partners.partner_id.isin(ids))[["partner_id", "name"]])
    return dict(inside.iter_rows())


def held_in(found: Sequence[Settled], window: Window) -> list[Settled]:
    """Those that came to an end in a window."""
    return [each for each in found if (window.start is None or each.at >= window.start) and each.at < window.end]


def _counted(found: Sequence[Settled], window: Window) -> tuple[int, int]:
    held = held_in(found, window)
    return sum(each.met for each in held), len(held)
