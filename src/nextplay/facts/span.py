"""How far the facts reach: first and last day of events, last day that anything was learned, which currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import ibis
import polars as pl

from nextplay.facts.contract import BY_NAME, OWN_ACTIVITY
from nextplay.facts.scope import ScopedFacts
from nextplay.facts.tables import stored

_MONEY_TABLES = ("deals", "revenue")
# Texts and changes are dated by whoever wrote them down, nextplay among them: events of their day may still be missing.
_NOTED = ("changes", "documents")


@dataclass(frozen=True)
class FactsSpan:
    """First and last day that anything happened, by what files brought, and last day that anything was learned.

    What people enter or change here is learned too, but does not move the last day: a deal of that day would still be missing.
    `last_noted`: of texts and changes. `by_table`: last day of each table of events that has one.
    """

    first_happened: date | None
    last_happened: date | None
    last_observed: date | None
    last_noted: date | None = None
    by_table: tuple[tuple[str, date], ...] = ()

    @property
    def newest(self) -> date | None:
        """From this day on nothing in the facts lies ahead."""
        return max((day for day in (self.last_happened, self.last_noted, self.last_observed) if day), default=None)


@cache
def latest_moments() -> ibis.Table:
    """One row a table: its first and latest event, and its latest observation."""
    parts = []
    for name, table in BY_NAME.items():
        rows = stored(name)
        happened = ibis.coalesce(*(rows[column] for column in table.happened)) if table.happened else None
        never = ibis.null("timestamp(6)")
        brought = _brought(name, rows)
        first, latest = (never, never) if happened is None else (happened.min(where=brought), happened.max(where=brought))
        moments = rows.aggregate(first=first, happened=latest, observed=rows.observed_at.max())
        parts.append(moments.mutate(table=ibis.literal(name)))
    return ibis.union(*parts)


def _brought(name: str, rows: ibis.Table) -> ibis.expr.types.BooleanValue | None:
    """Rows that say how far the files reach; None: all of them."""
    if name == "activities":
        return ~rows.activity_id.startswith(OWN_ACTIVITY)
    return rows.field != "manager_email" if name == "changes" else None


@cache
def currencies() -> ibis.Table:
    """How many rows with an amount are in which currency; a currency may stand in two rows."""
    parts = [table.filter(table.currency.notnull()) for table in map(stored, _MONEY_TABLES)]
    counts = [part.group_by("currency").agg(rows=part.count()) for part in parts]
    return ibis.union(*counts)


def known_too_late(facts: ScopedFacts) -> ibis.Table:
    """One row: deals and activities of partners that had happened by the day and that files brought only after it."""
    counts = []
    for name in ("activities", "deals"):
        rows = stored(name)
        moment = ibis.coalesce(*(rows[column] for column in BY_NAME[name].happened))
        late = rows.partner_id.notnull() & (moment < facts.day_end()) & (rows.observed_at >= facts.known_end())
        brought = _brought(name, rows)
        late = late if brought is None else late & brought
        counts.append(rows.aggregate(rows=rows.count(where=late)))
    late = ibis.union(*counts)
    return late.aggregate(rows=late.rows.sum())


def span_of(moments: pl.DataFrame) -> FactsSpan:
    """From the answer to `latest_moments`."""
    days = {row["table"]: _day(row["happened"]) for row in moments.iter_rows(named=True)}
    events = {table: day for table, day in sorted(days.items()) if day is not None and table not in _NOTED}
    return FactsSpan(
        _day(moments["first"].min()),
        max(events.values(), default=None),
        _day(moments["observed"].max()),
        max((day for table, day in days.items() if day is not None and table in _NOTED), default=None),
        tuple(events.items()),
    )


def usual_currency(counts: pl.DataFrame) -> str | None:
    """The currency that most rows use, from the answer to `currencies`; of equals the first by name."""
    sums = counts.group_by("currency").agg(pl.col("rows").sum()).sort(["rows", "currency"], descending=[True, False])
    return None if sums.is_empty() else str(sums["currency"][0])


def _day(moment: object) -> date | None:
    return moment.date() if isinstance(moment, datetime) else None
