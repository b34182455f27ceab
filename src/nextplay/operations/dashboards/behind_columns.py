"""What a row behind a figure shows, by what it is: the same columns on the page and in the file."""

from dataclasses import dataclass, replace
from typing import Literal

import ibis
import ibis.expr.types as ir

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence.behind import Behind, Kind

Holds = Literal["text", "word", "money", "day", "number", "mark"]


@dataclass(frozen=True)
class Column:
    """A column by its name, its head, and how its values are written."""

    name: str
    label: str
    holds: Holds = "text"


COLUMNS: dict[Kind, tuple[Column, ...]] = {
    "partners": (
        Column("partner", "Partner"),
        Column("stage", "Stage", "word"),
        Column("segment", "Segment"),
        Column("tier", "Tier"),
        Column("manager", "Manager"),
        Column("open_pipeline", "Open pipeline", "money"),
    ),
    "deals": (
        Column("partner", "Partner"),
        Column("deal_id", "Deal"),
        Column("industry", "Industry"),
        Column("stage", "Stage", "word"),
        Column("sourced_by", "Sourced by", "word"),
        Column("opened", "Opened", "day"),
        Column("closed", "Closed", "day"),
        Column("value", "Value", "money"),
    ),
    "revenue": (
        Column("partner", "Partner"),
        Column("revenue_id", "Revenue row"),
        Column("deal_id", "Deal"),
        Column("industry", "Industry"),
        Column("recognized", "Recognized", "day"),
        Column("value", "Value", "money"),
    ),
    "activities": (
        Column("partner", "Partner"),
        Column("activity_id", "Activity"),
        Column("kind", "Kind", "word"),
        Column("account", "Account"),
        Column("occurred", "Day", "day"),
    ),
}
KEYS: dict[Kind, str] = {"partners": "partner_id", "deals": "deal_id", "revenue": "revenue_id", "activities": "activity_id"}
LARGEST_FIRST: dict[Kind, str] = {"partners": "open_pipeline", "deals": "value", "revenue": "value", "activities": "occurred"}


def columns_of(behind: Behind) -> tuple[Column, ...]:
    """The columns of the rows behind a figure: with what is measured, and the mark where there is one."""
    more = [Column("named", behind.named)] if behind.named else []
    if behind.measure:
        more.append(Column("amount", behind.measure, "money" if behind.unit == "money" else "number"))
    if behind.mark:
        more.append(Column("marked", behind.mark.capitalize(), "mark"))
    return (*COLUMNS[behind.kind], *more)


def first_order(behind: Behind) -> str:
    """The column that rows are sorted by unless somebody asks for another, largest first."""
    return "amount" if behind.measure else LARGEST_FIRST[behind.kind]


def shown_rows(behind: Behind, facts: ScopedFacts, *, only_marked: bool = False) -> ir.Table:
    """The rows, or the marked ones, with their columns; each with its partner's `partner_id` and its own `key`."""
    named = facts.partners.select(known_id="partner_id", known_name="name")
    if only_marked:
        behind = replace(behind, rows=behind.rows.filter(behind.rows.marked))
    rows = {"partners": _partners, "deals": _deals, "revenue": _revenue, "activities": _activities}[behind.kind](behind, facts)
    joined = rows.left_join(named, rows.partner_id == named.known_id)
    columns = [column.name for column in columns_of(behind) if column.name != "partner"]
    return joined.select(
        "partner_id",
        *columns,
        key=joined[KEYS[behind.kind]],
        partner=ibis.coalesce(joined.known_name, joined.partner_id),
    )


def sorted_rows(rows: ir.Table, behind: Behind, sort: str, *, descending: bool) -> ir.Table:
    """By one of the columns, what is not known last, then by name and key, so that pages never overlap."""
    known = {column.name for column in columns_of(behind)}
    column = rows[sort if sort in known else first_order(behind)]
    if column.type().is_string():
        column = column.lower()
    first = column.desc(nulls_first=False) if descending else column.asc(nulls_first=False)
    last = [rows.named.asc()] if behind.named else []
    return rows.order_by([first, rows.partner.asc(), rows.key.asc(), *last])


def _partners(behind: Behind, facts: ScopedFacts) -> ir.Table:
    deals = facts.deals.filter(facts.deals.state == "open")
    pipeline = deals.group_by("partner_id").agg(open_pipeline=deals.value.sum())
    about = facts.partners.select(
        "partner_id", "segment", "tier", stage=facts.partners.lifecycle_stage, manager=facts.partners.manager_email
    )
    rows = behind.rows[["partner_id", "amount", "marked", *(["named"] if behind.named else [])]]
    rows = rows.left_join(about, "partner_id").drop("partner_id_right")
    rows = rows.left_join(pipeline, "partner_id").drop("partner_id_right")
    nothing = ibis.literal(0, "decimal(18, 2)")
    return rows.mutate(open_pipeline=ibis.coalesce(rows.open_pipeline.cast("decimal(18, 2)"), nothing))


def _deals(behind: Behind, _facts: ScopedFacts) -> ir.Table:
    rows = behind.rows
    return rows.mutate(opened=rows.opened, closed=(rows.state == "open").ifelse(ibis.null("timestamp(6)"), rows.ended))


def _revenue(behind: Behind, facts: ScopedFacts) -> ir.Table:
    rows = behind.rows
    if "industry" not in rows.columns:
        # A figure that needs no industry does not look for one: its rows do.
        known = facts.revenue[["revenue_id", "industry"]]
        rows = rows.left_join(known, "revenue_id").drop("revenue_id_right")
    return rows.mutate(recognized=rows.recognized_at)


def _activities(behind: Behind, _facts: ScopedFacts) -> ir.Table:
    return behind.rows.mutate(occurred=behind.rows.occurred_at)
