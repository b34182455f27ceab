"""Chance with a logged propensity: explorers get a fair share, and a lot is drawn once."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nextplay.decisions.history import History
from nextplay.decisions.propose import Occasion, propose
from nextplay.program.definition import Program
from nextplay.program.plays import Chance
from tests.decisions.boards import OCCASION, PROMISING, SIZED, decide
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
        cycle = propose(frame, History(), _program(program, exploration_share=0.2), occasion)
        explored += sum(one.hours for one in cycle.focus if one.exploration)
        hours += cycle.owners[0].capacity_hours
    assert 0.08 <= explored / hours <= 0.35


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
    again = decide(program, *rows, history=replace(History(), committed=first.focus, held=first.holdout))
    assert again.holdout == first.holdout
    assert again.focus == first.focus
    assert again.cycle == OCCASION.cycle
