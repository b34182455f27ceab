"""Estimates of simulators hold where the answer is known."""

import numpy as np
import pytest
from bench.estimates import auc, ratio_of_sums, ridge_logistic


def test_ranks_count_ties_half() -> None:
    truth = np.array([True, False, True, False])
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), truth) == 0.75
    assert auc(np.zeros(4), truth) == 0.5


def test_a_ratio_of_sums_has_no_error_where_every_draw_says_the_same() -> None:
    assert ratio_of_sums(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])) == (0.5, 0.0)
    ratio, error = ratio_of_sums(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    assert (ratio, error) == (0.5, 0.5)


def test_a_single_draw_has_no_standard_error() -> None:
    assert np.isnan(ratio_of_sums(np.array([1.0]), np.array([2.0]))[1])


def test_many_cases_overcome_the_ridge() -> None:
    table = np.column_stack([np.ones(4000), np.tile([0.0, 1.0], 2000)])
    met = np.concatenate([np.tile([0.0, 1.0], 1000), np.tile([0.0, 0.0], 500), np.tile([1.0, 1.0], 500)])
    low, high = 1 / (1 + np.exp(-(table[:2] @ ridge_logistic(table, met))))
    assert (low, high) == (pytest.approx(0.25, abs=0.02), pytest.approx(0.75, abs=0.02))
