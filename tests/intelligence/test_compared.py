"""The waterfall and the tables of groups, as drawn."""

import pytest

from nextplay.intelligence.compared import benchmark_of, fall_of
from nextplay.intelligence.tiles import Benchmark, BenchmarkRow, Cell, Driver, FilterChoice, Growth


def growth(*effects: float, before: float = 100.0) -> Growth:
    drivers = tuple(Driver(name, name, 1, 2, effect) for name, effect in zip("abcd", effects, strict=False))
    return Growth(before, before + sum(effects), drivers, "", clear=True)


@pytest.mark.parametrize("effects", [(50.0, -20.0, 30.0, 5.0), (-160.0, 100.0, 10.0, 5.0), (0.0, 0.0, 0.0, 0.0)])
def test_each_step_begins_where_the_one_before_ended_and_the_last_bar_is_the_total(effects: tuple[float, ...]) -> None:
    first, *steps, last = fall_of(growth(*effects), 90, "USD")
    ends = [first.end, *(step.end for step in steps)]
    assert [step.start for step in steps] == ends[:-1]
    assert last.start == first.start
    assert last.end == pytest.approx(ends[-1])
    assert all(0 <= place <= 1 for row in (first, *steps, last) for place in (row.start, row.end))
    assert [step.tone for step in steps] == [{1: "green", -1: "red", 0: ""}[(e > 0) - (e < 0)] for e in effects]


def test_without_a_split_both_totals_stand_alone() -> None:
    rows = fall_of(Growth(0.0, 40.0, (), "No split.", clear=True), 30, "USD")
    assert [row.label for row in rows] == ["The 30 days before", "Last 30 days"]
    assert (rows[0].end, rows[1].end) == (0.0, 1.0)


def test_few_cases_are_told_as_counts_and_nothing_as_nothing() -> None:
    cells = (Cell(0.5, 1, 2, enough_cases=False), Cell(0.25, 10, 40), Cell(None, 0, 0, enough_cases=False))
    days = (Cell(12.0, None, 1, enough_cases=False), Cell(12.4, None, 9), Cell(None))
    groups = tuple(FilterChoice(name, name, 1) for name in ("<b>", "B", "C"))
    rows = (BenchmarkRow("win_rate", "Win rate", "share", cells), BenchmarkRow("x", "Days", "days", days))
    table = benchmark_of(Benchmark("tier", groups, rows), "USD")
    assert [cells for _, cells in table.lines] == [("1 of 2", "25%", "–"), ("only 1 case", "12 days", "–")]
    assert table.heads[0] == ("<b>", "1 partner")
