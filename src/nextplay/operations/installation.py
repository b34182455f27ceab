"""What every operation works on: the home folder, the facts, and the program in force."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from nextplay.facts.rollups import RollUps
from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.span import FactsSpan, currencies, latest_moments, span_of, usual_currency
from nextplay.facts.warehouse import Version, Warehouse
from nextplay.home import Home
from nextplay.program.definition import Program
from nextplay.program.load import default_program, load_program

FALLBACK_CURRENCY = "USD"
# Facts older than this are looked at as of their own last day: every window would be empty otherwise.
STALE_AFTER_DAYS = 45


@dataclass(frozen=True)
class Standing:
    """The program in force and how far the facts reach: from which day they are looked at, and in which currency."""

    program: Program
    span: FactsSpan
    # What most rows use; asked only where the program names none.
    usual_currency: str | None = None

    @property
    def reporting(self) -> Reporting:
        """The currency reported in: the program's, else the one most rows of the facts use."""
        currency = self.program.currency or self.usual_currency or FALLBACK_CURRENCY
        dated = ((code, each.since, each.rate) for code, rates in self.program.dated_rates.items() for each in rates)
        return Reporting(currency=currency, rates=tuple(self.program.rates.items()), dated=tuple(dated))

    def reference_day(self, today: date) -> date:
        """The day that windows end on: today, or the facts' own last day where they are older than 45 days."""
        last = self.span.last_happened
        if last is None or (today - last).days <= STALE_AFTER_DAYS:
            return today
        return last

    def facts(
        self,
        as_of: date,
        reach: Reach,
        segment: str | None = None,
        tier: str | None = None,
        *,
        touched: bool = False,
    ) -> ScopedFacts:
        """The facts of a scope."""
        past = self.span.newest is not None and as_of < self.span.newest
        also = self.program.rubric.read_also
        scope = Scope(as_of=as_of, past=past, segment=segment, tier=tier, reach=reach, touched=touched, read_also=also)
        return ScopedFacts(scope, self.reporting)


@dataclass
class Installation:
    """An opened installation. Safe to share between threads."""

    home: Home

    @cached_property
    def warehouse(self) -> Warehouse:
        """The facts, opened when first asked for."""
        return Warehouse(self.home.facts_url, self.home)

    @property
    def embedded(self) -> bool:
        """Whether one process must own the facts."""
        return self.home.facts_url.startswith("duckdb:")

    def close(self) -> None:
        """Give the facts back, if they were opened."""
        self.__dict__.pop("rollups", None)
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

    def under(self, program: Program) -> "Installation":
        """The same facts under another program, which is not put in force. To be read only; closing it closes nothing."""
        return _Under(self.home, self, program)

    @cached_property
    def rollups(self) -> RollUps:
        """Answers kept with the facts."""
        return RollUps(self.warehouse)

    @property
    def span(self) -> FactsSpan:
        """How far the facts reach."""
        return _span(self.rollups, self.warehouse.version())

    @property
    def standing(self) -> Standing:
        """What every question to the facts starts from."""
        program, version = self.program, self.warehouse.version()
        usual = None if program.currency else _usual_currency(self.rollups, version)
        return Standing(program, _span(self.rollups, version), usual)

    @property
    def reporting(self) -> Reporting:
        """The currency reported in, and the program's rates."""
        return self.standing.reporting

    def reference_day(self, today: date) -> date:
        """The day that windows end on; see `Standing`."""
        return self.standing.reference_day(today)

    def facts_looking_back(self, as_of: date, known_by: date, parts: int) -> ScopedFacts:
        """Facts as they stood on an earlier day, with all that was known of it on a later one; `parts` of all partners."""
        return ScopedFacts(Scope(as_of=as_of, past=True, known_by=known_by, parts=parts), self.reporting)

    def facts_now(self, reach: Reach) -> ScopedFacts:
        """The facts as they are held, nothing put back to how it stood: who manages a partner is asked of these."""
        return self.facts(self.span.newest or date.max, reach)

    def facts(
        self,
        as_of: date,
        reach: Reach,
        segment: str | None = None,
        tier: str | None = None,
        *,
        touched: bool = False,
    ) -> ScopedFacts:
        """The facts of a scope. The only way an operation reads them."""
        return self.standing.facts(as_of, reach, segment, tier, touched=touched)


@dataclass
class _Under(Installation):
    """Another installation's facts under a program that is only tried."""

    of: Installation
    tried: Program

    @property
    def warehouse(self) -> Warehouse:
        """The other one's."""
        return self.of.warehouse

    @property
    def rollups(self) -> RollUps:
        """The other one's."""
        return self.of.rollups

    @property
    def program(self) -> Program:
        """The one that is tried."""
        return self.tried

    def close(self) -> None:
        """Nothing of its own is open."""


@lru_cache(maxsize=4)
def _program_at(path: str, _modified: int) -> Program:
    return load_program(Path(path))


@lru_cache(maxsize=4)
def _span(rollups: RollUps, version: Version) -> FactsSpan:
    return span_of(rollups.answer("latest moments", latest_moments, version))


@lru_cache(maxsize=4)
def _usual_currency(rollups: RollUps, version: Version) -> str | None:
    return usual_currency(rollups.answer("currencies", currencies, version))
