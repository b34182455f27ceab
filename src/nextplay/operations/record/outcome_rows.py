"""The rows that an outcome rests on, as anyone can check them."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.signals.progress import stages_entered
from nextplay.values.period import start_of


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
    event = record.predicate["event"]
    rows = _stages(facts, record) if event == "deal_stage_reached" else _TABLE[event](facts)
    rows = rows.filter(rows.row_id.isin(record.result_rows)).order_by("row_id", ibis.desc("on"))
    # A deal that entered two wanted stages is named by the first: that one counted.
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


def _stages(facts: ScopedFacts, record: DecisionRecord) -> ir.Table:
    """The stages asked for that deals entered within the window: what counted, not where they stand today."""
    rows, deals = stages_entered(facts), facts.deals
    after = ibis.literal(start_of(record.counts_after + timedelta(days=1)), "timestamp(6)")
    rows = rows.filter(rows.what.isin(record.predicate["stages"]) & (rows["at"] >= after))
    rows = rows.inner_join(deals[["deal_id", "account"]], rows.row_id == deals.deal_id)
    return rows.select(row_id=rows.row_id, what=rows.what, account=rows.account.fill_null(""), on=rows["at"].date())


def _revenue(facts: ScopedFacts) -> ir.Table:
    rows = facts.revenue
    what, account = rows.industry.fill_null("revenue"), rows.deal_id.fill_null("")
    return rows.select(row_id=rows.revenue_id, what=what, account=account, on=rows.recognized_at.date())


_TABLE = {
    "activity": _activities,
    "deal_opened": _deals,
    "deal_won": _moved_deals,
    "revenue": _revenue,
}
