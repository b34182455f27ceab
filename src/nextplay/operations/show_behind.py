"""Who stands behind one bar of the Executive Dashboard: its partners, largest first."""

from dataclasses import dataclass
from datetime import date, datetime

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence.windows import clock_of
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import TEAM, NotForThisViewer, Viewer, reach_of, require
from nextplay.values.period import utc_day


@dataclass(frozen=True)
class Behind:
    """A partner's part in a bar: money in the reporting currency, over so many rows."""

    partner_id: str
    name: str
    value: float
    rows: int


@dataclass(frozen=True)
class BehindBar:
    """The largest of `partners` behind a bar, which together bring `value` over `rows` deals or revenue rows."""

    largest: tuple[Behind, ...]
    partners: int
    value: float
    rows: int
    currency: str


def show_behind(  # noqa: PLR0913
    installation: Installation,
    viewer: Viewer,
    *,
    now: datetime,
    tile: str,
    key: str,
    segment: str | None = None,
    tier: str | None = None,
    as_of: date | None = None,
    period_days: int | None = 90,
    most: int = 5,
) -> BehindBar:
    """The partners behind the bar `key` of a tile, under the dashboard's filter. Raises NotForThisViewer for no such tile."""
    require(viewer, *TEAM)
    if tile not in _ROWS:
        raise NotForThisViewer
    day = as_of or installation.reference_day(utc_day(now))
    facts = installation.facts(day, reach_of(viewer, installation.program), segment, tier)
    rows = _ROWS[tile](facts, key, period_days)
    counted = rows.group_by("partner_id").agg(rows=rows.count(), value=rows.value.sum())
    named = counted.left_join(facts.partners[["partner_id", "name"]], "partner_id")
    frame = installation.warehouse.read(
        named.select("partner_id", "name", "rows", value=ibis.coalesce(named.value.cast("float64"), 0.0))
    ).sort(["value", "rows", "name"], descending=[True, True, False])
    return BehindBar(
        largest=tuple(Behind(**row) for row in _named(frame).head(most).iter_rows(named=True)),
        partners=frame.height,
        value=float(frame["value"].sum()),
        rows=int(frame["rows"].sum()),
        currency=facts.reporting.currency,
    )


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("partner_id", pl.col("name").fill_null(pl.col("partner_id")), "value", "rows")


def _open_deals(facts: ScopedFacts) -> ir.Table:
    return facts.deals.filter(facts.deals.state == "open")


def _by_partner_stage(facts: ScopedFacts, key: str, _period: int | None) -> ir.Table:
    return _open_deals(facts).semi_join(facts.partners.filter(facts.partners.lifecycle_stage == key), "partner_id")


def _by_deal_stage(facts: ScopedFacts, key: str, _period: int | None) -> ir.Table:
    deals = _open_deals(facts)
    return deals.filter(deals.stage == key)


def _by_industry(facts: ScopedFacts, key: str, _period: int | None) -> ir.Table:
    deals = _open_deals(facts)
    return deals.filter(deals.industry == key)


def _revenue(facts: ScopedFacts, key: str, period: int | None) -> ir.Table:
    revenue = facts.revenue
    window = clock_of(facts.scope.as_of, period).now
    return revenue.filter(window.holds(revenue.recognized_at) & (revenue.industry == key))


_ROWS = {
    "pipeline_by_stage": _by_partner_stage,
    "pipeline_by_deal_stage": _by_deal_stage,
    "pipeline_by_industry": _by_industry,
    "revenue_by_industry": _revenue,
}
