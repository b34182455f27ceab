"""The choice under hours: the optimum, and prices that come near it."""

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.focus import Choice, by_hour_price, choose_focus, hour_price

HOURS = np.array([2.0, 3.0, 6.0])


def _worth(gain: npt.NDArray[Any], choice: Choice) -> float:
    return float(gain[choice.rows, choice.plays].sum())


def _best(gain: npt.NDArray[Any], free: float) -> float:
    """By trying everything."""
    options = [[(0.0, 0.0), *((HOURS[play], gain[row, play]) for play in range(3))] for row in range(len(gain))]
    picks = product(*options)
    return float(max(sum(worth for _, worth in pick) for pick in picks if sum(hours for hours, _ in pick) <= free + 1e-9))


_GAINS = st.lists(st.tuples(*[st.sampled_from([0.0, 10.0, 25.5, 25.51, 100.0, 333.0])] * 3), min_size=1, max_size=5)


@given(_GAINS, st.sampled_from([0.0, 2.0, 5.0, 7.5, 12.0]))
def test_the_choice_is_the_optimum(gains: list[tuple[float, ...]], free: float) -> None:
    gain = np.array(gains)
    choice = choose_focus(gain, HOURS, np.zeros(len(gain), np.int64), np.array([free]))
    assert _worth(gain, choice) == pytest.approx(_best(gain, free), abs=0.01)
    assert HOURS[choice.plays].sum() <= free
    assert len(set(choice.rows.tolist())) == len(choice.rows)
    assert (gain[choice.rows, choice.plays] > 0).all()


@given(_GAINS, st.sampled_from([0.0, 5.0, 12.0]))
def test_hour_prices_never_exceed_hours_either(gains: list[tuple[float, ...]], free: float) -> None:
    gain = np.array(gains)
    choice = by_hour_price(gain, HOURS, np.zeros(len(gain), np.int64), np.array([free]))
    assert HOURS[choice.plays].sum() <= free
    assert len(set(choice.rows.tolist())) == len(choice.rows)
    assert _worth(gain, choice) <= _best(gain, free) + 0.01


def test_hour_prices_come_within_three_percent_of_the_optimum_for_many() -> None:
    rng = np.random.default_rng(5)
    gain = np.round(rng.lognormal(6, 1, (3000, 3)) * HOURS**0.5, 2)
    owners, capacity = rng.integers(0, 20, 3000), np.full(20, 30.0)
    exact, priced = choose_focus(gain, HOURS, owners, capacity), by_hour_price(gain, HOURS, owners, capacity)
    assert _worth(gain, priced) >= 0.97 * _worth(gain, exact)
    assert (np.bincount(owners[priced.rows], HOURS[priced.plays], 20) <= 30).all()


@given(_GAINS, st.lists(st.integers(-1, 2), min_size=5, max_size=5), st.tuples(*[st.sampled_from([0.0, 2.0, 5.0, 7.5])] * 3))
def test_work_handed_over_never_exceeds_hours_serves_nobody_twice_and_never_earns_less(
    gains: list[tuple[float, ...]], owners: list[int], free: tuple[float, ...]
) -> None:
    gain, own, capacity = np.array(gains), np.array(owners[: len(gains)]), np.array(free)
    alone, together = (choose_focus(gain, HOURS, own, capacity, reassign=reassign) for reassign in (False, True))
    assert (np.bincount(together.owners, HOURS[together.plays], 3) <= capacity).all()
    assert len(set(together.rows.tolist())) == len(together.rows)
    assert (own[together.rows] >= 0).all()
    assert (alone.owners == own[alone.rows]).all()
    assert _worth(gain, together) >= _worth(gain, alone) - 0.02


def test_a_partner_of_a_full_manager_goes_to_one_with_hours_left_and_not_for_a_little_more() -> None:
    gain = np.array([[100.0, 0, 0], [90.0, 0, 0], [85.0, 0, 0]])
    capacity = np.array([2.0, 2.0])
    idle = choose_focus(gain[:2], HOURS, np.array([0, 0]), capacity, reassign=True)
    busy = choose_focus(gain, HOURS, np.array([0, 0, 1]), capacity, reassign=True)
    assert (idle.rows.tolist(), idle.owners.tolist()) == ([0, 1], [0, 1])
    assert (busy.rows.tolist(), busy.owners.tolist()) == ([0, 2], [0, 1])


def test_equals_go_to_the_partner_that_comes_first() -> None:
    gain = np.full((6, 3), 50.0)
    choice = choose_focus(gain, HOURS, np.zeros(6, np.int64), np.array([6.0]))
    assert choice.rows.tolist() == [0, 1, 2]
    assert choice.plays.tolist() == [0, 0, 0]


def test_each_owner_has_hours_of_their_own_and_nobody_works_for_nobody() -> None:
    gain = np.array([[90.0, 0, 0], [80.0, 0, 0], [70.0, 0, 0], [999.0, 0, 0]])
    choice = choose_focus(gain, HOURS, np.array([0, 0, 1, -1]), np.array([2.0, 2.0]))
    assert choice.rows.tolist() == [0, 2]


def test_the_last_hour_has_a_price_only_where_hours_are_short() -> None:
    gain = np.array([[90.0, 0, 0], [40.0, 0, 0]])
    choice = Choice(np.array([0, 1]), np.array([0, 0]), np.array([0, 0]))
    assert hour_price(gain, HOURS, choice, spare=0.5) == 20.0
    assert hour_price(gain, HOURS, choice, spare=2.0) == 0.0
