from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nextplay.intelligence.concentration import PARTS, concentration
from nextplay.intelligence.noise import median_changed, rate_changed, sum_changed
from nextplay.intelligence.spread import Spread
from nextplay.intelligence.tiles import Concentration


def spread(values: NDArray[np.float64]) -> Spread:
    return Spread.of(values, np.ones(values.size, dtype=np.int64))


def shape_of(amounts: list[int], partners: int) -> Concentration:
    """What the engine's sums come to over amounts, of so many partners."""
    ordered = sorted((Decimal(amount) for amount in amounts), reverse=True)
    sums = {"partners": partners, "total": sum(ordered), "squares": sum(v * v for v in ordered)}
    sums |= {"ranked": sum(rank * v for rank, v in enumerate(ordered, 1)), "largest": max(ordered, default=0)}
    return concentration(sums | {f"top_{part}": sum(ordered[: -(-partners * part // 100)]) for part in PARTS})


amounts = st.lists(st.integers(1, 10**7), min_size=1, max_size=40)


def test_what_both_periods_hold_is_no_noise() -> None:
    assert sum_changed(184, 152, moved=32)
    assert not sum_changed(184, 152, moved=300)


def test_three_more_are_not_yet_a_change() -> None:
    assert not sum_changed(13, 10, moved=3)
    assert sum_changed(14, 10, moved=4)


def test_a_rate_over_few_cases_never_changes() -> None:
    assert not rate_changed(4, 4, 0, 400)
    assert not rate_changed(9, 20, 7, 20)
    assert rate_changed(90, 100, 60, 100)


@given(st.integers(5, 200), st.integers(5, 200))
def test_equal_rates_never_differ(few: int, many: int) -> None:
    assert not rate_changed(few, few, many, many)
    assert not rate_changed(0, few, 0, many)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_a_sample_never_differs_from_itself(days: list[int]) -> None:
    sample = np.array(days, dtype=np.float64)
    assert not median_changed(spread(sample), spread(sample))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_a_spread_has_the_median_of_its_cases(days: list[int]) -> None:
    found = spread(np.array(days, dtype=np.float64))
    assert (found.size, found.median) == (len(days), np.median(days))
    assert [found.at(position) for position in range(len(days))] == sorted(days)


def test_a_value_without_cases_is_not_in_the_spread() -> None:
    found = Spread.of(np.array([9.0, 4.0]), np.array([0, 3]))
    assert (found.size, found.median, found.values.tolist()) == (3, 4.0, [4.0])
    assert Spread.of(np.array([9.0]), np.array([0])).median is None


def test_medians_far_apart_differ_where_there_are_cases() -> None:
    low, high = np.arange(40.0), np.arange(40.0) + 100
    assert median_changed(spread(low), spread(high))
    assert not median_changed(spread(low[:4]), spread(high))


@given(amounts, st.integers(0, 20))
def test_concentration_stays_within_its_bounds(values: list[int], idle: int) -> None:
    shape = shape_of(values, len(values) + idle)
    assert shape.top_1 is not None
    assert shape.effective is not None
    assert shape.gini is not None
    assert 1 / len(values) <= shape.top_1 + 1e-9
    assert 1 - 1e-9 <= shape.effective <= len(values) + 1e-6
    assert -1e-9 <= shape.gini < 1
    assert (shape.top_1_pct or 0) <= (shape.top_10_pct or 0) <= (shape.top_20_pct or 0) <= 1 + 1e-9


def test_equal_partners_are_not_concentrated() -> None:
    shape = shape_of([250] * 8, 8)
    assert shape.gini == 0
    assert shape.effective == 8


def test_without_revenue_there_is_no_share() -> None:
    assert shape_of([], 12).gini is None
    assert shape_of([5, -9], 2).top_1 is None
