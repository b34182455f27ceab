"""The metric cards: one named function each, over the facts of a scope.

Each answers expressions by name: `value_*`, or `part_*` and `whole_*` for a rate, for every window of the clock; `moved`, the
sum of squares of what was counted in only one of the two periods (what is in both cancels, so it cannot be noise); and
`left_*`, rows that could not be counted. Each is an aggregate over rows of one table that each belong to one partner, so that
it can be grouped by segment and tier and added up again; cards over the same table are read in one pass.

A median does not add up, but how often each value occurs does: it answers `at`, when a case counts, and `length`, what is
measured, in steps coarse enough that there are few different ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence.tiles import Unit
from nextplay.intelligence.windows import Clock, Window
from nextplay.program.metrics import ActiveDefinition, SourcedDefinition

Source = Literal["partners", "deals", "revenue", "activities", "active", "first_deals"]


@dataclass(frozen=True)
class Terms:
    """The definitions in force."""

    active: ActiveDefinition
    sourced: SourcedDefinition
    member_stages: tuple[str, ...]


Expressions = dict[str, ir.Value]


@dataclass(frozen=True)
class Metric:
    """A card's figure: what it is counted in, which table it reads, and how."""

    name: str
    unit: Unit
    source: Source
    read: Callable[[ir.Table, Clock, Terms], Expressions]
    # Whether it is the median of values that `read` answers a case each.
    median: bool = False
    # Rows that can count at all, where the others are most and can be told cheaply; None: every row.
    only: Callable[[ir.Table, Clock], ir.BooleanValue] | None = None


