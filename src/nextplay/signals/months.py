"""Reads the monthly roll-up of every partner: a pass over activities and one over deals, exact whole numbers only."""

from __future__ import annotations

import ibis
import numpy as np
import polars as pl

from nextplay.facts.contract import VANITY_KINDS
from nextplay.facts.scope import ScopedFacts
from nextplay.program.engine import CHANNELS, DEALS
from nextplay.signals.compute import Answering
from nextplay.signals.expressions import brought
from nextplay.signals.month_counts import ANSWERS, AT_MOST, COUNTED, DAYS_OF_MONTH, Floats, MonthCounts, age_in_months

# With more partners than this each month is read by itself: memory then does not grow with the months.
MOST_AT_ONCE = 50_000
_ANSWER_KINDS = dict(
    zip(("commitment_met", "commitment_missed", "step_proposed", "step_accepted"), range(len(ANSWERS)), strict=True)
)
_CHANNEL_OF = {kind: place for place, (kinds, _) in enumerate(CHANNELS.values()) for kind in kinds}
_BUSY = tuple(name for name, (kinds, _) in CHANNELS.items() if set(kinds) <= set(VANITY_KINDS))
_WORK = [place for place, name in enumerate(COUNTED) if name not in _BUSY]
# Kept and broken promises tell what a partner is like inside a play too; the rest tells only outside.
_ALSO_IN_PLAYS = ("commitment_met", "commitment_missed")


def month_counts(reader: Answering, facts: ScopedFacts, signals: pl.DataFrame, months: int) -> MonthCounts:
    """The roll-up of the last `months` months of 30 days, in the order of the signals frame."""
    rows = signals.select("partner_id").with_row_index("row")
    events = np.zeros((months, signals.height, len(COUNTED)), np.float32)
    answers = np.zeros((months, signals.height, len(ANSWERS)), np.float32)
    step = months if signals.height <= MOST_AT_ONCE else 1
    for newest in range(0, months, step):
        told = reader.ask(activities_by_month, facts, newest, newest + step).join(rows, on="partner_id")
        _add(events, told, _CHANNEL_OF)
        _add(answers, told, _ANSWER_KINDS)
        registered = np.zeros(events.shape[:2], np.float32)
        _add(registered[..., None], told, {"deal_registered": 0})
        events[..., -1] = np.maximum(events[..., -1], registered)
    opened = np.zeros(events.shape[:2], np.float32)
    deals = reader.ask(deals_by_month, facts, months).join(rows, on="partner_id").with_columns(kind=pl.lit(DEALS))
    _add(opened[..., None], deals, {DEALS: 0})
    # A registered deal usually shows in both tables: the larger number, never the sum.
    events[..., -1] = np.maximum(events[..., -1], opened)
    np.minimum(events[..., :-1], AT_MOST, out=events[..., :-1])
    return MonthCounts(events, answers, _age(signals, events, answers))


def activities_by_month(facts: ScopedFacts, newest: int, oldest: int) -> ibis.Table:
    """One row a partner, month and kind: how many; months counted back from the day, 0 the latest."""
    activities = facts.activities
    counted = [*_CHANNEL_OF, *_ANSWER_KINDS, "deal_registered"]
    activities = activities.filter(
        activities.kind.isin(counted)
        & (activities.play.isnull() | activities.kind.isin(_ALSO_IN_PLAYS))
        & _between(facts, activities.occurred_at, newest, oldest)
    )
    ago = _ago(facts, activities.occurred_at, newest, oldest)
    rows = activities.select(partner_id=activities.partner_id, kind=activities.kind, ago=ago)
    return rows.group_by("partner_id", "ago", "kind").agg(n=rows.count())


def deals_by_month(facts: ScopedFacts, months: int) -> ibis.Table:
    """One row a partner and month: deals it brought."""
    deals = brought(facts)
    deals = deals.filter(_between(facts, deals.moment, 0, months))
    rows = deals.select(partner_id=deals.partner_id, ago=_ago(facts, deals.moment, 0, months))
    return rows.group_by("partner_id", "ago").agg(n=rows.count())


def _between(
    facts: ScopedFacts, moment: ibis.expr.types.TimestampValue, newest: int, oldest: int
) -> ibis.expr.types.BooleanValue:
    return (moment >= _start(facts, oldest)) & (moment < _start(facts, newest))


def _start(facts: ScopedFacts, ago: int) -> ibis.expr.types.TimestampScalar:
    return facts.day_end(DAYS_OF_MONTH * ago)


def _ago(facts: ScopedFacts, moment: ibis.expr.types.TimestampValue, newest: int, oldest: int) -> ibis.expr.types.IntegerValue:
    """Comparisons with the starts of months: no engine's own arithmetic on times."""
    later = [(moment >= _start(facts, place + 1), place) for place in range(newest, oldest - 1)]
    if not later:
        return ibis.literal(newest)
    return ibis.cases(*later, else_=oldest - 1)


def _add(target: Floats, told: pl.DataFrame, places: dict[str, int]) -> None:
    own = told.filter(pl.col("kind").is_in(list(places)))
    place = own["kind"].replace_strict(places, return_dtype=pl.Int64).to_numpy()
    month = len(target) - 1 - own["ago"].cast(pl.Int64).to_numpy()
    np.add.at(target, (month, own["row"].to_numpy(), place), own["n"].cast(pl.Float32).to_numpy())


def _age(signals: pl.DataFrame, events: Floats, answers: Floats) -> Floats:
    """In months; who did something earlier than its dates say was there already, more than log in or train."""
    did = (events[:, :, _WORK].sum(axis=2) + answers.sum(axis=2)) > 0
    seen = np.where(did.any(axis=0), len(did) - did.argmax(axis=0), 0)
    return np.maximum(age_in_months(signals), seen).astype(np.float32)
