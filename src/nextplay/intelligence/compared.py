"""Periods, groups and kinds of deals beside each other, as a dashboard draws them: on the page and in print."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from nextplay.intelligence.tiles import Benchmark, BenchmarkRow, Cell, DirectComparison, Driver, Growth, Unit
from nextplay.values import figures


@dataclass(frozen=True)
class FallRow:
    """One row of the waterfall: a bar from `start` to `end`, both shares of the track, and a line on to the next row."""

    label: str
    detail: str
    amount: str
    tone: str
    start: float
    end: float
    total: bool = False
    last: bool = False


@dataclass(frozen=True)
class Table:
    """Groups side by side: column heads with how many stand behind each, and a line of figures a measure."""

    heads: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def fall_of(growth: Growth, days: int, currency: str) -> tuple[FallRow, ...]:
    """The waterfall from the period before to this one; both totals alone where there is no split."""
    levels = list(accumulate((driver.effect for driver in growth.drivers), initial=growth.before))
    if not growth.drivers:
        levels = [growth.before, growth.now]
    low, high = min(0.0, *levels), max(0.0, *levels)
    span = (high - low) or 1.0
    places = [(level - low) / span for level in levels]
    zero = -low / span
    steps = zip(growth.drivers, pairwise(places), strict=False)
    before, now = (figures.money_short(value, currency) for value in (growth.before, growth.now))
    return (
        FallRow(f"The {days} days before", "", before, "", zero, places[0], total=True),
        *(_step(driver, start, end, currency) for driver, (start, end) in steps),
        FallRow(f"Last {days} days", "", now, "", zero, places[-1], total=True, last=True),
    )


def benchmark_of(found: Benchmark, currency: str) -> Table:
    """Groups as columns, measures as lines."""
    heads = tuple((group.label, figures.many(group.partners, "partner", "partners")) for group in found.groups)
    return Table(heads, _lines(found.rows, currency))


def direct_of(found: DirectComparison, currency: str) -> Table:
    """Partner deals and direct ones as columns."""
    deals = (("With a partner", found.deals), ("Direct", found.direct_deals))
    heads = tuple((label, figures.many(number, "closed deal", "closed deals")) for label, number in deals)
    return Table(heads, _lines(found.rows, currency))


def _lines(rows: tuple[BenchmarkRow, ...], currency: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row.label, tuple(_cell(cell, row.unit, currency) for cell in row.cells)) for row in rows)


def _cell(cell: Cell, unit: Unit, currency: str) -> str:
    """The figure; over few cases the count of them, since a rate would say too much."""
    if cell.value is None:
        return figures.NOTHING
    if not cell.enough_cases and cell.denominator is not None:
        if unit == "share":
            return f"{figures.count(cell.numerator)} of {figures.count(cell.denominator)}"
        return f"only {figures.many(round(cell.denominator), 'case')}" if cell.denominator else figures.NOTHING
    if unit == "money":
        return figures.money_short(cell.value, currency)
    if unit == "share":
        return figures.share(cell.value)
    return f"{figures.count(round(cell.value))} days" if unit == "days" else figures.count(cell.value)


def _step(driver: Driver, start: float, end: float, currency: str) -> FallRow:
    sign, tone = ("+", "green") if driver.effect > 0 else (figures.MINUS, "red") if driver.effect < 0 else ("", "")
    levels = (_level(driver.name, value, currency) for value in (driver.before, driver.now))
    amount = f"{sign}{figures.money_short(abs(driver.effect), currency)}"
    return FallRow(driver.label, " → ".join(levels), amount, tone, start, end)


def _level(driver: str, value: float, currency: str) -> str:
    if driver == "size":
        return figures.money_short(value, currency)
    if driver == "activation":
        return f"{value:.1%}"
    return figures.count(value) if driver == "partners" else f"{value:.1f}"
