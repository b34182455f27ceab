"""What plays do at each stage is learned from what followed their runs, also where the program file says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from nextplay.decisions.by_stage import before_runs, by_stage
from nextplay.decisions.reach import Floats, Followed, assumed_reach
from nextplay.decisions.stages import PlayEffects, StageModel, assumed, designed
from nextplay.program.engine import SELLING, STAGES
from nextplay.program.load import default_program

PROGRAM = default_program().growing
ENGINE = PROGRAM.engine
MODEL: StageModel = assumed(ENGINE)
NAMES = [play.name for play in PROGRAM.plays]
FIRST, SPRINT, UNBLOCK = (NAMES.index(name) for name in ("first_selling_play", "co_sell_sprint", "deal_unblock"))
WARMING, GONE = STAGES.index("warming"), STAGES.index("gone")
USUAL = designed(PROGRAM.plays).times(assumed_reach(len(NAMES), ENGINE).mean)


def _runs(play: int, stage: int, *, number: int, deals: float, done: float = 0.9, sells_after: float = 1.0) -> Followed:
    """Runs of a play on partners that stood in one stage; `sells_after`: how much likelier what followed is of a seller."""
    before = np.zeros((number, *MODEL.rates.shape[1:]))
    before[:, 0, stage] = 1
    stay = np.ones_like(before)
    stay[:, :, SELLING] *= sells_after
    each = np.ones(number)
    return Followed(
        np.full(number, play), each, before, stay, np.full(before.shape[:2], done), deals * each, before * 0 + MODEL.deals
    )


def _learned(runs: Followed, usual: PlayEffects = USUAL) -> PlayEffects:
    return by_stage(runs, usual, ENGINE)


def _unlike(one: Floats, other: Floats) -> Floats:
    return np.abs(one - other)


def test_a_play_after_which_partners_sell_is_believed_to_move_more_and_one_after_which_nothing_follows_less() -> None:
    moved = _learned(_runs(FIRST, WARMING, number=20, deals=0, sells_after=30)).moves[FIRST, WARMING]
    idle = _learned(_runs(FIRST, WARMING, number=20, deals=0, sells_after=1 / 30)).moves[FIRST, WARMING]
    assert moved > USUAL.moves[FIRST, WARMING] > 2 * idle


def test_deals_of_which_the_file_says_nothing_are_learned() -> None:
    assert USUAL.adds[FIRST, WARMING] == 0
    assert _learned(_runs(FIRST, WARMING, number=20, deals=2, sells_after=1 / 30)).adds[FIRST, WARMING] > 0.3


def test_a_stage_without_runs_learns_little_from_another() -> None:
    told, untold = _learned(_runs(SPRINT, SELLING, number=40, deals=0)), _learned(_runs(SPRINT, SELLING, number=0, deals=0))
    there = _unlike(told.adds, untold.adds)[SPRINT]
    assert there[SELLING] > 2 * np.delete(there, SELLING).max()


def test_runs_of_which_the_partner_did_nothing_say_nothing() -> None:
    told, untold = (_learned(_runs(FIRST, WARMING, number=number, deals=0, done=0.0, sells_after=1 / 30)) for number in (40, 0))
    assert told.moves == pytest.approx(untold.moves)
    assert told.adds == pytest.approx(untold.adds)


def test_more_runs_outweigh_what_is_stated() -> None:
    each = [_learned(_runs(FIRST, WARMING, number=number, deals=0, sells_after=1 / 30)) for number in (0, 5, 50)]
    moves = [one.moves[FIRST, WARMING] for one in each]
    assert moves[0] > moves[1] > moves[2]
    assert moves[2] < 0.25 * moves[0]


def test_effects_are_chances_and_deals() -> None:
    told = _learned(_runs(UNBLOCK, SELLING, number=60, deals=8, sells_after=1e6))
    assert ((told.moves >= 0) & (told.moves <= 1)).all()
    assert (told.adds >= 0).all()


@pytest.mark.parametrize("weight", [0.0, 1e-12])
def test_runs_of_weight_nothing_move_no_belief(weight: float) -> None:
    runs = _runs(FIRST, WARMING, number=20, deals=3, sells_after=30)
    told, untold = _learned(replace(runs, weight=weight * runs.weight)), before_runs(USUAL, ENGINE)
    assert told.moves == pytest.approx(untold.moves, abs=1e-9)
    assert told.adds == pytest.approx(untold.adds, abs=1e-9)
    none = _learned(_runs(FIRST, WARMING, number=0, deals=0))
    assert none.moves == pytest.approx(untold.moves, abs=1e-9)
    assert none.adds == pytest.approx(untold.adds, abs=1e-9)


def test_what_no_play_of_the_file_states_is_learned_all_the_same() -> None:
    silent = PlayEffects(np.zeros_like(USUAL.moves), np.zeros_like(USUAL.adds))
    deals = _learned(_runs(FIRST, WARMING, number=60, deals=2, sells_after=1 / 30), replace(USUAL, adds=silent.adds))
    moved = _learned(_runs(FIRST, WARMING, number=60, deals=0, sells_after=30), replace(USUAL, moves=silent.moves))
    assert deals.adds[FIRST, WARMING] > 1
    assert moved.moves[FIRST, WARMING] > 0.5
    nothing = before_runs(silent, ENGINE)
    assert nothing.adds[:, :GONE] == pytest.approx(ENGINE.effect_least)
    assert nothing.moves[:, WARMING] == pytest.approx(ENGINE.effect_least)


def test_what_is_stated_of_those_gone_stands_and_those_who_sell_are_moved_nowhere() -> None:
    flat = PlayEffects(np.full_like(USUAL.moves, 0.2), np.full_like(USUAL.adds, 0.1))
    flat.moves[:, SELLING], flat.moves[FIRST, GONE], flat.adds[FIRST, GONE] = 0, 0.3, 0.2
    before = before_runs(flat, ENGINE)
    assert before.moves == pytest.approx(flat.moves)
    assert before.adds == pytest.approx(flat.adds)
