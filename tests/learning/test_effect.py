"""What plays have done so far, with the doubt that few cases leave."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.history import PAST
from nextplay.learning.calibration import calibration
from nextplay.learning.effect import outcome_rates, wilson
from nextplay.learning.record import track_record
from tests.decisions.boards import past
from tests.learning.frames import cases

DAY = date(2026, 3, 31)


def _closed(met: int, missed: int, still_open: int = 0, **more: object) -> pl.DataFrame:
    results = ["met"] * met + ["missed"] * missed + ["open"] * still_open
    frames = [past(decision_id=f"d{place:03d}", result=result, **more).past for place, result in enumerate(results)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict(PAST))


def test_under_ten_cases_there_is_no_rate() -> None:
    [rate] = outcome_rates(cases(4, 5))
    assert (rate.rate, rate.low) == (None, None)
    assert rate.answer == "Not enough evidence yet: 4 of 9 met"


def test_from_ten_cases_on_a_rate_comes_with_its_interval() -> None:
    [rate] = outcome_rates(cases(4, 6, still_open=7))
    assert (rate.closed, rate.open, rate.rate) == (10, 7, 0.4)
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < 0.4 < rate.high


def test_what_was_declined_or_only_proposed_is_no_case() -> None:
    assert outcome_rates(cases(20, 0, status="declined")) == ()


@given(st.integers(1, 500), st.data())
def test_an_interval_holds_the_rate_and_stays_within_nothing_and_all(cases: int, data: st.DataObject) -> None:
    met = data.draw(st.integers(0, cases))
    low, high = wilson(met, cases)
    assert 0 <= low <= met / cases + 1e-9
    assert met / cases - 1e-9 <= high <= 1


def test_open_outcomes_are_left_out_of_the_record_and_not_counted_as_misses() -> None:
    record = track_record(_closed(3, 1, still_open=9)).of("first_selling_play")
    assert (record.cases, record.met) == (4, 3)


def test_a_play_never_run_has_an_empty_record() -> None:
    assert track_record(_closed(0, 0)).of("reactivation").cases == 0


def test_forecasts_that_say_the_base_rate_have_no_skill_and_few_cases_no_score() -> None:
    assert calibration(cases(3, 7)).skill == pytest.approx(0.0)
    assert calibration(cases(3, 6)).brier is None
    assert (calibration(cases(10, 0, probability=0.2)).brier or 0) == pytest.approx(0.64)


def test_an_outcome_met_before_its_window_is_over_is_no_case_yet() -> None:
    assert track_record(_closed(6, 0, ripe=False)).of("first_selling_play").cases == 0
    [rate] = outcome_rates(cases(6, 0, ripe=False))
    assert (rate.closed, rate.open) == (0, 6)


def test_bands_say_where_we_were_off_and_stay_silent_where_cases_are_few() -> None:
    found = calibration(
        pl.concat([cases(1, 29, probability=0.7, cycle="a"), cases(8, 22, probability=0.25, cycle="b"), cases(2, 1)])
    )
    by_start = {band.said_from: band for band in found.bands}
    assert by_start[0.6].remark == "too_hopeful"
    assert by_start[0.2].remark == ""
    assert by_start[0.0].cases == 0
    assert by_start[0.0].remark == "too_few"
    assert sum(band.cases for band in found.bands) == found.cases == 63


def test_certainty_belongs_to_the_last_band() -> None:
    assert calibration(cases(3, 0, probability=1.0)).bands[-1].cases == 3
