"""What a play added, told only from lots."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.learning.cases import no_cases
from nextplay.learning.lift import Lift, least_detectable, lift_of_all, lifts
from nextplay.learning.report import learned
from tests.learning.frames import cases, lot


def _one(frame: pl.DataFrame) -> Lift:
    [found] = lifts(frame)
    return found


def test_without_a_lot_there_is_no_effect_however_good_the_rate() -> None:
    assert lifts(cases(90, 10)) == ()
    assert lift_of_all(cases(90, 10)).difference is None


def test_a_large_difference_over_many_cases_works() -> None:
    found = _one(lot((160, 200), (40, 200)))
    assert found.answer == "works"
    assert found.difference == pytest.approx(0.6, abs=1e-4)


def test_the_same_shares_from_few_cases_are_too_early() -> None:
    assert _one(lot((8, 10), (2, 10))).answer == "too_early"
    assert _one(lot((80, 100), (3, 19))).answer == "too_early"


def test_no_difference_over_many_cases_is_no_sign_and_not_a_harm_that_is_proven() -> None:
    assert _one(lot((11, 100), (11, 100))).answer == "no_sign"


def test_a_difference_that_may_be_chance_probably_helps_at_most() -> None:
    assert _one(lot((14, 40), (9, 40))).answer == "probably_helps"


def test_open_outcomes_and_proposals_outside_the_lot_do_not_count() -> None:
    frame = pl.concat(
        [lot((20, 40), (10, 40)), cases(50, 0), cases(0, 0, still_open=30, arm="offered", propensity=0.5, cycle="x")]
    )
    found = _one(frame)
    assert (found.offered, found.held) == (40, 40)


def test_who_was_offered_counts_though_it_was_declined() -> None:
    frame = pl.concat([lot((20, 40), (10, 40)), cases(0, 10, arm="offered", propensity=0.5, status="declined")])
    found = _one(frame)
    assert (found.offered, found.offered_met, found.run) == (50, 20, 40)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60), st.floats(0.05, 0.95))
def test_intervals_are_nested_and_hold_the_estimate(met: int, more: int, held_met: int, held_more: int, share: float) -> None:
    found = _one(lot((met, met + more), (held_met, held_met + held_more), share))
    ends = (found.low95, found.low80, found.difference, found.high80, found.high95)
    known = [end for end in ends if end is not None]
    assert known == sorted(known)
    assert len(known) == 5
    # A bound that holds at every look lies below one that holds at a single one.
    assert (found.sure or 0) <= (found.difference or 0) - 1.6 * ((found.high80 or 0) - (found.low80 or 0)) / 2.563 + 1e-3


def test_the_prognosis_narrows_the_interval_and_mends_an_unlucky_lot() -> None:
    chance = np.random.default_rng(3)
    before = np.concatenate([chance.poisson(4, 100), chance.poisson(2, 100)]).astype(float)
    met = chance.random(200) < 1 / (1 + np.exp(-(before - 3)))
    frame = (
        lot((100, 100), (100, 100))
        .sort("arm", descending=True)
        .with_columns(before=pl.Series(before), result=pl.Series(np.where(met, "met", "missed")))
    )
    with_it, without = _one(frame), _one(frame.with_columns(before=pl.lit(0.0)))
    assert with_it.explained > 0.1
    assert abs(with_it.difference or 0) < abs(without.difference or 0)
    assert (with_it.high95 or 0) - (with_it.low95 or 0) < (without.high95 or 0) - (without.low95 or 0)


def test_a_play_without_effect_is_rarely_said_to_work_however_often_one_looks() -> None:
    chance, wrong, programs = np.random.default_rng(11), 0, 120
    for _ in range(programs):
        met = chance.random((2, 240)) < 0.3
        looks = (lot((int(met[0, :many].sum()), many), (int(met[1, :many].sum()), many)) for many in range(40, 241, 40))
        wrong += any(_one(look).answer == "works" for look in looks)
    assert wrong / programs <= 0.05


def test_what_can_be_found_shrinks_with_cases_and_is_nothing_without_a_side() -> None:
    assert least_detectable(0.3, 0, 50) is None
    few, many = least_detectable(0.3, 20, 20), least_detectable(0.3, 200, 200)
    assert few is not None
    assert many is not None
    assert 0 < many < few / 2.5


def test_a_difference_of_that_size_is_found_four_times_in_five() -> None:
    chance = np.random.default_rng(5)
    least = least_detectable(0.3, 300, 300) or 0
    met = chance.binomial(300, 0.3 + least, 400), chance.binomial(300, 0.3, 400)
    shown = [(_one(lot((int(a), 300), (int(b), 300))).low95 or 0) > 0 for a, b in zip(*met, strict=True)]
    assert 0.7 < np.mean(shown) < 0.9


def test_a_plan_is_told_before_anything_is_over() -> None:
    waiting = pl.concat(
        [
            cases(0, 0, still_open=30, arm="offered", propensity=0.9),
            cases(0, 0, still_open=3, arm="held_back", propensity=0.1, status=""),
        ]
    )
    found = learned(waiting)
    assert [one.play for one in found.plans] == [None, "first_selling_play"]
    least = [value for _, value in found.plans[0].least if value is not None]
    assert least == sorted(least, reverse=True)
    assert len(least) == 4
    assert found.lifts == ()


def test_an_empty_ledger_has_an_empty_report() -> None:
    found = learned(no_cases())
    assert (found.rates, found.lifts, found.plans, found.overrides) == ((), (), (), ())
    assert (found.hours.hours, found.calibration.cases) == (0.0, 0)
