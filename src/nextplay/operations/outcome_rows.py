"""The rows that an outcome rests on, as anyone can check them."""

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation


@dataclass(frozen=True)
class OutcomeRow:
    """A row of the facts that counted: its id, what it is, and when it happened. `what` is empty where it is gone since."""

    row_id: str
    what: str
    account: str
    on: date | None


def outcome_rows(installation: Installation, record: DecisionRecord) -> tuple[OutcomeRow, ...]:
    """The rows that closed a decision, earliest first; none while it is open or where nothing counted."""
    if not record.result_rows:
        return ()
    facts = installation.facts(installation.span.newest or record.outcome_by, Reach())
    rows = _TABLE[record.predicate["event"]](facts)
    rows = rows.filter(rows.row_id.isin(record.result_rows))
    found = {row["row_id"]: OutcomeRow(**row) for row in installation.warehouse.read(rows).iter_rows(named=True)}
    told = [found.get(row_id, OutcomeRow(row_id, "", "", None)) for row_id in record.result_rows]
    return tuple(sorted(told, key=lambda one: (one.on or date.max, one.row_id)))


def _activities(facts: ScopedFacts) -> ir.Table:
    rows = facts.activities
    return rows.select(row_id=rows.activity_id, what=rows.kind, account=rows.account.fill_null(""), on=rows.occurred_at.date())


def _deals(facts: ScopedFacts) -> ir.Table:
    rows = facts.deals
    on = rows.opened.date()
    return rows.select(row_id=rows.deal_id, what=rows.stage, account=rows.account.fill_null(""), on=on)


def _moved_deals(facts: ScopedFacts) -> ir.Table:
    rows = facts.deals
    return rows.select(row_id=rows.deal_id, what=rows.stage, account=rows.account.fill_null(""), on=rows.last.date())


def _revenue(facts: ScopedFacts) -> ir.Table:
    rows = facts.revenue
    what, account = rows.industry.fill_null("revenue"), rows.deal_id.fill_null("")
    return rows.select(row_id=rows.revenue_id, what=what, account=account, on=rows.recognized_at.date())


_TABLE = {
    "activity": _activities,
    "deal_opened": _deals,
    "deal_stage_reached": _moved_deals,
    "deal_won": _moved_deals,
    "revenue": _revenue,
}
