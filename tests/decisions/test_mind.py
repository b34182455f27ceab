"""What would change our mind is worked out: where what it names comes true, the verdict turns; with one less it does not."""

import re
from typing import Any

import pytest

from nextplay.decisions.proposal import Cycle
from nextplay.program.definition import Program
from nextplay.program.plays import Capacity
from tests.decisions.boards import PROMISING, SIZED, chosen, decide, past, reason

SELLER = {**PROMISING, **SIZED}
POLITE = {"attention_180": 9, "days_in_program": 400, "commitment_missed_270": 3, "commitment_met_270": 1}


def mind(cycle: Cycle, partner_id: str) -> str:
    action = cycle.next_actions.of(partner_id)
    assert action is not None
    return action.change_our_mind


def _few_hours(program: Program) -> Program:
    chance = program.chance.model_copy(update={"exploration_share": 0.0})
    return program.model_copy(update={"capacity": Capacity(default_hours=5), "chance": chance})


def _promised(partner_id: str, met: int, missed: int) -> dict[str, Any]:
    windows = {
        f"commitment_{kind}_{days}": number for kind, number in (("met", met), ("missed", missed)) for days in (90, 180, 270)
    }
    return {"partner_id": partner_id, **SELLER, **windows}


def test_as_many_missed_commitments_as_it_says_and_no_fewer_take_the_hours_elsewhere(program: Program) -> None:
    rows = [_promised("p1", 6, 0), _promised("p2", 3, 1)]
    cycle = decide(_few_hours(program), *rows)
    assert chosen(cycle).keys() == {"p1"}
    found = re.search(r"Or (\d+) more commitments? missed", mind(cycle, "p1"))
    assert found
    turns = [
        chosen(decide(_few_hours(program), _promised("p1", 6, more), rows[1])).keys()
        for more in (int(found[1]) - 1, int(found[1]))
    ]
    assert turns == [{"p1"}, {"p2"}]


def test_as_many_kept_commitments_as_it_says_and_no_fewer_win_the_hours(program: Program) -> None:
    rows = [_promised("p1", 4, 2), _promised("p2", 2, 2)]
    cycle = decide(_few_hours(program), *rows)
    assert chosen(cycle).keys() == {"p1"}
    found = re.search(r"or (\d+) more commitments? kept", mind(cycle, "p2"))
    assert found
    fewer, enough = (
        decide(_few_hours(program), rows[0], _promised("p2", 2 + more, 2)) for more in (int(found[1]) - 1, int(found[1]))
    )
    assert chosen(fewer).keys() == {"p1"}
    gains = {one.partner_id: one.expected_gain for one in enough.focus}
    assert gains.keys() == {"p2"} or mind(enough, "p2").startswith("5 hours that come free")


def test_as_many_hours_as_it_says_and_no_fewer_bring_who_waits_behind_others_onto_the_list(program: Program) -> None:
    rows = [_promised(f"p{place}", 9 - place, place) for place in range(1, 7)]
    few = _few_hours(program)
    waits = mind(decide(few, *rows), "p5")
    found = re.match(r"([\d.]+) hours that come free \((\d) partners come first\)", waits)
    assert found, waits
    assert int(found[2]) == 3
    turns = []
    for more in (float(found[1]) - 0.5, float(found[1])):
        hours = few.model_copy(update={"capacity": Capacity(default_hours=5 + more)})
        turns.append("p5" in chosen(decide(hours, *rows)))
    assert turns == [False, True]


def test_a_stop_ends_with_as_many_kept_commitments_as_it_says(program: Program) -> None:
    stopped = decide(program, {"partner_id": "p1", **POLITE})
    found = re.search(r"or (\d+) more commitments kept\.", stopped.stop[0].change_our_mind)
    assert found
    kept = [{**POLITE, "commitment_met_270": 1 + more} for more in (int(found[1]) - 1, int(found[1]))]
    assert [len(decide(program, {"partner_id": "p1", **row}).stop) for row in kept] == [1, 0]


def test_a_stop_for_steps_not_accepted_ends_with_the_new_ones_it_names(program: Program) -> None:
    row = {**POLITE, "commitment_missed_270": 0, "proposals_180": 6, "step_accepted_180": 1, "response_days": 5.0}
    found = re.search(r"or (\d+) new steps accepted\.", decide(program, {"partner_id": "p1", **row}).stop[0].change_our_mind)
    assert found
    more = [int(found[1]) - 1, int(found[1])]
    accepted = [{**row, "proposals_180": 6 + one, "step_accepted_180": 1 + one} for one in more]
    assert [len(decide(program, {"partner_id": "p1", **one}).stop) for one in accepted] == [1, 0]


def test_a_partner_without_a_fitting_play_is_told_which_condition_is_missing(program: Program) -> None:
    plays = tuple(play for play in program.plays if play.name == "deal_unblock")
    cycle = decide(
        program.model_copy(update={"plays": plays}), {"partner_id": "p1", "selling_days": 3, "days_since_selling": 400}
    )
    assert mind(cycle, "p1") == (
        "The deal unblock: stalled deals at least 1 (0 now), days since selling at most 365 (400 now)."
    )


def test_a_partner_that_sells_alone_is_looked_at_again_after_as_many_silent_days_as_it_says(program: Program) -> None:
    plays = tuple(play for play in program.plays if play.name == "reactivation")
    alone = program.model_copy(update={"plays": plays})

    def after(days: int) -> Cycle:
        return decide(alone, {"partner_id": "p1", **SELLER, "days_since_selling": days})

    assert reason(after(9), "p1") == "Selling without help"
    assert mind(after(9), "p1") == "Nothing sold for 30 days."
    assert [chosen(after(days)) for days in (29, 30)] == [{}, {"p1": "reactivation"}]
    action = after(9).next_actions.of("p1")
    assert action is not None
    assert action.action == "Leave alone until nothing is sold for 30 days"


def test_a_running_play_is_judged_by_its_day(program: Program) -> None:
    cycle = decide(
        program,
        {"partner_id": "p1", **SELLER},
        history=past(play="co_sell_sprint", as_of=past().past["as_of"][0].replace(month=3)),
    )
    assert reason(cycle, "p1") == "Play under way"
    assert mind(cycle, "p1") == "Missing by 14 April 2026: two deals opened within 45 days."


@pytest.mark.parametrize(
    "row", [{}, {"attention_180": 9}, SELLER, {"manager_email": None}, POLITE, {"badges_180": 30, "fresh_or_willing": 0}]
)
def test_every_verdict_says_what_would_change_it(program: Program, row: dict[str, Any]) -> None:
    cycle = decide(program, {"partner_id": "p1", **row}, {"partner_id": "p2"})
    assert all(action.change_our_mind.endswith(".") for action in cycle.next_actions)
