"""The rows behind each signal of one partner: the very rows that give its number when they are counted again.

A signal made of others alone (a rate, a rhythm) shows the rows that those rest on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.contract import SELLING_KINDS, VANITY_KINDS
from nextplay.facts.scope import ScopedFacts
from nextplay.signals.expressions import ripe_deals
from nextplay.signals.names import FROM_FACTS, KINDS, PLAY_MADE_KINDS, STALLED_DAYS, WILL_KINDS, WINDOWS

# Columns of a row behind a signal. `source` is its table, `what` its kind, stage or role, `value` its money if it has any.
ROW = ("source", "row_id", "at", "what", "person", "account", "value")
STEPS = ("step_proposed", "step_accepted", "step_declined")
SELLER_ROLES = ("lead_seller", "seller")

RowsOf = Callable[[ScopedFacts, str], ir.Table]
Count = Callable[[pl.DataFrame], float]


@dataclass(frozen=True)
class Behind:
    """Where a signal's rows are. `count` gives its number from them; None: its formula is worked out from `made_of`."""

    rows: RowsOf
    count: Count | None = None
    made_of: tuple[str, ...] = field(default=())


def rows_behind(facts: ScopedFacts, signal: str, partner_id: str) -> ir.Table | None:
    """Rows of one partner that a signal rests on, newest first; None where it is a field of the partner itself.

    Raises KeyError where no signal computed from facts has that name.
    """
    if signal not in BEHIND and signal in {one.name for one in FROM_FACTS}:
        return None
    rows = BEHIND[signal].rows(facts, partner_id)
    return rows.order_by([rows["at"].desc(nulls_first=False), rows["source"], rows["row_id"]])


def _since(facts: ScopedFacts, moment: ir.TimestampValue, days: int | None) -> ir.BooleanValue:
    if days is None:
        return ibis.literal(value=True)
    return (moment >= ibis.literal(facts.scope.cutoff - timedelta(days=days), "timestamp(6)")).fill_null(False)


def _acts(kinds: Sequence[str], days: int | None = None, *, own: bool = True) -> RowsOf:
    """Activities of kinds in a window; `own` leaves out work that a play asked for."""

    def rows(facts: ScopedFacts, partner_id: str) -> ir.Table:
        acts = facts.activities
        acts = acts.filter((acts.partner_id == partner_id) & _since(facts, acts.occurred_at, days))
        acts = acts.filter(acts.kind.isin(kinds))
        if own:
            acts = acts.filter(acts.play.isnull() | ~acts.kind.isin(PLAY_MADE_KINDS))
        return _row(acts, "activities", "activity_id", at=acts.occurred_at, what=acts.kind, person=acts.contact_id)

    return rows


def _at_work(days: int, roles: Sequence[str]) -> RowsOf:
    """Activities of any kind but logins, badges and webinars, by people in some roles."""

    def rows(facts: ScopedFacts, partner_id: str) -> ir.Table:
        acts, people = facts.activities, facts.contacts[["contact_id", "role"]]
        acts = acts.filter((acts.partner_id == partner_id) & _since(facts, acts.occurred_at, days))
        acts = acts.filter(acts.kind.notin(VANITY_KINDS)).inner_join(people, "contact_id")
        acts = acts.filter(acts.role.isin(roles))
        return _row(acts, "activities", "activity_id", at=acts.occurred_at, what=acts.kind, person=acts.contact_id)

    return rows


def _deals(which: Callable[[ScopedFacts, ir.Table], ir.BooleanValue], moment: str = "opened") -> RowsOf:
    def rows(facts: ScopedFacts, partner_id: str) -> ir.Table:
        deals = facts.deals
        deals = deals.filter((deals.partner_id == partner_id) & which(facts, deals).fill_null(False))
        return _row(deals, "deals", "deal_id", at=deals[moment], what=deals.stage, value=deals.value)

    return rows


def _brought(days: int | None) -> RowsOf:
    def which(facts: ScopedFacts, deals: ir.Table) -> ir.BooleanValue:
        own = deals.sourced_by.isnull() | (deals.sourced_by != "influenced")
        return own & deals.opened.notnull() & _since(facts, deals.opened, days)

    return _deals(which)


