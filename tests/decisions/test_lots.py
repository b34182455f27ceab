"""Chance with a logged propensity: explorers get a fair share, and a lot is drawn once."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from nextplay.decisions.history import History
from nextplay.decisions.proposal import Lot
from nextplay.decisions.propose import Occasion, propose
from nextplay.program.definition import Program
from nextplay.program.plays import Chance
from tests.decisions.boards import DAY, OCCASION, PROMISING, SIZED, decide
from tests.decisions.spread import spread
from tests.stories import signals

KNOWN = {**PROMISING, **SIZED, "commitment_met_270": 5, "contacts": 2, "sellers": 1, "proposals_180": 3, "response_days": 2.0}
STRANGE: dict[str, Any] = {"days_in_program": 20}


def _program(program: Program, **chance: Any) -> Program:
    return program.model_copy(update={"chance": Chance(**chance)})


def _rows() -> list[dict[str, Any]]:
    known = [{"partner_id": f"k{place:02d}", **KNOWN} for place in range(20)]
    return known + [{"partner_id": f"s{place:02d}", **STRANGE} for place in range(12)]


def test_partners_with_little_data_get_about_their_share_of_hours_over_the_months(program: Program) -> None:
    frame, explored, hours = signals(*_rows()), 0.0, 0.0
    for month in range(1, 13):
        occasion = Occasion(f"2026-{month:02d}", date(2026, 3, 31), "7", "USD")
        cycle = propose(frame, History(), _program(program, exploration_share=0.2), occasion, spread(frame))
        explored += sum(one.hours for one in cycle.focus if one.exploration)
        hours += cycle.owners[0].capacity_hours
    assert 0.08 <= explored / hours <= 0.35


def test_all_managers_together_give_the_share_each_month_within_one_play(program: Program) -> None:
    """No manager's tenth buys a play; the lot runs on from one to the next, so that one month in all is right too."""
    rows = [{"partner_id": f"s{place:02d}", **STRANGE, "manager_email": f"m{place % 9}@x"} for place in range(54)]
    frame, most = signals(*rows), max(play.hours for play in program.growing.plays)
    for month in range(1, 7):
        occasion = replace(OCCASION, cycle=f"2026-{month:02d}")
        cycle = propose(frame, History(), program, occasion, spread(frame))
        explored = sum(one.hours for one in cycle.focus if one.exploration)
        kept = program.chance.exploration_share * sum(one.capacity_hours for one in cycle.owners)
        assert abs(explored - kept) <= most
        assert all(one.assigned_hours <= one.capacity_hours for one in cycle.owners)
        assert not [note for note in cycle.notes if "little data" in note]


def test_where_little_data_is_rare_the_list_says_that_the_share_is_not_given(program: Program) -> None:
    known = [{"partner_id": f"k{place:02d}", **KNOWN, "manager_email": f"m{place % 6}@x"} for place in range(30)]
    [note] = [note for note in decide(program, *known).notes if "little data" in note]
    assert "and 0 do: no such partner is open to a play" in note
    one = {"partner_id": "s1", **STRANGE, "manager_email": "m1@x"}
    [note] = [note for note in decide(_program(program, exploration_share=0.3), *known, one).notes if "little data" in note]
    assert "1 such partner is open to a play, with 1 of 6 managers" in note
    assert not [note for note in decide(_program(program, exploration_share=0), *known).notes if "little data" in note]


def test_only_partners_with_little_data_are_explored_and_their_chance_is_logged(program: Program) -> None:
    drawn = Counter()  # type: Counter[str]
    for seed in range(40):
        for one in decide(_program(program, seed=seed, exploration_share=0.3), *_rows()).focus:
            if one.exploration:
                drawn[one.partner_id] += 1
                assert one.partner_id.startswith("s")
                assert 0 < one.propensity < 1
    assert len(drawn) > 5


