"""Chances move towards what became of plays, by outcomes that are over and by no other."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from nextplay.decisions.board import lay_out
from nextplay.decisions.history import PAST, History
from nextplay.program.load import default_program
from tests.decisions.boards import DAY, past
from tests.decisions.spread import spread
from tests.stories import signals

PROGRAM = default_program()
RAN = date(2025, 12, 20)
FIRST = [play.name for play in PROGRAM.plays].index("first_selling_play")


def _after_runs(number: int, *, ripe: bool = True, **told: Any) -> History:
    """So many plays of as many partners that were all told alike, as `boards.past` tells one."""
    one = past(as_of=RAN, **told).past
    rows = [
        one.with_columns(partner_id=pl.lit(f"p{n:02d}"), decision_id=pl.lit(f"d{n}"), ripe=pl.lit(ripe)) for n in range(number)
    ]
    return History(past=pl.concat(rows).cast(pl.Schema(PAST)))


def _said(result: str) -> float:
    """Chance with a first play of a partner nobody played, after thirty such plays that all ended alike."""
    frame = signals(*({"partner_id": f"p{n:02d}", "days_in_program": 300} for n in range(40)))
    history = _after_runs(30, ripe=result != "open", outcome_by=RAN + timedelta(days=45), result=result)
    return float(lay_out(frame, spread(frame), history, PROGRAM, DAY).gains.p_with[39, FIRST])


def test_met_outcomes_lift_a_chance_and_missed_ones_lower_it() -> None:
    assert _said("missed") < _said("open") < _said("met")


def test_open_outcomes_are_no_misses() -> None:
    frame = signals(*({"partner_id": f"p{n:02d}", "days_in_program": 300} for n in range(40)))
    untouched = float(lay_out(frame, spread(frame), History(), PROGRAM, DAY).gains.p_with[39, FIRST])
    assert _said("open") == pytest.approx(untouched, rel=0.35)
    assert _said("missed") < untouched


def _unblocks(result: str, deals_open: list[int]) -> list[float]:
    """Chances with an unblock by partner, after some that ended so."""
    told = {"days_in_program": 300}
    frame = signals(*({"partner_id": f"p{n:02d}", "deals_open": number, **told} for n, number in enumerate(deals_open)))
    history = _after_runs(15, outcome_by=RAN + timedelta(days=30), play="deal_unblock", result=result)
    column = [play.name for play in PROGRAM.plays].index("deal_unblock")
    return [float(chance) for chance in lay_out(frame, spread(frame), history, PROGRAM, DAY).gains.p_with[:, column]]


@pytest.mark.parametrize("result", ["met", "missed"])
def test_that_any_of_more_open_deals_moves_is_as_likely_as_their_number_says(result: str) -> None:
    few, many = _unblocks(result, [2] * 38 + [1, 6])[-2:]
    # One is added to the number of each.
    assert many == pytest.approx(1 - (1 - few) ** (7 / 2), abs=0.001)


def test_not_even_hundreds_of_open_deals_make_an_outcome_certain() -> None:
    assert _unblocks("met", [2] * 38 + [1, 900])[-1] == 0.999


def test_outcomes_move_the_chance_of_open_deals() -> None:
    deals = [2] * 40
    assert _unblocks("missed", deals)[-1] < _unblocks("met", deals)[-1] - 0.1


def test_the_weight_of_an_assumption_by_hand_says_how_soon_outcomes_move_it() -> None:
    plays = [play.name for play in PROGRAM.plays]
    unblock = plays.index("deal_unblock")
    history = _after_runs(15, outcome_by=RAN + timedelta(days=30), play="deal_unblock", result="missed")
    frame = signals(*({"partner_id": f"p{n:02d}", "days_in_program": 300} for n in range(40)))

    def said(weight: float) -> float:
        play = PROGRAM.plays[unblock]
        assert play.prior is not None
        sure = play.model_copy(update={"prior": play.prior.model_copy(update={"weight": weight})})
        program = PROGRAM.model_copy(update={"plays": (*PROGRAM.plays[:unblock], sure, *PROGRAM.plays[unblock + 1 :])})
        return float(lay_out(frame, spread(frame), history, program, DAY).gains.p_with[39, unblock])

    assert said(2) < said(20) < said(200) < 0.5