def _ended(states: Sequence[str], days: int) -> RowsOf:
    return _deals(lambda facts, deals: deals.state.isin(states) & _since(facts, deals.ended, days), "ended")


def _stalled(facts: ScopedFacts, deals: ir.Table) -> ir.BooleanValue:
    moved = ibis.coalesce(deals.stage_changed_at, deals.opened_at, deals.registered_at)
    return (deals.state == "open") & moved.notnull() & ~_since(facts, moved, STALLED_DAYS)


def _ripe(*, reached: bool) -> RowsOf:
    def rows(facts: ScopedFacts, partner_id: str) -> ir.Table:
        deals = ripe_deals(facts)
        deals = deals.filter((deals.partner_id == partner_id) & (deals.reached if reached else ibis.literal(value=True)))
        return _row(deals, "deals", "deal_id", at=deals.moment, what=deals.stage, value=deals.value)

    return rows


def _people(roles: Sequence[str] = ()) -> RowsOf:
    def rows(facts: ScopedFacts, partner_id: str) -> ir.Table:
        people = facts.contacts
        people = people.filter(people.partner_id == partner_id)
        if roles:
            people = people.filter(people.role.isin(roles))
        return _row(people, "contacts", "contact_id", what=people.role, person=people.name)

    return rows


def _revenue(first: int, last: int) -> RowsOf:
    def rows(facts: ScopedFacts, partner_id: str) -> ir.Table:
        revenue = facts.revenue_amounts
        inside = _since(facts, revenue.recognized_at, first)
        if last:
            inside &= ~_since(facts, revenue.recognized_at, last)
        revenue = revenue.filter((revenue.partner_id == partner_id) & inside)
        return _row(revenue, "revenue", "revenue_id", at=revenue.recognized_at, value=revenue.value)

    return rows


def _both(*parts: RowsOf) -> RowsOf:
    return lambda facts, partner_id: ibis.union(*(part(facts, partner_id) for part in parts))


def _row(table: ir.Table, source: str, key: str, **named: ir.Value) -> ir.Table:
    text, moment = ibis.null("string"), ibis.null("timestamp(6)")
    account = table.account if "account" in table.columns else text
    held = {"at": moment, "what": text, "person": text, "account": account, "value": ibis.null("decimal(18, 2)")} | named
    return table.select(source=ibis.literal(source), row_id=table[key], **held)


def _number(rows: pl.DataFrame) -> float:
    return rows.height


def _larger(rows: pl.DataFrame) -> float:
    return max(rows.filter(pl.col("source") == table).height for table in ("activities", "deals"))


def _different(column: str) -> Count:
    return lambda rows: rows[column].drop_nulls().n_unique()


def _days(rows: pl.DataFrame) -> float:
    return rows["at"].dt.date().n_unique()


def _money(rows: pl.DataFrame) -> float:
    return float(rows["value"].cast(pl.Decimal(38, 2)).sum() or 0)


def _largest(rows: pl.DataFrame) -> float:
    return _money(rows.drop_nulls("value").top_k(1, by="value"))


def _selling(days: int | None) -> RowsOf:
    return _both(_acts(SELLING_KINDS, days, own=False), _brought(days))


_SIZED = _deals(lambda _, deals: deals.value > 0)
_OPEN = _deals(lambda _, deals: deals.state == "open")
_WON = _deals(lambda _, deals: deals.state == "won", "ended")
_STALLED = _deals(_stalled)
_RHYTHM = ("selling_days_365", "days_since_selling")


def _of_kinds() -> dict[str, Behind]:
    counted = {f"{kind}_{days}": Behind(_acts((kind,), days), _number) for kind in KINDS for days in WINDOWS}
    since = {f"days_since_{kind}": Behind(_acts((kind,))) for kind in KINDS}
    kept = {f"commitment_{word}_270": Behind(_acts((f"commitment_{word}",), 270), _number) for word in ("met", "missed")}
    return {**counted, **since, **kept}


