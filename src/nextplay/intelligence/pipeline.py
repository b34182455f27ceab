"""Open pipeline by the partner's stage, by the deal's stage and by industry: one pass, three tiles."""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.contract import OPEN_STAGES
from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence import findings
from nextplay.intelligence.bars import Grouped, Naming, grouped, tile_of
from nextplay.intelligence.tiles import BarTile

DEAL_STAGE_LABELS = {stage: stage.capitalize() for stage in OPEN_STAGES}
# Under this many closed deals a rate is said as a count.
RATE_FROM = 20

BY_PARTNER_STAGE = Naming(
    "pipeline_by_stage",
    "Pipeline by stage",
    "open deals",
    "of partners not known on that day",
    "By lifecycle stage of the partner",
)
BY_DEAL_STAGE = Naming(
    "pipeline_by_deal_stage",
    "Pipeline by stage",
    "open deals",
    "whose stage on that day is not on record",
    "By stage of the deal",
)
BY_INDUSTRY = Naming(
    "pipeline_by_industry", "Pipeline by industry", "open deals", "without an industry", "By industry of the customer"
)


@dataclass(frozen=True)
class PipelineTiles:
    """Three readings of the same open deals."""

    by_stage: BarTile
    by_deal_stage: BarTile
    by_industry: BarTile


def pipeline_groups(facts: ScopedFacts) -> ir.Table:
    """Deals by lifecycle stage of the partner, stage and industry of the deal: open ones with their value, won and closed."""
    partners = facts.partners[["partner_id", "lifecycle_stage"]]
    deals = facts.deals.left_join(partners, "partner_id")
    deals = deals.mutate(industry=deals.industry.nullif(""))
    is_open = deals.state == "open"
    known = is_open & deals.value.notnull()
    return deals.group_by("lifecycle_stage", "stage", "industry").agg(
        rows=deals.count(where=is_open),
        valued=deals.count(where=known),
        value=ibis.coalesce(deals.value.sum(where=known), ibis.literal(0, "decimal(38, 2)")),
        won=deals.count(where=deals.state == "won"),
        closed=deals.count(where=deals.state != "open"),
    )


def pipeline_tiles(
    now: pl.DataFrame, before: pl.DataFrame | None, *, stage_labels: dict[str, str], currency: str
) -> PipelineTiles:
    """Tiles from `pipeline_groups` of today and of an earlier day, as it stood then."""

    def tile(naming: Naming, key: str, labels: dict[str, str], details: dict[str, str]) -> BarTile:
        earlier: Grouped | None = grouped(before, key) if before is not None else None
        made = tile_of(naming, grouped(now, key), earlier, labels=labels, currency=currency, details=details)
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
