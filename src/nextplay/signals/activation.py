"""What partners did on their way to selling, row by row: sessions, offers, lists, outreach and deals, plays of ours included.

Signals leave out what a play asks for, as they tell what a partner does by itself; here it counts: a sprint is a play.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from nextplay.analysis.evidence import deals_seen
from nextplay.facts.scope import ScopedFacts

# Days that sessions and outreach are looked back for, and what is written once and used for longer.
_RECENT, _LASTING = 90, 180


def activation_rows(facts: ScopedFacts) -> ir.Table:
    """partner_id, line, row_id, at and what: every row that a counted line of the Activation Scorecard counts."""
    return ibis.union(
        _sessions(facts),
        _shared(facts, "narrative_shared", "offer_in_own_words"),
        _shared(facts, "target_list_shared", "joint_target_list"),
        _outreach(facts),
        _deals(facts, "first_deal"),
        _deals(facts, "second_deal_alone"),
    )


def _sessions(facts: ScopedFacts) -> ir.Table:
    """Meetings with the lead seller, and those of a play."""
    rows = _recent(facts, "meeting_held", _RECENT)
    people = facts.contacts[["contact_id", "name", "role"]]
    rows = rows.left_join(people, "contact_id")
    rows = rows.filter((rows.role == "lead_seller").fill_null(False) | rows.play.notnull())
    return _row(rows, "lead_seller_session", rows.activity_id, rows.occurred_at, rows.name)


def _shared(facts: ScopedFacts, kind: str, line: str) -> ir.Table:
    rows = _recent(facts, kind, _LASTING)
    return _row(rows, line, rows.activity_id, rows.occurred_at, rows.account)


def _outreach(facts: ScopedFacts) -> ir.Table:
    """The latest message to each account; one without an account stands for itself."""
    rows = _recent(facts, "outreach_sent", _RECENT)
    rows = rows.mutate(to=ibis.coalesce(rows.account, rows.activity_id))
    latest = ibis.window(group_by=[rows.partner_id, rows.to], order_by=[rows.occurred_at.desc(), rows.activity_id])
    rows = rows.mutate(place=ibis.row_number().over(latest))
    rows = rows.filter(rows.place == 0)
    return _row(rows, "outreach_sprint", rows.activity_id, rows.occurred_at, rows.account)


def _deals(facts: ScopedFacts, line: str) -> ir.Table:
    """Deals that the partner brought; those after the first that nobody of ours helped with, for the second line."""
    rows = deals_seen(facts)
    rows = rows.filter(rows.sourced_by.isnull() | (rows.sourced_by != "influenced"))
    rows = rows.mutate(moment=ibis.coalesce(rows.opened_at, rows.registered_at))
    if line == "second_deal_alone":
        order = ibis.window(group_by=rows.partner_id, order_by=[rows.moment.asc(nulls_first=False), rows.deal_id])
        rows = rows.mutate(place=ibis.row_number().over(order))
        rows = rows.filter((rows.place > 0) & ~rows.helped)
    return _row(rows, line, rows.deal_id, rows.moment, rows.account)


def _recent(facts: ScopedFacts, kind: str, days: int) -> ir.Table:
    since = ibis.literal(facts.scope.cutoff - timedelta(days=days), "timestamp(6)")
    return facts.activities.filter(lambda t: (t.kind == kind) & (t.occurred_at >= since))


def _row(rows: ir.Table, line: str, row_id: ir.StringValue, at: ir.TimestampValue, what: ir.StringValue) -> ir.Table:
    return rows.select(
        partner_id="partner_id", line=ibis.literal(line), row_id=row_id, at=at.cast("timestamp(6)"), what=what.fill_null("")
    )
