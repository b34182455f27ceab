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
from nextplay.intelligence.terms import days_between, deal_moved
from nextplay.intelligence.tiles import BarTile

DEAL_KEYS = ("lifecycle_stage", "stage", "industry")
DEAL_STAGE_LABELS = {stage: stage.capitalize() for stage in OPEN_STAGES}
# Under this many closed deals a rate is said as a count.
RATE_FROM = 20
# A deal that has not moved for a month and a half stands still: most that close have moved on by then.
STALLED_DAYS = 45

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
    # By industry, what share of closed deals was won.
    conversions: dict[str, str]


def deal_groups(facts: ScopedFacts, by: By) -> ir.Table:
    """Deals by lifecycle stage of the partner, stage and industry of the deal: open ones with their value, won and closed."""
    deals = placed_deals(facts, by)
    is_open = deals.state == "open"
    known = is_open & deals.value.notnull()
    moved, until = deal_moved(deals), ibis.literal(facts.scope.cutoff, "timestamp(6)")
    return grouped(
        deals,
        (*by, *DEAL_KEYS),
        rows=deals.count(where=is_open),
        valued=deals.count(where=known),
        value=ibis.coalesce(deals.value.sum(where=known), ibis.literal(0, "decimal(38, 2)")),
        won=deals.count(where=deals.state == "won"),
        closed=deals.count(where=deals.state != "open"),
        dated=deals.count(where=is_open & moved.notnull()),
        days=ibis.coalesce(days_between(moved, until).sum(where=is_open), 0).cast("int64"),
        stalled=deals.count(where=is_open & (days_between(moved, until) >= STALLED_DAYS).fill_null(False)),
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

    won = conversions(now)
    return PipelineTiles(
        by_stage=tile(BY_PARTNER_STAGE, "lifecycle_stage", stage_labels, {}),
        by_deal_stage=_with_stall(tile(BY_DEAL_STAGE, "stage", DEAL_STAGE_LABELS, days_in_stage(now, before)), now),
        by_industry=tile(BY_INDUSTRY, "industry", {}, won),
        conversions=won,
    )


def days_in_stage(groups: pl.DataFrame, before: pl.DataFrame | None) -> dict[str, str]:
    """By stage, how long its open deals have been in it on average, now and a period ago, in words."""
    now, was = _average_days(groups), _average_days(before) if before is not None else {}
    return {stage: _in_stage(days, was.get(stage)) for stage, days in now.items()}


def _average_days(groups: pl.DataFrame) -> dict[str, int]:
    sums = groups.filter(pl.col("stage").is_not_null()).group_by("stage").agg(pl.col("days").sum(), pl.col("dated").sum())
    return {stage: round(days / dated) for stage, days, dated in sums.iter_rows() if dated}


def _in_stage(days: int, was: int | None) -> str:
    return f"{days} {'day' if days == 1 else 'days'} in stage" + (f", was {was}" if was is not None else "")


def _with_stall(tile: BarTile, groups: pl.DataFrame) -> BarTile:
    """The tile with where deals stand still, after its finding."""
    open_deals = groups.filter((pl.col("rows") > 0) & pl.col("stage").is_not_null())
    sums = open_deals.group_by("stage").agg(pl.col("stalled").sum(), pl.col("dated").sum()).sort("stalled", "stage")
    if sums.is_empty() or not sums["stalled"][-1]:
        return tile
    stage, stalled, dated = sums.row(-1)
    label = DEAL_STAGE_LABELS.get(stage, stage)
    told = f"Deals stall most in {label.lower()}: {stalled:,} of {dated:,} have not moved for {STALLED_DAYS} days."
    return replace(tile, finding=f"{tile.finding} {told}".strip())


def conversions(groups: pl.DataFrame) -> dict[str, str]:
    """By industry, what share of closed deals was won, in words."""
    closed = groups.group_by("industry").agg(pl.col("won").sum(), pl.col("closed").sum())
    return {name: _won(won, of) for name, won, of in closed.iter_rows() if name and of}


def _won(won: int, closed: int) -> str:
    return f"{won / closed:.0%} of {closed:,} closed won" if closed >= RATE_FROM else f"{won} of {closed} closed won"
