"""What every operation works on: the home folder, the facts, and the program in force."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path

import ibis
import polars as pl

from nextplay.facts.contract import BY_NAME
from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.home import Home
from nextplay.program.definition import Program
from nextplay.program.load import default_program, load_program

FALLBACK_CURRENCY = "USD"
# Facts older than this are looked at as of their own last day: every window would be empty otherwise.
STALE_AFTER_DAYS = 45


@dataclass(frozen=True)
class FactsSpan:
    """Last day that anything happened, and last day that anything was learned."""

    last_happened: date | None
    last_observed: date | None
    currency: str | None


@dataclass
class Installation:
    """An opened installation. Safe to share between threads."""

    home: Home

    @cached_property
    def warehouse(self) -> Warehouse:
        """The facts, opened when first asked for."""
        return Warehouse(self.home.facts_url)

    @property
    def embedded(self) -> bool:
        """Whether one process must own the facts."""
        return self.home.facts_url.startswith("duckdb:")

    def close(self) -> None:
        """Give the facts back, if they were opened."""
        opened = self.__dict__.pop("warehouse", None)
        if opened is not None:
            opened.close()

    @property
    def program(self) -> Program:
        """The program in force; read again when its file changes. Raises ProgramError."""
        file = self.home.program_file
        if not file.exists():
            return default_program()
        return _program_at(str(file), file.stat().st_mtime_ns)

    @property
    def span(self) -> FactsSpan:
        """How far the facts reach."""
        return _span(self.warehouse, self.warehouse.version().facts)

    @property
    def reporting(self) -> Reporting:
        """The currency reported in: the program's, else the one most rows of the facts use."""
        program = self.program
        currency = program.currency or self.span.currency or FALLBACK_CURRENCY
        return Reporting(currency=currency, rates=tuple(program.rates.items()))

    def reference_day(self, today: date) -> date:
        """The day that windows end on: today, or the facts' own last day where they are older than 45 days."""
        last = self.span.last_happened
        if last is None or (today - last).days <= STALE_AFTER_DAYS:
            return today
        return last

    def facts_looking_back(self, as_of: date, known_by: date) -> ScopedFacts:
        """Everyone's facts as they stood on an earlier day, with all that was known of it on a later one."""
        return ScopedFacts(Scope(as_of=as_of, past=True, known_by=known_by), self.reporting)

    def facts(self, as_of: date, reach: Reach, segment: str | None = None, tier: str | None = None) -> ScopedFacts:
        """The facts of a scope. The only way an operation reads them."""
        span = self.span
        newest = max((day for day in (span.last_happened, span.last_observed) if day), default=as_of)
        scope = Scope(as_of=as_of, past=as_of < newest, segment=segment, tier=tier, reach=reach)
        return ScopedFacts(scope, self.reporting)


@lru_cache(maxsize=4)
def _program_at(path: str, _modified: int) -> Program:
    return load_program(Path(path))


@lru_cache(maxsize=4)
def _span(warehouse: Warehouse, _version: int) -> FactsSpan:
    happened, observed = [], []
    for name, table in BY_NAME.items():
        rows = stored(name)
        if table.happened:
            moment = ibis.coalesce(*(rows[column] for column in table.happened))
            read = warehouse.read(rows.aggregate(happened=moment.max(), observed=rows.observed_at.max()))
            happened.append(read["happened"].item())
        else:
            read = warehouse.read(rows.aggregate(observed=rows.observed_at.max()))
        observed.append(read["observed"].item())
    return FactsSpan(_latest(happened), _latest(observed), _usual_currency(warehouse))


def _latest(moments: list[object]) -> date | None:
    return max((moment.date() for moment in moments if isinstance(moment, datetime)), default=None)


def _usual_currency(warehouse: Warehouse) -> str | None:
    counts = [
        warehouse.read(stored(name).filter(stored(name).currency.notnull()).group_by("currency").agg(rows=lambda t: t.count()))
        for name in ("deals", "revenue")
    ]
    by_currency = (
        pl.concat(counts).group_by("currency").agg(pl.col("rows").sum()).sort(["rows", "currency"], descending=[True, False])
    )
    return None if by_currency.is_empty() else str(by_currency["currency"][0])
