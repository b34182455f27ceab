import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nextplay.intelligence.concentration import concentration
from nextplay.intelligence.noise import median_changed, rate_changed, sum_changed

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
    assert not median_changed(sample, sample)


def test_medians_far_apart_differ_where_there_are_cases() -> None:
    low, high = np.arange(40.0), np.arange(40.0) + 100
    assert median_changed(low, high)
    assert not median_changed(low[:4], high)


@given(amounts, st.integers(0, 20))
def test_concentration_stays_within_its_bounds(values: list[int], idle: int) -> None:
    shape = concentration(np.sort(np.array(values, dtype=np.float64))[::-1], len(values) + idle)
    assert shape.top_1 is not None
    assert shape.effective is not None
    assert shape.gini is not None
    assert 1 / len(values) <= shape.top_1 + 1e-9
    assert 1 - 1e-9 <= shape.effective <= len(values) + 1e-6
    assert -1e-9 <= shape.gini < 1
    assert (shape.top_1_pct or 0) <= (shape.top_10_pct or 0) <= (shape.top_20_pct or 0) <= 1 + 1e-9


def test_equal_partners_are_not_concentrated() -> None:
    shape = concentration(np.full(8, 250.0), 8)
    assert shape.gini == 0
    assert shape.effective == 8


def test_without_revenue_there_is_no_share() -> None:
    assert concentration(np.array([]), 12).gini is None
    assert concentration(np.array([5.0, -9.0]), 2).top_1 is None
