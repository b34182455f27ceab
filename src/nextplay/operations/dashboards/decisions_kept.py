"""Which decisions came to an end, as the ledger has it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from nextplay.intelligence.settled import Settled, held_in, names_of
from nextplay.ledger import queries
from nextplay.operations.dashboards.behind_figure import Filter, basis_under
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import TEAM, Viewer, require


@dataclass(frozen=True)
class KeptDecision:
    """A decision that came to an end: for which partner, on which day, and whether its outcome was met."""

    partner_id: str
    partner: str
    day: date
    met: bool


def settled_decisions() -> tuple[Settled, ...]:
    """Every committed decision that was met or missed."""
    return tuple(
        Settled(partner_id, at.astimezone(UTC).replace(tzinfo=None), result == "met")
        for partner_id, at, result in queries.settled_decisions()
    )


def decisions_kept(installation: Installation, viewer: Viewer, narrowed: Filter, *, now: datetime) -> tuple[KeptDecision, ...]:
    """The decisions behind the card, newest first. Raises NotForThisViewer, UnknownDefinition."""
    require(viewer, *TEAM)
    basis = basis_under(installation, viewer, narrowed, now=now)
    held = held_in(settled_decisions(), basis.clock.now)
    names = names_of(held, basis.facts, installation.warehouse)
    held = sorted((each for each in held if each.partner_id in names), key=lambda each: each.at, reverse=True)
    return tuple(KeptDecision(each.partner_id, names[each.partner_id], each.at.date(), each.met) for each in held)
