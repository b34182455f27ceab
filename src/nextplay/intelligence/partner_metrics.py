"""Metrics that count partners, their revenue and their promises: one named function each."""

from collections.abc import Mapping
from datetime import timedelta

import ibis.expr.types as ir

from nextplay.intelligence.metric import Metric, moved, squares
from nextplay.intelligence.terms import Expressions, Terms, days_between
from nextplay.intelligence.tiles import CardPart
from nextplay.intelligence.windows import Clock, Window

COHORTS = 4


def partners(rows: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Partners that signed or went further. Earlier points go by the day of signing, and by the day it ended."""

    def counted(window: Window) -> ir.BooleanValue:
        return was_member(rows, window, terms)

    return {
        **{f"value_{window.name}": rows.count(where=counted(window)) for window in clock.all},
        **moved(clock, lambda changed: rows.count(where=changed), counted),
    }


def was_member(rows: ir.Table, window: Window, terms: Terms) -> ir.BooleanValue:
    """Whether a partner was signed or further at the end of a window."""
    member = rows.lifecycle_stage.isin(terms.member_stages)
    if window.latest:
        return member
    left_later = ~member & rows.signed_at.notnull() & window.reaches_past(rows.ended_at)
    return (member | left_later) & window.begun(rows.signed_at)


def active_partners(flags: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Partners with an event that the definition of active counts, in the days it names. Rows: `active_flags`."""
    return {
        **{f"value_{window.name}": flags.count(where=flags[window.name]) for window in clock.all},
        **moved(clock, lambda changed: flags.count(where=changed), lambda window: flags[window.name]),
    }


def active_rate(rows: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Active partners among those signed or further, out of all signed or further. Rows: `standing`."""
    members = {window.name: was_member(rows, window, terms) for window in clock.all}
    return {
        **{f"part_{name}": rows.count(where=member & rows[name]) for name, member in members.items()},
        **{f"whole_{name}": rows.count(where=member) for name, member in members.items()},
    }


def activation_rate(rows: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Partners with a first deal within the days that the definition of activated names, out of those that signed in a period
    so long ago that each had all these days. Rows: `first_deals`.
    """
    days = terms.activated.days
    in_time = (days_between(rows.signed_at, rows.first_at) < days).fill_null(False)

    def signed_in(window: Window) -> ir.BooleanValue:
        return window.earlier(days).holds(rows.signed_at)

    cohorts = {f"step_{number}": cohort for number, cohort in enumerate(_cohorts(clock))}
    return {
        **{f"part_{window.name}": rows.count(where=in_time & signed_in(window)) for window in clock.all},
        **{f"whole_{window.name}": rows.count(where=signed_in(window)) for window in clock.all},
        **{f"{name}_part": rows.count(where=in_time & signed_in(window)) for name, window in cohorts.items()},
        **{f"{name}_whole": rows.count(where=signed_in(window)) for name, window in cohorts.items()},
    }


def _cohorts(clock: Clock) -> tuple[Window, ...]:
    if clock.now.start is None:
        return ()
    length = clock.now.end - clock.now.start
    return tuple(clock.now.earlier(length.days * number) for number in range(COHORTS))


def cohort_steps(own: Mapping[str, float], clock: Clock, terms: Terms) -> tuple[CardPart, ...]:
    """The cohorts, newest first: of those that signed between two days, how many were activated in time."""
    parts = []
    for number, window in enumerate(_cohorts(clock)):
        signed = window.earlier(terms.activated.days)
        part, whole = own[f"step_{number}_part"], own[f"step_{number}_whole"]
        if signed.start is not None:
            last = signed.end - timedelta(days=1)
            label = f"Signed {signed.start:%-d %b %Y} to {last:%-d %b %Y}"
            parts.append(CardPart(label, part / whole if whole else None, "share", part, whole))
    return tuple(parts)


def revenue(rows: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Revenue recognized through partners in the period; credits count against it."""
    return {
        **{f"value_{window.name}": rows.value.sum(where=window.holds(rows.recognized_at)) for window in clock.all},
        **moved(
            clock,
            lambda changed: squares(rows.value, changed),
            lambda window: window.holds(rows.recognized_at),
        ),
        "left_revenue rows without a rate": rows.count(where=clock.now.holds(rows.recognized_at) & rows.value.isnull()),
    }


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
    """Days from signing to the first deal, after which half of all that signed have had one (Kaplan-Meier).

    Partners without a deal yet count up to the day, those that left up to when they left. Rows: `first_deals`.
    """
    return {
        "at": firsts.first_at,
        "length": days_between(firsts.signed_at, firsts.first_at),
        "left_partners that sold before they signed": firsts.first_at < firsts.signed_at,
    }


def _settled_lately(activities: ir.Table, clock: Clock) -> ir.BooleanValue:
    return clock.may_hold(activities.occurred_at) & activities.kind.isin(("commitment_met", "commitment_missed"))


def _recognized_lately(rows: ir.Table, clock: Clock) -> ir.BooleanValue:
    return clock.may_hold(rows.recognized_at)


PARTNER_METRICS = (
    Metric("partners", "Partners", "count", "partners", partners),
    Metric("active_partners", "Active partners", "count", "active", active_partners),
    Metric("active_rate", "Active rate", "share", "standing", active_rate, made="rate"),
    Metric("activation_rate", "Activation rate", "share", "first_deals", activation_rate, made="rate", steps=cohort_steps),
    Metric("revenue", "Revenue", "money", "revenue", revenue, only=_recognized_lately, flow=True),
    Metric("time_to_first_deal", "Time to first deal", "days", "first_deals", time_to_first_deal, made="survival"),
    Metric("commitments_kept", "Commitments kept", "share", "activities", commitments_kept, made="rate", only=_settled_lately),
)
