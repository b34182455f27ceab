"""Reads outcome predicates from the facts, for many decisions at once: which rows count, and when there were enough."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import ibis
import polars as pl

from nextplay.facts.contract import OWN_ACTIVITY
from nextplay.facts.scope import ScopedFacts
from nextplay.signals.asked import ASKED
from nextplay.signals.compute import Reader
from nextplay.signals.names import OUR_KINDS
from nextplay.values.period import end_of, start_of

# More partners than this are not named one by one: a long list takes longer to write as SQL than the rows to read.
MOST_NAMED = 200


def progress(reader: Reader, facts: ScopedFacts, asked: pl.DataFrame) -> pl.DataFrame:
    """decision_id, counted (events, or money for revenue), rows (ids, earliest first) and reached_on (null: not enough yet).

    Only rows that happened after `after` and by the end of `by` count, and, in a past scope, only those known by its day.
    """
    found = [_found(reader, facts, asked.filter(pl.col("event") == event), event) for event in sorted(set(asked["event"]))]
    rows = pl.concat(found) if found else pl.DataFrame(schema={**ASKED, **_ROW})
    inside = (pl.col("at") >= pl.col("after") + pl.duration(days=1)) & (pl.col("at") < pl.col("by") + pl.duration(days=1))
    rows = rows.filter(inside).sort("decision_id", "at", "row_id")
    rows = rows.with_columns(sofar=pl.col("weight").cum_sum().over("decision_id"))
    enough = pl.col("at").filter(pl.col("sofar") >= pl.col("at_least"))
    counted = rows.group_by("decision_id", maintain_order=True).agg(
        counted=pl.col("weight").sum().cast(pl.Float64), rows=pl.col("row_id"), reached_on=enough.first().dt.date()
    )
    answer = asked.select("decision_id").join(counted, on="decision_id", how="left", maintain_order="left")
    return answer.with_columns(pl.col("counted").fill_null(0.0), pl.col("rows").fill_null([]))


def last_by_table(reader: Reader, facts: ScopedFacts) -> dict[str, date]:
    """Last day of activities, deals and revenue in a scope that files brought; see `facts.span`."""
    deals = facts.deals
    brought = facts.activities.filter(~facts.activities.activity_id.startswith(OWN_ACTIVITY))
    moment = ibis.greatest(
        *(
            ibis.coalesce(deals[name], deals.registered_at, deals.opened_at)
            for name in ("opened_at", "stage_changed_at", "closed_at")
        )
    )
    tables = {
        "activities": brought.select(at="occurred_at"),
        "deals": deals.select(at=moment),
        "revenue": facts.revenue.select(at="recognized_at"),
    }
    parts = [rows.aggregate(last=rows["at"].max()).mutate(table=ibis.literal(name)) for name, rows in tables.items()]
    answer = reader.read(ibis.union(*parts))
    return {row["table"]: row["last"].date() for row in answer.iter_rows(named=True) if isinstance(row["last"], datetime)}


_ROW: dict[str, pl.DataType] = {
    "row_id": pl.String(),
    "what": pl.String(),
    "at": pl.Datetime("us"),
    "weight": pl.Decimal(38, 2),
}


def _found(reader: Reader, facts: ScopedFacts, asked: pl.DataFrame, event: str) -> pl.DataFrame:
    """Every row of the asked partners that may count, beside the decision that asks."""
    rows = reader.read(_within(_EVENTS[event](facts), asked))
    rows = rows.with_columns(pl.col("weight").cast(pl.Decimal(38, 2)), pl.col("at").cast(pl.Datetime("us")))
    # A deal may enter a stage twice: the earliest time counts.
    rows = rows.sort("at", "row_id").unique(subset=["partner_id", "row_id", "what"], keep="first", maintain_order=True)
    beside = asked.join(rows, on="partner_id", how="inner")
    if event in ("activity", "deal_stage_reached"):
        beside = beside.filter(pl.col("what").is_in(pl.col("wanted")))
    # A deal that passed two wanted stages is one deal.
    beside = beside.sort("decision_id", "at", "row_id").unique(
        subset=["decision_id", "row_id"], keep="first", maintain_order=True
    )
    return beside.select(*ASKED, *_ROW)


def _within(rows: ibis.Table, asked: pl.DataFrame) -> ibis.Table:
    first, last = asked["after"].min(), asked["by"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError("decisions without days")
    after = ibis.literal(start_of(first + timedelta(days=1)), "timestamp(6)")
    until = ibis.literal(end_of(last), "timestamp(6)")
    rows = rows.filter((rows["at"] >= after) & (rows["at"] < until))
    partners = sorted(set(asked["partner_id"]))
    return rows.filter(rows.partner_id.isin(partners)) if len(partners) <= MOST_NAMED else rows


def _activities(facts: ScopedFacts) -> ibis.Table:
    rows = facts.activities
    # What people enter while they run a play is the play: were it the outcome, it would be met by whoever presses the button.
    rows = rows.filter(~rows.activity_id.startswith(OWN_ACTIVITY))
    # Whoever runs one meets, proposes and asks for a promise, also as a file tells it.
    rows = rows.filter(rows.play.isnull() | ~rows.kind.isin(OUR_KINDS))
    return rows.select(partner_id=rows.partner_id, row_id=rows.activity_id, what=rows.kind, at=rows.occurred_at, weight=_one())


def _opened(facts: ScopedFacts) -> ibis.Table:
    deals = facts.deals
    # Influenced deals are ours: the partner helped, but did not bring them.
    deals = deals.filter(deals.sourced_by.isnull() | (deals.sourced_by != "influenced"))
    moment = ibis.coalesce(deals.opened_at, deals.registered_at)
    return deals.select(partner_id=deals.partner_id, row_id=deals.deal_id, what=deals.stage, at=moment, weight=_one())


def _won(facts: ScopedFacts) -> ibis.Table:
    deals = facts.deals
    deals = deals.filter(deals.state == "won")
    moment = ibis.coalesce(deals.closed_at, deals.stage_changed_at)
    return deals.select(partner_id=deals.partner_id, row_id=deals.deal_id, what=deals.stage, at=moment, weight=_one())


def stages_entered(facts: ScopedFacts) -> ibis.Table:
    """Stages that deals stand in, since when, and stages that the record of changes saw them enter.

    partner_id, row_id (the deal), what (the stage), at, weight: a row for each time a stage was entered.
    """
    deals, changes = facts.deals, facts.changes
    since = ibis.coalesce(deals.stage_changed_at, deals.closed_at, deals.opened_at, deals.registered_at)
    stand = deals.select(partner_id=deals.partner_id, row_id=deals.deal_id, what=deals.stage, at=since, weight=_one())
    entered = changes.filter((changes.entity == "deal") & (changes.field == "stage"))
    entered = entered.inner_join(deals[["deal_id", "partner_id"]], entered.entity_id == deals.deal_id)
    passed = entered.select(
        partner_id=entered.partner_id, row_id=entered.entity_id, what=entered.new, at=entered.changed_at, weight=_one()
    )
    return ibis.union(stand, passed)


def _revenue(facts: ScopedFacts) -> ibis.Table:
    revenue = facts.revenue.filter(facts.revenue.value.notnull())
    return revenue.select(
        partner_id=revenue.partner_id,
        row_id=revenue.revenue_id,
        what=ibis.literal("revenue"),
        at=revenue.recognized_at,
        weight=revenue.value.cast("decimal(18, 2)"),
    )


def _one() -> ibis.expr.types.DecimalScalar:
    return ibis.literal(1).cast("decimal(18, 2)")


# Which table's rows tell of an event: only they say whether its window was seen to its end.
READ_FROM = {
    "activity": "activities",
    "deal_opened": "deals",
    "deal_stage_reached": "deals",
    "deal_won": "deals",
    "revenue": "revenue",
}
_EVENTS = {
    "activity": _activities,
    "deal_opened": _opened,
    "deal_stage_reached": stages_entered,
    "deal_won": _won,
    "revenue": _revenue,
}
