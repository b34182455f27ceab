"""How much of a play is for a partner: what the program file takes off, where it is known, and how a decision says so."""

import re
from typing import Any

import numpy as np
import pytest

from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.history import History
from nextplay.program.definition import Program
from nextplay.program.load import default_program
from nextplay.program.plays import Condition, LessFor
from tests.decisions.boards import DAY, SIZED, decide, past
from tests.decisions.spread import spread
from tests.stories import signals

NAMES = [play.name for play in default_program().growing.plays]
FIRST, AGAIN = NAMES.index("first_selling_play"), NAMES.index("reactivation")
NO_SELLER = LessFor(
    leaves=0.5,
    because="nobody sells",
    where=(Condition(signal="contacts", op="gte", value=1), Condition(signal="sellers", op="lte", value=0)),
)


def _board(*rows: dict[str, Any], program: Program | None = None, history: History | None = None) -> Board:
    frame = signals(*rows)
    return lay_out(frame, spread(frame), history or History(), program or default_program(), DAY)


def _only(play: str, *less_for: LessFor) -> Program:
    """The shipped program with one play, worth less for some."""
    program = default_program()
    own = next(one for one in program.plays if one.name == play).model_copy(update={"less_for": less_for})
    return program.model_copy(update={"plays": (own,)})


def _needs_a_seller() -> Program:
    """The shipped program, with a first selling play that is worth half where nobody sells."""
    program = default_program()
    first, *others = program.plays
    return program.model_copy(update={"plays": (first.model_copy(update={"less_for": (NO_SELLER,)}), *others)})


@pytest.mark.parametrize(
    ("column", "known", "part"),
    [
        (FIRST, {"silence": 1.0}, 1.0),
        (AGAIN, {"days_since_selling": 40, "usual_gap_days": 40.0, "silence": 1.0}, 0.3),
        (AGAIN, {"days_since_selling": 90, "usual_gap_days": 40.0, "silence": 2.25}, 1.0),
        (AGAIN, {"silence": None}, 1.0),
    ],
)
def test_a_shipped_play_is_worth_less_where_it_has_less_to_bring(column: int, known: dict[str, Any], part: float) -> None:
    """Nobody on record is not the same as nobody who sells: what is not known takes nothing off."""
    assert _board({"partner_id": "p1", **known}).prospects.suits[0, column] == part


def test_nobody_on_record_is_not_the_same_as_nobody_who_sells() -> None:
    rows = [{"partner_id": f"p{people}", "contacts": people, "sellers": 0} for people in (0, 1)]
    assert _board(*rows, program=_needs_a_seller()).prospects.suits[:, FIRST].tolist() == [1.0, 0.5]


def test_gains_and_lifts_shrink_with_what_is_left_and_other_plays_stay() -> None:
    rows = [{"partner_id": one, **SIZED, "days_in_program": 300, "contacts": 2, "sellers": one == "p2"} for one in ("p1", "p2")]
    gains = _board(*rows, program=_needs_a_seller()).gains
    # The same frame but for the seller, which enters nothing else.
    assert gains.deals[0, FIRST] == pytest.approx(gains.deals[1, FIRST] / 2, abs=0.001)
    lift = gains.p_with - gains.p_without
    assert 0 < lift[0, FIRST] < 0.75 * lift[1, FIRST]
    assert gains.gain[0, AGAIN] == gains.gain[1, AGAIN]


def test_what_several_entries_leave_is_multiplied() -> None:
    small = LessFor(leaves=0.4, because="it is small", where=(Condition(signal="employee_count", op="lt", value=5),))
    program = _only("first_selling_play", NO_SELLER, small)
    rows = [{"partner_id": f"p{n}", "contacts": 2, "employee_count": n} for n in (3, 9)]
    assert _board(*rows, program=program).prospects.suits[:, 0].tolist() == [0.2, 0.5]


def test_past_runs_are_read_as_if_the_whole_play_was_for_the_partner() -> None:
    """What held of it on that day is not known any more, and what holds today may be what came of the play."""
    board = _board({"partner_id": "p1", "contacts": 2}, {"partner_id": "p2"}, program=_needs_a_seller(), history=past())
    assert board.prospects.suits[0, FIRST] == 0.5
    assert (board.prospects.then(np.array([0]), 0).suits == 1).all()


def test_the_evidence_says_what_is_left_and_why_and_the_worth_is_still_the_product_of_the_sentence() -> None:
    row = {"partner_id": "p1", **SIZED, "contacts": 2, "days_in_program": 300, "step_accepted_180": 3}
    [decision] = decide(_only("first_selling_play", NO_SELLER), row).focus
    [told] = [one for one in decision.evidence if one.signal == "play_suits"]
    assert (told.value, told.text) == (0.5, "nobody sells: 50% of the play is left")
    found = re.search(r"\+([\d.]+) deals x ([\d,]+) USD = ([\d,]+) USD", decision.why)
    assert found is not None
    deals, deal, gain = (float(part.replace(",", "")) for part in found.groups())
    assert gain == pytest.approx(deals * deal, abs=1)
    [whole] = decide(_only("first_selling_play"), row).focus
    assert "play_suits" not in {one.signal for one in whole.evidence}
    assert decision.expected_gain == pytest.approx(whole.expected_gain / 2, rel=0.02)
