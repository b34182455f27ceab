"""A score that tells who sells next is shown as one, and chance is shown as chance."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.analysis.validity import check, checks, concordance

PARTNERS = 240


def cases(seed: int = 3, partners: int = PARTNERS, days: int = 3) -> pl.DataFrame:
    """Partners on several days: `good` tells who brings pipeline, `noise` does not, `bad` tells the opposite."""
    random = np.random.default_rng(seed)
    truth = np.repeat(random.uniform(0, 100, partners), days)
    brought = random.uniform(0, 100, partners * days) < truth * 0.6
    return pl.DataFrame(
        {
            "partner_id": np.repeat([f"p{n}" for n in range(partners)], days),
            "day": [date(2026, 1 + n % days, 1) for n in range(partners * days)],
            "segment": np.repeat(["Growth" if n % 3 else "Public" for n in range(partners)], days),
            "brought": np.where(brought, random.uniform(1e3, 1e5, partners * days), 0.0),
            "naive": (random.uniform(0, 100, partners * days) < truth).astype(float),
            "weak": truth + random.normal(0, 70, partners * days),
            "good": truth,
            "bad": 100 - truth,
            "noise": np.repeat(random.uniform(0, 100, partners), days),
        }
    )


def test_what_predicts_is_told_from_what_predicts_nothing() -> None:
    frame = cases()
    assert {name: check(frame, name, seed=0).verdict for name in ("good", "weak", "bad", "noise", "naive")} == {
        "good": "beats the naive figure",
        "weak": "predicts, but no better",
        "naive": "predicts",
        "bad": "predicts the opposite",
        "noise": "predicts nothing",
    }


def test_beside_each_stand_the_base_rate_and_the_naive_figure_of_the_same_cases() -> None:
    frame = cases().with_columns(good=pl.when(pl.col("good") > 20).then("good"))
    found = check(frame, "good", seed=0)
    known = frame.filter(pl.col("good").is_not_null())
    assert found.cases == known.height
    assert found.base_rate == pytest.approx((known["brought"] > 0).mean())
    assert found.rate_high is not None
    assert found.rate_low is not None
    assert found.rate_high > found.base_rate > found.rate_low
    assert found.naive is not None
    alone = check(known, "naive", seed=0).concordance
    assert alone == found.naive


def test_the_difference_from_the_naive_figure_is_of_the_same_draws() -> None:
    frame = cases()
    good, twin = check(frame, "good", seed=0), check(frame.with_columns(twin="naive"), "twin", seed=0)
    assert good.concordance is not None
    assert good.naive is not None
    assert good.better is not None
    assert good.better.value == pytest.approx(good.concordance.value - good.naive.value, abs=1e-3)
    # Two intervals set apart say less than one of the difference.
    assert good.better.high - good.better.low < (good.concordance.high - good.naive.low) - (
        good.concordance.low - good.naive.high
    )
    assert twin.better is not None
    assert (twin.better.low, twin.better.value, twin.better.high) == (0.0, 0.0, 0.0)
    assert twin.verdict == "predicts, but no better"


def test_under_ten_of_either_kind_nothing_is_claimed() -> None:
    few = cases().with_columns(brought=pl.when(pl.int_range(pl.len()) < 9).then(5.0).otherwise(0.0))
    found = check(few, "good", seed=0)
    assert (found.verdict, found.concordance, found.rate_high) == ("too few cases", None, None)
    assert found.brought == 9


def test_an_interval_holds_chance_for_noise_about_as_often_as_it_says() -> None:
    held = sum(check(cases(seed, partners=80), "noise", seed=seed).verdict == "predicts nothing" for seed in range(40))
    assert held >= 34


def test_the_same_cases_in_another_order_say_the_same() -> None:
    frame = cases()
    assert check(frame, "good", seed=1) == check(frame.reverse(), "good", seed=1)


def test_segments_are_checked_on_their_own() -> None:
    found = checks(cases(), ["good", "noise"], by_segment=["good"])
    assert [(one.name, one.segment) for one in found] == [
        ("good", None),
        ("noise", None),
        ("good", "Growth"),
        ("good", "Public"),
    ]
    assert sum(one.cases for one in found[2:]) == found[0].cases


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_concordance_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[int, bool]]) -> None:
    score = np.array([float(value) for value, _ in pairs])
    positive = np.array([brought for _, brought in pairs])
    told = [1.0 if up > down else 0.5 if up == down else 0.0 for up in score[positive] for down in score[~positive]]
    found = concordance(score, positive, np.ones((1, len(score))))[0]
    assert np.isnan(found) if not told else found == pytest.approx(sum(told) / len(told))
