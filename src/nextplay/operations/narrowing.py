"""Which partners a list is about: what they are, what they cover, what they sell, what the analysis says of them."""

from dataclasses import dataclass

import ibis.expr.types as ir

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.tables import stored
from nextplay.intelligence.insights import latest_runs

# A name longer than this is nobody's: it would only make the engine work.
LONGEST_SEARCH = 200
_COVERS = {"region": "regions", "vertical": "verticals", "offering": "offerings"}


@dataclass(frozen=True)
class Narrowing:
    """Every part that is set must hold; empty ones ask for nothing.

    `industry` and `deal_stage` ask for an open deal there, `low` for a 4C dimension scored below the program's line, and
    `strength` for one shown in the latest analysis.
    """

    search: str = ""
    segment: str | None = None
    tier: str | None = None
    stage: str | None = None
    manager: str | None = None
    subtype: str | None = None
    region: str | None = None
    vertical: str | None = None
    offering: str | None = None
    industry: str | None = None
    deal_stage: str | None = None
    low: str | None = None
    strength: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether every partner fits."""
        return self == Narrowing()


def narrowed(facts: ScopedFacts, asked: Narrowing, *, address_below: float) -> ir.Table:
    """Partners in scope that fit. `address_below` is the line under which a score is low."""
    partners = facts.partners
    equals = {
        "segment": asked.segment,
        "tier": asked.tier,
        "lifecycle_stage": asked.stage,
        "manager_email": asked.manager,
        "subtype": asked.subtype,
    }
    tests = [partners[column] == value for column, value in equals.items() if value is not None]
    covers = {column: getattr(asked, name) for name, column in _COVERS.items()}
    tests += [partners[column].contains(value) for column, value in covers.items() if value is not None]
    search = asked.search.strip()[:LONGEST_SEARCH].lower()
    if search:
        named = partners.name.lower().contains(search) | partners.domain.lower().contains(search).fill_null(False)
        tests.append(named | (partners.partner_id.lower() == search))
    fitting = partners.filter(*tests) if tests else partners
    for others in _among(facts, asked, address_below):
        fitting = fitting.filter(fitting.partner_id.isin(others.partner_id))
    return fitting


def _among(facts: ScopedFacts, asked: Narrowing, address_below: float) -> list[ir.Table]:
    """Tables in which a fitting partner must occur."""
    found: list[ir.Table] = []
    deals = facts.deals
    if asked.industry is not None:
        found.append(deals.filter((deals.state == "open") & (deals.industry == asked.industry)))
    if asked.deal_stage is not None:
        found.append(deals.filter((deals.state == "open") & (deals.stage == asked.deal_stage)))
    if asked.low is not None:
        scores = stored("scores").semi_join(latest_runs(facts), ["partner_id", "run_id"])
        found.append(scores.filter((scores.dimension == asked.low) & (scores.score < address_below)))
    if asked.strength is not None:
        strengths = stored("strengths").semi_join(latest_runs(facts), ["partner_id", "run_id"])
        found.append(strengths.filter(strengths.strength == asked.strength))
    return found
