"""Every metric that reads facts, by name, and the tables they read."""

import ibis
import ibis.expr.types as ir

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence.deal_metrics import DEAL_METRICS
from nextplay.intelligence.metric import Metric, Source
from nextplay.intelligence.partner_metrics import PARTNER_METRICS
from nextplay.intelligence.terms import Terms
from nextplay.intelligence.windows import Clock
from nextplay.program.metrics import ActiveDefinition

__all__ = ["BY_METRIC", "METRICS", "Metric", "Source", "Terms", "active_flags", "first_deals", "rows_of", "standing"]

METRICS = (*PARTNER_METRICS, *DEAL_METRICS)
BY_METRIC = {metric.name: metric for metric in METRICS}


def rows_of(source: Source, facts: ScopedFacts, clock: Clock, terms: Terms) -> ir.Table:
    """The table a metric reads."""
    if source == "active":
        return active_flags(facts, clock, terms.active)
    if source == "standing":
        return standing(facts, clock, terms.active)
    if source == "first_deals":
        return first_deals(facts)
    if source == "revenue":
        return facts.revenue_amounts
    table: ir.Table = getattr(facts, source)
    return table


def active_flags(facts: ScopedFacts, clock: Clock, definition: ActiveDefinition) -> ir.Table:
    """One row a partner with any counted event: for every window, whether one fell in the definition's days before its end."""
    windows = clock.back(definition.days).all
    events = _counted_events(facts, definition)
    events = events.filter(clock.back(definition.days).may_hold(events.at))
    return events.group_by("partner_id").agg(**{window.name: window.holds(events.at).any() for window in windows})


def standing(facts: ScopedFacts, clock: Clock, definition: ActiveDefinition) -> ir.Table:
    """One row a partner: what it is, and for every window whether it was active."""
    rows = facts.partners.left_join(active_flags(facts, clock, definition), "partner_id").drop("partner_id_right")
    return rows.mutate(**{window.name: rows[window.name].fill_null(False) for window in clock.all})


def first_deals(facts: ScopedFacts) -> ir.Table:
    """One row a partner with a day of signing: that day, the day of its first deal, and the day it left."""
    deals = facts.deals
    firsts = deals.group_by("partner_id").agg(first_at=deals.opened.min())
    signed = facts.partners.filter(lambda t: t.signed_at.notnull())
    signed = signed[["partner_id", "segment", "tier", "signed_at", "ended_at"]]
    return signed.left_join(firsts, "partner_id").drop("partner_id_right")


def _counted_events(facts: ScopedFacts, definition: ActiveDefinition) -> ir.Table:
    activities, deals, earned = facts.activities, facts.deals, facts.revenue_amounts
    events = [
        activities.filter(activities.kind.isin(definition.kinds) if definition.kinds else ibis.literal(value=False)).select(
            partner_id="partner_id", at="occurred_at"
        )
    ]
    if definition.deals_opened:
        # A deal the partner only influenced is no sale of its own.
        own = deals.filter(deals.sourced_by.isnull() | (deals.sourced_by != "influenced"))
        events.append(own.select(partner_id=own.partner_id, at=own.opened).filter(lambda t: t.at.notnull()))
    if definition.revenue:
        events.append(earned.select(partner_id="partner_id", at="recognized_at"))
    return ibis.union(*events) if len(events) > 1 else events[0]
