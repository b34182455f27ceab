"""What another program would have brought: from logs with chance in them, or not at all."""

import math

import numpy as np
import polars as pl
import pytest

from nextplay.learning.off_policy import OffPolicy, off_policy
from tests import real_data

ITEMS = 34


def _log(name: str) -> pl.DataFrame:
    return pl.read_csv(real_data.path("bandit", name), columns=["click", "propensity_score"])


def _of_random_policy(log: pl.DataFrame) -> OffPolicy:
    reward, propensity = log["click"].to_numpy().astype(float), log["propensity_score"].to_numpy()
    return off_policy(reward, propensity, np.full(log.height, 1 / ITEMS))


def test_the_random_policy_s_worth_is_read_from_the_log_of_another() -> None:
    truth = float(_log("random_men.csv.gz")["click"].to_numpy().mean())
    found = _of_random_policy(_log("bts_men.csv.gz"))
    assert found.effective_sample == pytest.approx(656, abs=1)
    assert found.low is not None
    assert found.high is not None
    assert truth == pytest.approx(0.0046)
    assert found.low < truth < found.high
    assert found.clipped > 0


def test_on_its_own_log_a_policy_is_worth_what_it_brought() -> None:
    found = _of_random_policy(_log("random_men.csv.gz"))
    assert found.value == pytest.approx(0.0046, abs=1e-6)
    assert found.effective_sample == pytest.approx(10_000, rel=1e-3)


def test_an_effective_sample_of_two_is_refused_though_there_are_thousands_of_cases() -> None:
    propensity = np.full(5000, 0.5)
    propensity[:2] = 1e-6
    found = off_policy(np.ones(5000), propensity, np.full(5000, 0.5))
    assert found.effective_sample == pytest.approx(2, abs=0.1)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert "Refused" in found.refusal


def test_a_program_that_does_nothing_alike_and_an_empty_log_are_refused() -> None:
    assert off_policy(np.ones(900), np.full(900, 0.5), np.zeros(900)).value is None
    assert off_policy(np.empty(0), np.empty(0), np.empty(0)).value is None


def test_a_case_that_could_not_have_been_logged_is_an_error() -> None:
    with pytest.raises(ValueError, match="propensity"):
        off_policy(np.ones(3), np.array([0.5, 0.0, 0.5]), np.ones(3))


def test_a_good_model_narrows_the_interval_and_a_bad_one_does_not_bias_it() -> None:
    chance = np.random.default_rng(2)
    state = chance.random(20_000)
    taken = chance.random(20_000) < 0.3
    reward = state + taken + chance.normal(0, 0.2, 20_000)
    propensity, other = np.where(taken, 0.3, 0.7), np.where(taken, 1.0, 0.0)
    plain = off_policy(reward, propensity, other)
    good = off_policy(reward, propensity, other, said=state + taken, said_other=state + 1)
    bad = off_policy(reward, propensity, other, said=np.zeros(20_000), said_other=np.zeros(20_000))
    for found in (plain, good, bad):
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low - 0.02 < 1.5 < found.high + 0.02

    def width(found: OffPolicy) -> float:
        return (found.high or math.inf) - (found.low or -math.inf)

    assert width(good) < width(plain)
