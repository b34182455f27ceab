"""Runs are dated by the day somebody committed them: what came before is no doing of theirs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.history import History
from nextplay.decisions.prospect import runs
from nextplay.program.load import default_program
from tests.decisions.boards import DAY, past
from tests.decisions.spread import spread
from tests.stories import signals

PROGRAM = default_program()
PROPOSED = DAY - timedelta(days=31)


def _board(history: History) -> Board:
    frame = signals({"partner_id": "p1", "opened_30": 2, "opened_90": 2, "opened_180": 2}, {"partner_id": "p2"})
    return lay_out(frame, spread(frame), history, PROGRAM, DAY)


def test_a_play_proposed_a_month_ago_and_committed_yesterday_is_no_run_yet() -> None:
    late = past(as_of=PROPOSED, decided_on=DAY - timedelta(days=1))
    assert _board(late).prospects.reach.runs.sum() == 0
    assert _board(past(as_of=PROPOSED, decided_on=PROPOSED)).prospects.reach.runs.sum() == 1
    nobody = _board(History()).prospects.effects
    assert _board(late).prospects.effects.adds == pytest.approx(nobody.adds)


@pytest.mark.parametrize(("days", "runs_read"), [(27, 0), (28, 1), (29, 1), (30, 1)])
def test_a_run_is_read_from_four_weeks_on(days: int, runs_read: int) -> None:
    committed = DAY - timedelta(days=days)
    assert _board(past(as_of=committed, decided_on=committed)).prospects.reach.runs.sum() == runs_read


@given(year=st.integers(2020, 2032), month=st.integers(1, 12))
def test_a_list_on_the_first_of_every_month_learns_from_the_one_before_after_february_too(year: int, month: int) -> None:
    today = date(year, month, 1)
    before = (today - timedelta(days=1)).replace(day=1)
    told = runs(signals({"partner_id": "p1"}), past(as_of=before, decided_on=before), PROGRAM, today)
    assert told.select("ago", "young").row(0) == (0, False)


def test_a_play_counts_for_the_month_that_followed_its_commitment() -> None:
    frame = signals({"partner_id": "p1"})
    told = runs(frame, past(as_of=date(2026, 1, 1), decided_on=date(2026, 1, 30)), PROGRAM, DAY)
    assert told["ago"].to_list() == [1]
    assert runs(frame, past(as_of=date(2026, 1, 1), decided_on=None), PROGRAM, DAY)["ago"].to_list() == [2]


def test_a_play_committed_on_the_day_itself_has_not_run() -> None:
    assert runs(signals({"partner_id": "p1"}), past(as_of=PROPOSED, decided_on=DAY), PROGRAM, DAY).is_empty()


def test_steps_are_counted_from_a_commitment_after_the_first_was_past() -> None:
    days = {"first_selling_play": (3, 28)}
    open_till = {"as_of": PROPOSED, "outcome_by": DAY + timedelta(days=14), "due": PROPOSED}
    late = past(**open_till, decided_on=PROPOSED + timedelta(days=20))
    in_time = past(**open_till, decided_on=PROPOSED + timedelta(days=2))
    assert late.steps_ahead(DAY, days).height == 1
    assert in_time.steps_ahead(DAY, days).is_empty()


def test_hours_count_from_the_day_they_were_given() -> None:
    late = past(as_of=PROPOSED, decided_on=DAY - timedelta(days=5))
    assert late.hours_given(DAY, 30) == {"p1": 6.0}
    assert past(as_of=PROPOSED, decided_on=PROPOSED).hours_given(DAY, 30) == {}
