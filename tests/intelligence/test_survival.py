"""Kaplan-Meier against a textbook, a hand-worked example and its own laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.intelligence.survival import Survival

# Freireich et al. 1963: weeks in remission, 6-MP arm; a minus says that the patient was still in remission when last seen.
SIX_MP = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
cases = st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=80)


def curve(cases: list[int]) -> Survival:
    lengths = np.array([abs(case) for case in cases], dtype=np.float64)
    happened = np.array([case > 0 for case in cases], dtype=np.int64)
    return Survival.of(lengths, happened, 1 - happened)


def test_the_curve_of_the_textbook_is_reproduced() -> None:
    found = curve(SIX_MP)
    assert found.lengths.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.waiting == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)
    assert np.sqrt(found.variance) == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert (found.median, curve(PLACEBO).median) == (23, 8)


def test_an_example_worked_by_hand() -> None:
    # At 10 one of four, at 20 one of the two that are left after one stopped at 15: 3/4, then 3/4 x 1/2.
    found = curve([10, -15, 20, -40])
    assert found.waiting.tolist() == [0.75, 0.375]
    assert (found.median, found.done_by(12), found.done_by(41)) == (20, 0.25, None)


def test_a_median_that_is_not_reached_is_not_known_but_lies_beyond_what_was_watched() -> None:
    found = curve([30, -90, -120, -200])
    assert (found.median, found.beyond, found.happened, found.cases) == (None, 200, 1, 4)


def test_those_that_still_wait_must_not_be_left_out() -> None:
    sold = [20, 30, 40]
    assert curve([*sold, *[-365] * 9]).median is None
    assert curve(sold).median == 30


def test_without_a_case_nothing_is_claimed() -> None:
    empty = Survival.of(np.array([]), np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    assert (empty.median, empty.done_by(3), empty.within(3)) == (None, None, False)


@given(cases)
def test_the_curve_only_falls_and_stays_a_share(drawn: list[tuple[int, bool]]) -> None:
    lengths = np.array([length for length, _ in drawn], dtype=np.float64)
    happened = np.array([it for _, it in drawn], dtype=np.int64)
    found = Survival.of(lengths, happened, 1 - happened)
    assert np.all(np.diff(found.waiting) < 0)
    assert np.all((found.waiting >= 0) & (found.waiting <= 1))
    assert found.cases == len(drawn)


@given(cases)
def test_without_censoring_the_curve_is_the_share_still_waiting(drawn: list[tuple[int, bool]]) -> None:
    lengths = np.array([length for length, _ in drawn], dtype=np.float64)
    found = Survival.of(lengths, np.ones(len(drawn), dtype=np.int64), np.zeros(len(drawn), dtype=np.int64))
    assert found.waiting == pytest.approx([(lengths > length).mean() for length in found.lengths])


@given(cases, st.integers(1, 400))
def test_waiting_longer_never_makes_it_look_faster(drawn: list[tuple[int, bool]], more: int) -> None:
    lengths = np.array([length for length, _ in drawn], dtype=np.float64)
    happened = np.array([it for _, it in drawn], dtype=np.int64)
    longer = np.where(happened == 1, lengths, lengths + more)
    one, other = (Survival.of(each, happened, 1 - happened) for each in (lengths, longer))
    assert (other.median or np.inf) >= (one.median or np.inf)
