"""What comes without a play is measured in the program's own past, and only among those that nobody played."""

from datetime import date, timedelta

import polars as pl
import pytest

from nextplay.decisions.base_rates import base_rates, day_looked_back_to, forecasts
from nextplay.decisions.gain import without_help
from nextplay.decisions.history import History
from nextplay.program.definition import Program
from tests.decisions.boards import decide, past
from tests.stories import signals

DAY = date(2026, 1, 31)
# Somebody did something long before: the facts reach back.
OLD = {"partner_id": "old", "lifecycle_stage": "inactive", "workable": 0, "portal_login_180": 4}


def _then(number: int = 100) -> pl.DataFrame:
    return signals(OLD, *({"partner_id": f"p{place}"} for place in range(number)))


def _shift(program: Program, met: int, number: int = 100) -> float:
    asked = forecasts(_then(number), DAY, program.plays, History())
    days = [DAY + timedelta(days=9)] * met + [None] * (asked.height - met)
    reached = asked.select("decision_id", pl.Series("reached_on", days, dtype=pl.Date))
    return base_rates(asked, reached, program.plays).shifts.get("first_selling_play", 0.0)


def test_windows_of_the_day_looked_back_to_are_over(program: Program) -> None:
    longest = max(play.outcome.predicate.window_days for play in program.plays)
    assert day_looked_back_to(DAY, program.plays) + timedelta(days=longest) < DAY


def test_where_nothing_came_by_itself_less_is_expected_without_the_play(program: Program) -> None:
    assert _shift(program, met=0) < -0.5
    assert _shift(program, met=40) > 0.5


def test_few_partners_move_less_than_many(program: Program) -> None:
    assert 0 > _shift(program, met=0, number=3) > _shift(program, met=0)


def test_a_partner_that_was_played_says_nothing_of_what_comes_without(program: Program) -> None:
    asked = forecasts(_then(3), DAY, program.plays, past(partner_id="p1", outcome_by=DAY + timedelta(days=20)))
    assert set(asked["partner_id"]) == {"p0", "p2"}


def test_facts_that_do_not_reach_back_measure_nothing(program: Program) -> None:
    assert forecasts(signals({"partner_id": "p1"}), DAY, program.plays, History()).is_empty()


def test_a_lower_base_lowers_both_chances_and_never_makes_the_gain_larger(program: Program) -> None:
    [usual] = decide(program, {"partner_id": "p1"}).focus
    [lower] = decide(program, {"partner_id": "p1"}, history=History(base_shifts={"first_selling_play": -0.7})).focus
    assert lower.probability_without < usual.probability_without
    assert lower.probability < usual.probability
    assert lower.expected_gain < usual.expected_gain


def test_a_former_seller_out_of_its_rhythm_is_not_expected_back_at_its_old_pace(program: Program) -> None:
    sold = {"selling_180": 6, "opened_180": 6, "selling_days": 6, "days_since_selling": 95, "days_in_program": 400}
    frame = signals({"partner_id": "p1", "usual_gap_days": 22.0, "silence": 4.3} | sold)
    play = next(one for one in program.plays if one.name == "reactivation")
    assert float(without_help(frame, play)[0]) == pytest.approx(play.prior.without, abs=0.08)
