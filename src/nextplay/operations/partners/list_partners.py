"""The partners a viewer may see: searched, filtered, sorted, one page at a time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.tables import stored
from nextplay.home import Home
from nextplay.intelligence.insights import latest_runs
from nextplay.operations.installation import Installation
from nextplay.operations.narrowing import Narrowing, narrowed
from nextplay.operations.record.cycles import latest_cycle, latest_key
from nextplay.operations.viewer import TEAM, Viewer, reach_of, require
from nextplay.values.period import utc_day

SORTS = ("name", "stage", "segment", "tier", "manager", "open_pipeline", "revenue_year", "score", "last_activity")
_NUMBERS = ("open_pipeline", "revenue_year", "score", "last_activity")
_YEAR = 365
EVERYONE = Narrowing()


@dataclass(frozen=True)
class PartnerRow:
    """A partner in the list. Money is in the reporting currency.

    `revenue_year` was recognized in the 365 days up to the day; `score` is the mean of the 4C scores known, 0-100.
    """

    partner_id: str
    name: str
    stage: str
    segment: str | None
    tier: str | None
    subtype: str | None
    manager: str | None
    open_pipeline: float
    open_deals: int
    revenue_year: float
    score: float | None
    last_activity: date | None
    next_action: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class PartnerPage:
    """One page of the list. `total` partners fit the filter, of `everyone` the viewer may see."""

    rows: tuple[PartnerRow, ...]
    total: int
    everyone: int
    page: int
    pages: int
    currency: str
    # What the filters can be set to, from the partners the viewer may see.
    segments: tuple[str, ...]
    tiers: tuple[str, ...]
    stages: tuple[str, ...]
    managers: tuple[str, ...]


def list_partners(  # noqa: PLR0913
    installation: Installation,
    viewer: Viewer,
    *,
    now: datetime,
    search: str = "",
    segment: str | None = None,
    tier: str | None = None,
    stage: str | None = None,
    manager: str | None = None,
    more: Narrowing = EVERYONE,
    sort: str = "name",
    descending: bool = False,
    page: int = 1,
    size: int = 50,
) -> PartnerPage:
    """A page of the partners in the viewer's reach; unknown sorts count as by name. Raises NotForThisViewer.

    `more` narrows by what partners cover, sell and are scored; `search` to `manager` stand beside it for short.
    """
    require(viewer, *TEAM)
    facts = _facts(installation, viewer, now)
    asked = replace(
        more,
        search=search or more.search,
        segment=segment or more.segment,
        tier=tier or more.tier,
        stage=stage or more.stage,
        manager=manager or more.manager,
    )
    fitting = narrowed(facts, asked, address_below=installation.program.rubric.address_below)
    total = int(installation.warehouse.read(fitting.count().as_table()).item())
    pages = max(-(-total // size), 1)
    page = min(max(page, 1), pages)
    ordered = _with_figures(facts, fitting).order_by(_order(sort, descending))
    frame = installation.warehouse.read(ordered.limit(size, offset=(page - 1) * size))
    values = _values(installation, facts)
    return PartnerPage(
        rows=tuple(PartnerRow(**row) for row in _with_actions(installation, frame).iter_rows(named=True)),
        total=total,
        everyone=int(values["partners"].sum()),
        page=page,
        pages=pages,
        currency=facts.reporting.currency,
        segments=_distinct(values, "segment"),
        tiers=_distinct(values.filter(pl.col("segment") == asked.segment) if asked.segment else values, "tier"),
        stages=_distinct(values, "lifecycle_stage"),
        managers=_distinct(values, "manager_email"),
    )


def partner_rows(installation: Installation, viewer: Viewer, *, now: datetime, **filters: str | None) -> pl.DataFrame:
    """Every partner that fits, as a frame for exports: the list's columns, by name. Raises NotForThisViewer."""
    require(viewer, *TEAM)
    facts = _facts(installation, viewer, now)
    named = {name: value for name, value in filters.items() if value}
    fitting = narrowed(facts, Narrowing(**named), address_below=installation.program.rubric.address_below)
    frame = installation.warehouse.read(_with_figures(facts, fitting).order_by(_order("name", descending=False)))
    return _with_actions(installation, frame)