def test_the_logged_chance_is_how_often_the_lot_falls_so(program: Program) -> None:
    fell, said = 0, []
    for seed in range(200):
        for one in decide(_program(program, seed=seed, exploration_share=0.3), *_rows()).focus:
            if one.partner_id == "s03" and one.exploration:
                fell += 1
                said.append(one.propensity)
    assert fell / 200 == pytest.approx(sum(said) / len(said), abs=0.06)


def test_a_program_that_leaves_nothing_to_chance_explores_and_holds_back_nobody(program: Program) -> None:
    rows = [{"partner_id": f"p{place:03d}", **PROMISING, **SIZED, "manager_email": f"m{place % 9}@x"} for place in range(200)]
    cycle = decide(_program(program, exploration_share=0, holdout_share=0), *rows)
    assert cycle.holdout == ()
    assert {(one.exploration, one.propensity) for one in cycle.focus} <= {(False, 1.0)}


def test_a_promise_still_open_is_never_held_back(program: Program) -> None:
    rows = [
        {"partner_id": f"p{place:03d}", **PROMISING, **SIZED, "manager_email": f"m{place % 20}@x", "commitment_made_90": 1}
        for place in range(400)
    ]
    assert decide(program, *rows).holdout == ()


def test_who_was_held_back_stays_so_once_the_month_is_committed(program: Program) -> None:
    rows = [{"partner_id": f"p{place:03d}", **PROMISING, **SIZED, "manager_email": f"m{place % 20}@x"} for place in range(400)]
    first = decide(program, *rows)
    again = decide(program, *rows, history=replace(History(), committed=first.focus, lots=first.lots))
    assert again.holdout == first.holdout
    assert again.focus == first.focus
    assert again.cycle == OCCASION.cycle


def _crowd() -> list[dict[str, Any]]:
    known = [{"partner_id": f"p{place:03d}", **PROMISING, **SIZED, "manager_email": f"m{place % 20}@x"} for place in range(400)]
    return known + [{"partner_id": f"s{place:03d}", **STRANGE, "manager_email": f"m{place % 20}@x"} for place in range(40)]


def test_proposals_still_open_keep_their_chance_when_the_month_is_decided_again(program: Program) -> None:
    """Once one proposal is committed, the others keep the chance that their lot had, and nobody is drawn anew."""
    first = decide(program, *_crowd())
    drawn = {one.partner_id: one.propensity for one in first.focus if one.propensity < 1}
    assert len({one.exploration for one in first.focus if one.partner_id in drawn}) == 2
    committed = next(one for one in first.focus if one.propensity == 1)
    history = replace(History(), committed=(committed,), lots=first.lots)
    frame = signals(*_crowd())
    again = propose(frame, history, program, replace(OCCASION, facts_version="8"), spread(frame))
    assert again.lots == first.lots
    assert {one.partner_id: one.propensity for one in again.focus if one.propensity < 1} == drawn
    assert not {one.partner_id for one in again.focus} & {one.partner_id for one in first.holdout}


def test_a_lot_tells_both_sides_by_what_they_will_be_judged(program: Program) -> None:
    cycle = decide(program, *_crowd())
    assert {one.arm for one in cycle.lots} == {"offered", "held_back", "explored"}
    made = {one.partner_id: one for one in cycle.focus}
    for one in cycle.lots:
        predicate = program.play(one.play).outcome.predicate
        assert one.predicate == predicate.model_dump(mode="json")
        assert (one.until - one.as_of).days == predicate.window_days
        assert one.arm == "held_back" or (made[one.partner_id].outcome.by, made[one.partner_id].play) == (one.until, one.play)


def test_who_was_held_back_waits_for_that_play_until_its_window_is_over(program: Program) -> None:
    rows = [{"partner_id": "p1", **PROMISING, **SIZED}]
    [free] = decide(program, *rows).focus
    lot = Lot("p1", free.play, "held_back", 0.1, date(2026, 2, 28), DAY, {})
    assert {one.play for one in decide(program, *rows, history=History(barred=(lot,))).focus} != {free.play}
    over = replace(lot, until=DAY - timedelta(days=1))
    assert [one.play for one in decide(program, *rows, history=History(barred=(over,))).focus] == [free.play]
