"""Open pipeline by the partner's stage, by the deal's stage and by industry: one pass, three tiles."""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.contract import OPEN_STAGES
from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence import bars, findings
from nextplay.intelligence.behind import Behind, Part, measured, valued
from nextplay.intelligence.tallies import Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.tiles import BarTile

DEAL_KEYS = ("lifecycle_stage", "stage", "industry")
DEAL_STAGE_LABELS = {stage: stage.capitalize() for stage in OPEN_STAGES}
# Under this many closed deals a rate is said as a count.
RATE_FROM = 20

BY_PARTNER_STAGE = bars.Naming(
    "pipeline_by_stage",
    "Pipeline by stage",
    "open deals",
    "of partners not known on that day",
    "By lifecycle stage of the partner",
)
BY_DEAL_STAGE = bars.Naming(
    "pipeline_by_deal_stage",
    "Pipeline by stage",
    "open deals",
    "whose stage on that day is not on record",
    "By stage of the deal",
)
BY_INDUSTRY = bars.Naming(
    "pipeline_by_industry", "Pipeline by industry", "open deals", "without an industry", "By industry of the customer"
)


@dataclass(frozen=True)
class PipelineTiles:
    """Three readings of the same open deals."""

    by_stage: BarTile
    by_deal_stage: BarTile
    by_industry: BarTile


def deal_groups(facts: ScopedFacts, by: By) -> ir.Table:
    """Deals by lifecycle stage of the partner, stage and industry of the deal: open ones with their value, won and closed."""
    deals = placed_deals(facts, by)
    is_open = deals.state == "open"
    known = is_open & deals.value.notnull()
    return grouped(
        deals,
        (*by, *DEAL_KEYS),
        rows=deals.count(where=is_open),
        valued=deals.count(where=known),
        value=ibis.coalesce(deals.value.sum(where=known), ibis.literal(0, "decimal(38, 2)")),
        won=deals.count(where=deals.state == "won"),
        closed=deals.count(where=deals.state != "open"),
    )


def placed_deals(facts: ScopedFacts, by: By = ()) -> ir.Table:
    """Deals with what bars group them by; an empty industry is none."""
    deals = placed(facts, facts.deals, (*by, "lifecycle_stage"))
    return deals.mutate(industry=deals.industry.nullif(""))


def behind_pipeline(column: str, basis: Basis, part: Part) -> Behind:
    """The open deals of a bar."""
    deals = placed_deals(basis.facts)
    chosen = deals.filter(deals.state == "open", part.holds(deals[column]))
    return valued(
        "deals", measured(chosen, amount=chosen.value), part, "Value of open partner deals, in the reporting currency."
    )


def _earlier_groups(basis: Basis, by: By) -> ir.Table:
    if basis.earlier is None:
        raise ValueError("nothing lies before all time")
    return deal_groups(basis.earlier, by)


PIPELINE = Tally("pipeline", DEAL_KEYS, lambda basis, by: deal_groups(basis.facts, by))
EARLIER_PIPELINE = Tally("earlier pipeline", DEAL_KEYS, _earlier_groups)


def pipeline_tiles(tallies: Tallies) -> PipelineTiles:
    """Tiles of the pipeline, marked with that of a period ago, as it stood then."""
    basis = tallies.basis
    currency = basis.facts.reporting.currency
    now = tallies.read(PIPELINE)
    before = tallies.read(EARLIER_PIPELINE) if basis.earlier is not None else None
    stage_labels = {stage.name: stage.label for stage in basis.program.lifecycle_stages}

    def tile(naming: bars.Naming, key: str, labels: dict[str, str], details: dict[str, str]) -> BarTile:
        earlier = bars.grouped(before, key) if before is not None else None
        made = bars.tile_of(naming, bars.grouped(now, key), earlier, labels=labels, currency=currency, details=details)
        return replace(made, finding=findings.of_bars(made, currency))

    return PipelineTiles(
        by_stage=tile(BY_PARTNER_STAGE, "lifecycle_stage", stage_labels, {}),
        by_deal_stage=tile(BY_DEAL_STAGE, "stage", DEAL_STAGE_LABELS, {}),
        by_industry=tile(BY_INDUSTRY, "industry", {}, conversions(now)),
    )


def conversions(groups: pl.DataFrame) -> dict[str, str]:
    """By industry, what share of closed deals was won, in words."""
    closed = groups.group_by("industry").agg(pl.col("won").sum(), pl.col("closed").sum())
    return {name: _won(won, of) for name, won, of in closed.iter_rows() if name and of}


def _won(won: int, closed: int) -> str:
    return f"{won / closed:.0%} of {closed:,} closed won" if closed >= RATE_FROM else f"{won} of {closed} closed won"
