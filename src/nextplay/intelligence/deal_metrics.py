"""Metrics that count deals: pipeline by who brought it, what was won, how large, how fast, and registrations."""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from nextplay.intelligence.metric import Metric, compared, moved, squares
from nextplay.intelligence.terms import Expressions, Terms, days_between, is_labelled, is_sourced
from nextplay.intelligence.tiles import CardPart
from nextplay.intelligence.windows import Clock, Window


def open_pipeline(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Value of partner deals neither won nor lost. Earlier points: opened by then, and closed later or still open."""
    return _open_value(deals, clock, ibis.literal(value=True))


def sourced_pipeline(deals: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Value of partner-sourced deals neither won nor lost."""
    return _open_value(deals, clock, is_sourced(deals, terms.sourced))


def influenced_pipeline(deals: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Value of open deals that partners influenced; none of them counts as sourced or co-sell."""
    return _open_value(deals, clock, is_labelled(deals, "influenced", terms.sourced))


def co_sell_pipeline(deals: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Value of open deals sold together; none of them counts as sourced or influenced."""
    return _open_value(deals, clock, is_labelled(deals, "co_sell", terms.sourced))


def open_deals(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Partner deals neither won nor lost, those without an amount too."""
    return {
        **{f"value_{window.name}": deals.count(where=_was_open(deals, window)) for window in clock.all},
        **moved(clock, lambda changed: deals.count(where=changed), lambda window: _was_open(deals, window)),
    }


def new_pipeline(deals: ir.Table, clock: Clock, terms: Terms) -> Expressions:
    """Value of partner-sourced deals opened (else registered) in the period."""
    opened = deals.opened
    sourced = is_sourced(deals, terms.sourced)

    def is_new(window: Window) -> ir.BooleanValue:
        return sourced & window.holds(opened)

    return {
        **{f"value_{window.name}": deals.value.sum(where=is_new(window)) for window in clock.all},
        **moved(clock, lambda changed: squares(deals.value, changed), is_new),
        **unvalued(deals, is_new(clock.now), "sourced deals"),
        "left_sourced deals without an opening day": deals.count(where=_undated(sourced, opened, clock)),
    }


def win_rate(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Won out of won and lost partner deals, by the day they closed, else the last day known of them.

    Who forgets the day forgets it for lost deals: leaving those out would call nearly everything won.
    """
    ended = deals.last
    won, closed = deals.state == "won", deals.state != "open"
    return {
        **{f"part_{window.name}": deals.count(where=won & window.holds(ended)) for window in clock.all},
        **{f"whole_{window.name}": deals.count(where=closed & window.holds(ended)) for window in clock.all},
        "left_closed deals without any day": deals.count(where=_undated(closed, ended, clock)),
    }


def average_deal_size(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Value of deals won in the period by their number, those without an amount left out."""
    ended, won = deals.last, deals.state == "won"
    return {
        **_mean(deals, deals.value, won & deals.value.notnull(), ended, clock),
        **unvalued(deals, won & clock.now.holds(ended), "won deals"),
        "left_won deals without any day": deals.count(where=_undated(won, ended, clock)),
    }


def average_cycle(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Days from opening to closing of deals won in the period, by their number."""
    timed, opened, closed = _timed(deals)
    return {
        **_mean(deals, days_between(opened, closed), timed, closed, clock),
        "left_won deals without both days": deals.count(where=(deals.state == "won") & ~timed),
    }


def sales_cycle(deals: ir.Table, _clock: Clock, _terms: Terms) -> Expressions:
    """Median days from opening to closing of deals won in the period."""
    timed, opened, closed = _timed(deals)
    return {
        "at": timed.ifelse(closed, ibis.null("timestamp(6)")),
        "length": timed.ifelse(days_between(opened, closed), ibis.null("int64")),
        "left_won deals without both days": (deals.state == "won") & ~timed,
    }


def median_deal_size(deals: ir.Table, _clock: Clock, _terms: Terms) -> Expressions:
    """Median value, to three digits, of deals won in the period, those without an amount left out."""
    sized = (deals.state == "won") & deals.value.notnull()
    return {
        "at": sized.ifelse(deals.last, ibis.null("timestamp(6)")),
        "length": sized.ifelse(three_digits(deals.value), ibis.null("int64")),
        "left_won deals without an amount": (deals.state == "won") & deals.value.isnull(),
    }


def registrations(deals: ir.Table, clock: Clock, _terms: Terms) -> Expressions:
    """Deals registered in the period that were approved, out of those approved, rejected or expired."""
    at = ibis.coalesce(deals.registered_at, deals.opened_at)
    state = deals.registration
    decided = state.isin(("approved", "rejected", "expired")).fill_null(False)
    now = clock.now.holds(at)
    approved = (state == "approved").fill_null(False)
    return {
        **{f"part_{window.name}": deals.count(where=approved & window.holds(at)) for window in clock.all},
        **{f"whole_{window.name}": deals.count(where=decided & window.holds(at)) for window in clock.all},
        "step_registered": deals.count(where=state.notnull() & now),
        "step_decided": deals.count(where=decided & now),
        "step_approved": deals.count(where=approved & now),
        "step_won": deals.count(where=approved & now & (deals.state == "won")),
        "left_registrations without a day": deals.count(where=_undated(state.notnull(), at, clock)),
    }


def registration_steps(own: Mapping[str, float], _clock: Clock, _terms: Terms) -> tuple[CardPart, ...]:
    """The funnel of the registrations of the period."""
    return tuple(
        CardPart(name.capitalize(), own[f"step_{name}"], "count") for name in ("registered", "decided", "approved", "won")
    )


def three_digits(value: ir.DecimalValue) -> ir.IntegerValue:
    """An amount of at least 0 rounded to three digits, half up: as fine as it is shown, with few different values."""
    whole = value.round(0).cast("int64")
    steps = [(10 ** (digits + 3), 10**digits) for digits in range(1, 12)]
    rounded = [(whole < limit, (whole + step // 2) // step * step) for limit, step in steps]
    return ibis.cases((whole < 1000, whole), *rounded, else_=whole)


def unvalued(rows: ir.Table, where: ir.BooleanValue, what: str) -> Expressions:
    """Rows that add nothing because their amount, or what their currency is worth, is not known."""
    return {
        f"left_{what} without an amount": rows.count(where=where & rows.amount.isnull()),
        f"left_{what} in a currency without a rate": rows.count(where=where & rows.amount.notnull() & rows.value.isnull()),
    }


def _open_value(deals: ir.Table, clock: Clock, kept: ir.BooleanValue) -> Expressions:
    def counted(window: Window) -> ir.BooleanValue:
        return kept & _was_open(deals, window)

    return {
        **{f"value_{window.name}": deals.value.sum(where=counted(window)) for window in clock.all},
        **moved(clock, lambda changed: squares(deals.value, changed), counted),
        **unvalued(deals, counted(clock.now), "open deals"),
    }


def _was_open(deals: ir.Table, window: Window) -> ir.BooleanValue:
    if window.latest:
        return deals.state == "open"
    still = (deals.state == "open") | window.reaches_past(deals.ended)
    return still & window.begun(deals.opened)


def _mean(deals: ir.Table, value: ir.NumericValue, where: ir.BooleanValue, at: ir.TimestampValue, clock: Clock) -> Expressions:
    def counted(window: Window) -> ir.BooleanValue:
        return where & window.holds(at)

    return {
        **{f"part_{window.name}": value.sum(where=counted(window)) for window in clock.all},
        **{f"whole_{window.name}": deals.count(where=counted(window)) for window in clock.all},
        **{f"squares_{window.name}": squares(value, counted(window)) for window in compared(clock)},
    }


def _timed(deals: ir.Table) -> tuple[ir.BooleanValue, ir.TimestampValue, ir.TimestampValue]:
    opened, closed = deals.opened, deals.ended
    return (deals.state == "won") & (closed >= opened).fill_null(False), opened, closed


def _undated(where: ir.BooleanValue, at: ir.TimestampValue, clock: Clock) -> ir.BooleanValue:
    """What lies in no period because its day is not known; over all time nothing is left out for that."""
    return where & at.isnull() if clock.now.start else ibis.literal(value=False)


def _opened_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    opened = deals.opened
    return opened.isnull() | clock.may_hold(opened)


def _ended_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    ended = deals.last
    return ended.isnull() | clock.may_hold(ended)


def _open_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    # Open deals too bear a day on which they last moved, so the state is asked as well.
    return (deals.state == "open") | _ended_lately(deals, clock)


def _registered_lately(deals: ir.Table, clock: Clock) -> ir.BooleanValue:
    at = ibis.coalesce(deals.registered_at, deals.opened_at)
    return deals.registration.notnull() & (at.isnull() | clock.may_hold(at))


def _open(name: str, label: str, read: Callable[[ir.Table, Clock, Terms], Expressions]) -> Metric:
    return Metric(name, label, "money", "deals", read, only=_open_lately)


DEAL_METRICS = (
    _open("open_pipeline", "Open pipeline", open_pipeline),
    _open("sourced_pipeline", "Sourced pipeline", sourced_pipeline),
    _open("influenced_pipeline", "Influenced pipeline", influenced_pipeline),
    _open("co_sell_pipeline", "Co-sell pipeline", co_sell_pipeline),
    Metric("open_deals", "Open deals", "count", "deals", open_deals, only=_open_lately),
    Metric("new_pipeline", "New pipeline", "money", "deals", new_pipeline, only=_opened_lately, flow=True),
    Metric("win_rate", "Win rate", "share", "deals", win_rate, made="rate", only=_ended_lately),
    Metric("average_deal_size", "Average deal size", "money", "deals", average_deal_size, made="mean", only=_ended_lately),
    Metric("median_deal_size", "Median deal size", "money", "deals", median_deal_size, made="median", only=_ended_lately),
    Metric("average_cycle", "Average sales cycle", "days", "deals", average_cycle, made="mean", only=_ended_lately),
    Metric("sales_cycle", "Sales cycle", "days", "deals", sales_cycle, made="median", only=_ended_lately),
    Metric(
        "registrations",
        "Registrations approved",
        "share",
        "deals",
        registrations,
        "rate",
        _registered_lately,
        registration_steps,
    ),
)