def partners(rows: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Partners that signed or went further. Earlier points go by the day of signing, and by the day it ended."""
    member = rows.lifecycle_stage.isin(terms.member_stages)
    signed = rows.signed_at

    def was_member(window: Window) -> ir.BooleanValue:
        if window.latest:
            return member
        left_later = ~member & signed.notnull() & window.reaches_past(rows.ended_at)
        return (member | left_later) & window.begun(signed)

    return {
        **{f"value_{window.name}": rows.count(where=was_member(window)) for window in clock.all},
        **_moved(clock, lambda changed: rows.count(where=changed), was_member),
    }


def active_partners(flags: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Partners with an event that the definition of active counts, in the days it names. Rows: `active_flags`."""
    return {
        **{f"value_{window.name}": flags.count(where=flags[window.name]) for window in clock.all},
        **_moved(clock, lambda changed: flags.count(where=changed), lambda window: flags[window.name]),
    }


def open_pipeline(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Value of partner deals neither won nor lost. Earlier points: opened by then, and closed later or still open."""
    ended = deal_ended(deals)

    def was_open(window: Window) -> ir.BooleanValue:
        still = (deals.state == "open") if window.latest else (deals.state == "open") | window.reaches_past(ended)
        return still if window.latest else still & window.begun(deal_opened(deals))

    return {
        **{f"value_{window.name}": deals.value.sum(where=was_open(window)) for window in clock.all},
        **_moved(clock, lambda changed: squares(deals.value, changed), was_open),
        "left_open deals without an amount": deals.count(where=was_open(clock.now) & deals.value.isnull()),
    }


def new_pipeline(deals: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Value of partner-sourced deals opened (else registered) in the period."""
    opened = deal_opened(deals)
    sourced = is_sourced(deals, terms.sourced)

    def is_new(window: Window) -> ir.BooleanValue:
        return sourced & window.holds(opened)

    undated = sourced & opened.isnull() if clock.now.start else ibis.literal(value=False)
    return {
        **{f"value_{window.name}": deals.value.sum(where=is_new(window)) for window in clock.all},
        **_moved(clock, lambda changed: squares(deals.value, changed), is_new),
        "left_sourced deals without an amount": deals.count(where=is_new(clock.now) & deals.value.isnull()),
        "left_sourced deals without an opening day": deals.count(where=undated),
    }


def revenue(rows: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Revenue recognized through partners in the period; credits count against it."""
    return {
        **{f"value_{window.name}": rows.value.sum(where=window.holds(rows.recognized_at)) for window in clock.all},
        **_moved(
            clock,
            lambda changed: squares(rows.value, changed),
            lambda window: window.holds(rows.recognized_at),
        ),
        "left_revenue rows without a rate": rows.count(where=clock.now.holds(rows.recognized_at) & rows.value.isnull()),
    }


def win_rate(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Won out of won and lost partner deals, by the day they closed, else the last day known of them.

    Who forgets the day forgets it for lost deals: leaving those out would call nearly everything won.
    """
    ended = ibis.coalesce(deal_ended(deals), deal_opened(deals))
    won, closed = deals.state == "won", deals.state != "open"
    undated = closed & ended.isnull() if clock.now.start else ibis.literal(value=False)
    return {
        **{f"part_{window.name}": deals.count(where=won & window.holds(ended)) for window in clock.all},
        **{f"whole_{window.name}": deals.count(where=closed & window.holds(ended)) for window in clock.all},
        "left_closed deals without any day": deals.count(where=undated),
    }


def _settled_lately(activities: ir.Table, clock: Clock) -> ir.BooleanValue:
    return clock.may_hold(activities.occurred_at) & activities.kind.isin(("commitment_met", "commitment_missed"))


def _recognized_lately(rows: ir.Table, clock: Clock) -> ir.BooleanValue:
    return clock.may_hold(rows.recognized_at)


def _opened_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    opened = deal_opened(deals)
    return opened.isnull() | clock.may_hold(opened)


def _ended_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    ended = ibis.coalesce(deal_ended(deals), deal_opened(deals))
    return ended.isnull() | clock.may_hold(ended)


def _open_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    # Open deals too bear a day on which they last moved, so the state is asked as well.
    return (deals.state == "open") | _ended_lately(deals, clock)


def commitments_kept(activities: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Commitments met, out of those met or missed in the period."""
    met = activities.kind == "commitment_met"
    settled = activities.kind.isin(("commitment_met", "commitment_missed"))
    at = activities.occurred_at
    return {
        **{f"part_{window.name}": activities.count(where=met & window.holds(at)) for window in clock.all},
        **{f"whole_{window.name}": activities.count(where=settled & window.holds(at)) for window in clock.all},
    }


def time_to_first_deal(firsts: ir.Table, _clock: Clock, _terms: Terms) -> Expressions:
    """Median days, whole ones, from signing to the first deal, of first deals in the period. Rows: `first_deals`."""
    return {"at": firsts.first_at, "length": (firsts.seconds // 86400).cast("int64")}


METRICS = (
    Metric("partners", "count", "partners", partners),
    Metric("active_partners", "count", "active", active_partners),
    Metric("open_pipeline", "money", "deals", open_pipeline, only=_open_lately),
    Metric("new_pipeline", "money", "deals", new_pipeline, only=_opened_lately),
    Metric("revenue", "money", "revenue", revenue, only=_recognized_lately),
    Metric("win_rate", "share", "deals", win_rate, only=_ended_lately),
    Metric("time_to_first_deal", "days", "first_deals", time_to_first_deal, median=True),
    Metric("commitments_kept", "share", "activities", commitments_kept, only=_settled_lately),
)
BY_METRIC = {metric.name: metric for metric in METRICS}


def rows_of(source: Source, facts: ScopedFacts, clock: Clock, terms: Terms) -> ir.Table:
    """The table a card reads."""
    if source == "active":
        return active_flags(facts, clock, terms.active)
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


def first_deals(facts: ScopedFacts) -> ir.Table:
    """One row a signed partner with a deal after it signed: when, and how many seconds after."""
    deals = facts.deals
    firsts = deals.group_by("partner_id").agg(first_at=deal_opened(deals).min())
    signed = facts.partners.filter(lambda t: t.signed_at.notnull())[["partner_id", "signed_at"]]
    both = signed.inner_join(firsts, "partner_id").filter(lambda t: t.first_at >= t.signed_at)
    return both.select("partner_id", "first_at", seconds=both.first_at.epoch_seconds() - both.signed_at.epoch_seconds())


def is_sourced(deals: ir.Table, definition: SourcedDefinition) -> ir.BooleanValue:
    """Whether a partner's deal counts as brought by the partner."""
    named = deals.sourced_by.isin(definition.sourced_by).fill_null(False)
    return named | deals.sourced_by.isnull() if definition.unlabelled else named


def deal_opened(deals: ir.Table) -> ir.TimestampValue:
    """When a deal was opened, else registered."""
    return ibis.coalesce(deals.opened_at, deals.registered_at)


def deal_ended(deals: ir.Table) -> ir.TimestampValue:
    """When a closed deal was closed, else last moved."""
    return ibis.coalesce(deals.closed_at, deals.stage_changed_at)


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
        events.append(own.select(partner_id=own.partner_id, at=deal_opened(own)).filter(lambda t: t.at.notnull()))
    if definition.revenue:
        events.append(earned.select(partner_id="partner_id", at="recognized_at"))
    return ibis.union(*events) if len(events) > 1 else events[0]


def squares(value: ir.DecimalValue, where: ir.BooleanValue) -> ir.Value:
    """Sum of the squares of amounts, exact."""
    # Widened first: DuckDB refuses squares of more than 30 million in the width of money.
    wide = value.cast("decimal(38, 2)")
    return (wide * wide).sum(where=where)


def _moved(
    clock: Clock,
    measure: Callable[[ir.BooleanValue], ir.Value],
    counted: Callable[[Window], ir.BooleanValue],
) -> Expressions:
    if clock.before is None:
        return {}
    return {"moved": measure(counted(clock.now) != counted(clock.before))}
