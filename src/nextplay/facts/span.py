"""How far the facts reach: first and last day of events, last day that anything was learned, which currency."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.contract import BY_NAME, OWN_ACTIVITY
from nextplay.facts.rollups import RollUp
from nextplay.facts.tables import stored

_MONEY_TABLES = ("deals", "revenue")


@dataclass(frozen=True)
class FactsSpan:
    """First and last day that anything happened, by what files brought, and last day that anything was learned.

    What people enter here is learned too, but does not move the last day: a deal of that day would still be missing. Nor does
    it move with a partner that was given to another manager.
    """

    first_happened: date | None
    last_happened: date | None
    last_observed: date | None

    @property
    def newest(self) -> date | None:
        """From this day on nothing in the facts lies ahead."""
        return max((day for day in (self.last_happened, self.last_observed) if day), default=None)


@cache
def latest_moments() -> RollUp:
    """One row a table: its first and latest event, and its latest observation."""
    parts = []
    for name, table in BY_NAME.items():
        rows = stored(name)
        happened = ibis.coalesce(*(rows[column] for column in table.happened)) if table.happened else None
        never = ibis.null("timestamp(6)")
        brought = _brought(name, rows)
        first, latest = (never, never) if happened is None else (happened.min(where=brought), happened.max(where=brought))
        parts.append(rows.aggregate(first=first, happened=latest, observed=rows.observed_at.max()))
    return RollUp("latest moments", ibis.union(*parts))


def _brought(name: str, rows: ir.Table) -> ir.BooleanValue | None:
    """Rows that say how far the files reach; None: all of them."""
    if name == "activities":
        return ~rows.activity_id.startswith(OWN_ACTIVITY)
    return rows.field != "manager_email" if name == "changes" else None


@cache
def currencies() -> RollUp:
    """How many rows with an amount are in which currency; a currency may stand in two rows."""
    parts = [table.filter(table.currency.notnull()) for table in map(stored, _MONEY_TABLES)]
    counts = [part.group_by("currency").agg(rows=part.count()) for part in parts]
    return RollUp("currencies", ibis.union(*counts))


def span_of(moments: pl.DataFrame) -> FactsSpan:
    """From the answer to `latest_moments`."""
    return FactsSpan(_day(moments["first"].min()), _day(moments["happened"].max()), _day(moments["observed"].max()))


def usual_currency(counts: pl.DataFrame) -> str | None:
    """The currency that most rows use, from the answer to `currencies`; of equals the first by name."""
    sums = counts.group_by("currency").agg(pl.col("rows").sum()).sort(["rows", "currency"], descending=[True, False])
    return None if sums.is_empty() else str(sums["currency"][0])


def _day(moment: object) -> date | None:
    return moment.date() if isinstance(moment, datetime) else None