BEHIND: dict[str, Behind] = {
    **_of_kinds(),
    **{f"selling_{days}": Behind(_selling(days), _larger) for days in WINDOWS},
    **{f"will_{days}": Behind(_acts(WILL_KINDS, days), _number) for days in WINDOWS},
    **{f"opened_{days}": Behind(_brought(days), _number) for days in WINDOWS},
    **{f"deals_won_{days}": Behind(_ended(("won",), days), _number) for days in (90, 180)},
    "selling_days_365": Behind(_selling(365), _days),
    "selling_days": Behind(_selling(None), _days),
    "days_since_selling": Behind(_selling(None)),
    "usual_gap_days": Behind(_selling(365), made_of=("selling_days_365",)),
    "silence": Behind(_selling(365), made_of=("days_since_selling", "usual_gap_days")),
    "momentum": Behind(_selling(180), made_of=("selling_90", "selling_180")),
    "selling_faded": Behind(_selling(180), made_of=tuple(f"selling_{days}" for days in WINDOWS)),
    "will_faded": Behind(_acts(WILL_KINDS, 180), made_of=tuple(f"will_{days}" for days in WINDOWS)),
    "deals_open": Behind(_OPEN, _number),
    "open_value": Behind(_OPEN, _money),
    "deals_closed_365": Behind(_ended(("won", "lost"), 365), _number),
    "win_rate_365": Behind(_ended(("won", "lost"), 365), made_of=("deals_closed_365",)),
    "stalled_deals": Behind(_STALLED, _number),
    "stalled_value": Behind(_STALLED, _money),
    "stalled_largest": Behind(_STALLED, _largest),
    "stalled_share": Behind(_STALLED, made_of=("stalled_deals", "deals_open")),
    "customers": Behind(_WON, _different("account")),
    "ripe_deals_365": Behind(_ripe(reached=False), _number),
    "qualified_deals_365": Behind(_ripe(reached=True), _number),
    "sized_deals": Behind(_SIZED, _number),
    "sized_value": Behind(_SIZED, _money),
    "log_size": Behind(_SIZED, made_of=("sized_deals",)),
    "revenue_180": Behind(_revenue(180, 0), _money),
    "revenue_before_180": Behind(_revenue(360, 180), _money),
    "contacts": Behind(_people(), _number),
    "sellers": Behind(_people(SELLER_ROLES), _number),
    "lead_seller": Behind(_people(("lead_seller",))),
    "executives": Behind(_people(("executive",)), _number),
    **{f"sellers_active_{days}": Behind(_at_work(days, SELLER_ROLES), _different("person")) for days in (60, 180)},
    "executive_seen_180": Behind(_at_work(180, ("executive",)), _number),
    "days_since_activity": Behind(_acts(KINDS)),
    "proposals_180": Behind(_acts(("step_proposed",), 180), _number),
    "answered_180": Behind(_acts(STEPS, 180)),
    "response_days": Behind(_acts(STEPS, 180), made_of=("proposals_180", "answered_180")),
    "accepted_share_180": Behind(
        _acts(("step_proposed", "step_accepted"), 180), made_of=("step_accepted_180", "proposals_180")
    ),
    "reply_rate_180": Behind(
        _acts(("outreach_sent", "outreach_replied"), 180), made_of=("outreach_replied_180", "outreach_sent_180")
    ),
    "list_and_narrative_180": Behind(
        _acts(("target_list_shared", "narrative_shared"), 180), made_of=("target_list_shared_180", "narrative_shared_180")
    ),
    "commitments_kept_270": Behind(
        _acts(("commitment_met", "commitment_missed"), 270), made_of=("commitment_met_270", "commitment_missed_270")
    ),
    "commitments_open_90": Behind(
        _acts(("commitment_made", "commitment_met", "commitment_missed"), 90),
        made_of=tuple(f"commitment_{word}_90" for word in ("made", "met", "missed")),
    ),
    "attention_180": Behind(_acts(("meeting_held", "webinar_attended"), 180), _number),
    "badges_180": Behind(_acts(VANITY_KINDS, 180), _number),
    "fresh_or_willing": Behind(_acts(WILL_KINDS, 180), made_of=("days_in_program", "will_180")),
}