def _facts(installation: Installation, viewer: Viewer, now: datetime) -> ScopedFacts:
    day = installation.reference_day(utc_day(now))
    return installation.facts(day, reach_of(viewer, installation.program))


def _with_figures(facts: ScopedFacts, partners: ir.Table) -> ir.Table:
    deals = facts.deals.filter(lambda t: t.state == "open")
    pipeline = deals.group_by("partner_id").agg(open_pipeline=deals.value.sum(), open_deals=deals.count())
    activities = facts.activities
    latest = activities.group_by("partner_id").agg(last_activity=activities.occurred_at.max())
    until = facts.scope.cutoff
    recent = facts.revenue.filter(lambda t: (t.recognized_at >= until - timedelta(days=_YEAR)) & (t.recognized_at < until))
    earned = recent.group_by("partner_id").agg(revenue_year=recent.value.sum())
    joined = partners.left_join(pipeline, "partner_id").left_join(latest, partners.partner_id == latest.partner_id)
    joined = joined.left_join(earned, partners.partner_id == earned.partner_id)
    scored = _average_scores(facts)
    joined = joined.left_join(scored, partners.partner_id == scored.partner_id)
    return joined.select(
        partner_id=partners.partner_id,
        name=partners.name,
        stage=partners.lifecycle_stage,
        segment=partners.segment,
        tier=partners.tier,
        subtype=partners.subtype,
        manager=partners.manager_email,
        open_pipeline=ibis.coalesce(pipeline.open_pipeline.cast("float64"), 0.0),
        open_deals=ibis.coalesce(pipeline.open_deals, 0),
        revenue_year=ibis.coalesce(earned.revenue_year.cast("float64"), 0.0),
        score=scored.score,
        last_activity=latest.last_activity.date(),
    )


def _average_scores(facts: ScopedFacts) -> ir.Table:
    scores = stored("scores").semi_join(latest_runs(facts), ["partner_id", "run_id"])
    # Rounded, so that both engines sort and show the same.
    return scores.group_by("partner_id").agg(score=scores.score.mean().round(1))


def _order(sort: str, descending: bool) -> list[ibis.Deferred]:
    """By one column with what is not known last, then by name, so that pages never overlap."""
    column = ibis._[sort if sort in SORTS else "name"]
    if sort not in _NUMBERS:
        column = column.lower()
    first = column.desc(nulls_first=False) if descending else column.asc(nulls_first=False)
    return [first, ibis._.name.asc(), ibis._.partner_id.asc()]


def _with_actions(installation: Installation, frame: pl.DataFrame) -> pl.DataFrame:
    """Each partner's next best action from the latest cycle."""
    actions = _actions(installation.home, latest_key(installation.home))
    return frame.join(actions, on="partner_id", how="left", maintain_order="left").with_columns(
        pl.col("next_action", "verdict").fill_null("")
    )


@lru_cache(maxsize=2)
def _actions(home: Home, _key: str | None) -> pl.DataFrame:
    cycle = latest_cycle(home)
    if cycle is None:
        return pl.DataFrame(schema={"partner_id": pl.String, "next_action": pl.String, "verdict": pl.String})
    return cycle.next_actions.actions.select("partner_id", pl.col("action").alias("next_action"), "verdict")


def _values(installation: Installation, facts: ScopedFacts) -> pl.DataFrame:
    """How many partners bear each combination of what can be filtered by."""
    partners = facts.partners
    columns = ("segment", "tier", "lifecycle_stage", "manager_email")
    return installation.warehouse.read(partners.group_by(*columns).agg(partners=partners.count()))


def _distinct(values: pl.DataFrame, column: str) -> tuple[str, ...]:
    return tuple(values[column].drop_nulls().unique().sort().to_list())
