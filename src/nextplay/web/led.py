"""Growth, groups and kinds of deals beside each other, each figure with the address of its rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from nextplay.intelligence.compared import FallRow, Table, benchmark_of, direct_of, fall_of
from nextplay.intelligence.tiles import Benchmark, BenchmarkRow, DirectComparison, Growth
from nextplay.web.asked import View
from nextplay.web.figure_links import figure_at

# A factor of growth by the figure whose rows it is made of.
ROWS_OF = {"partners": "partners", "activation": "sellers", "deals": "new_pipeline", "size": "new_pipeline"}


@dataclass(frozen=True)
class LedTable:
    """Groups side by side: column heads with how many stand behind each, and each measure's figures with their addresses."""

    heads: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def led_fall(growth: Growth, days: int, currency: str, asked: View) -> tuple[tuple[FallRow, str], ...]:
    """The rows of the waterfall, each with where it leads."""
    steps = [figure_at(asked, ROWS_OF[driver.name]) for driver in growth.drivers]
    addresses = [figure_at(asked, "new_pipeline", part="before"), *steps, figure_at(asked, "new_pipeline")]
    return tuple(zip(fall_of(growth, days, currency), addresses, strict=True))


def led_benchmark(found: Benchmark, currency: str, asked: View) -> LedTable:
    """Groups as columns: a figure leads to its rows inside the group."""
    by_tier = found.groups_are == "tier"
    inside = [replace(asked, tier=group.value) if by_tier else replace(asked, segment=group.value) for group in found.groups]
    return _led(benchmark_of(found, currency), found.rows, lambda row: [figure_at(view, row.metric) for view in inside])


def led_direct(found: DirectComparison, currency: str, asked: View) -> LedTable:
    """Partner deals and direct ones as columns."""
    return _led(
        direct_of(found, currency),
        found.rows,
        lambda row: [figure_at(asked, row.metric), figure_at(asked, "direct_deals", key=row.metric)],
    )


def _led(table: Table, rows: tuple[BenchmarkRow, ...], addresses: Callable[[BenchmarkRow], list[str]]) -> LedTable:
    lines = tuple(
        (label, tuple(zip(cells, addresses(row), strict=True))) for (label, cells), row in zip(table.lines, rows, strict=True)
    )
    return LedTable(table.heads, lines)
