"""What followed a run is held against what the partner would have brought by itself, and whether it did its part."""

from dataclasses import replace

import numpy as np
import pytest

from nextplay.decisions.belief import Seen
from nextplay.decisions.prospect import taught
from nextplay.decisions.reach import Floats, Reach, assumed_reach, did_its_part
from nextplay.decisions.stages import C_DEALS, PlayEffects, assumed, designed
from nextplay.program.engine import SELLING, Engine
from nextplay.program.load import default_program
from nextplay.signals.month_counts import ANSWERS, COUNTED, MonthCounts

PROGRAM = default_program().growing
ENGINE = PROGRAM.engine
MODEL = assumed(ENGINE)
NAMES = [play.name for play in PROGRAM.plays]
SPRINT = NAMES.index("co_sell_sprint")
STATED = designed(PROGRAM.plays)
MONTHS, RAN = 8, 5


def _seen(deals: list[int], *, met: int = 0, missed: int = 0, partners: int = 30) -> Seen:
    """Partners alike: deals by month, a sprint in month `RAN`, and what became of their promises in it."""
    events = np.zeros((MONTHS, partners, len(COUNTED)), np.float32)
    events[:, :, C_DEALS] = np.array(deals).reshape(-1, 1)
    answers = np.zeros((MONTHS, partners, len(ANSWERS)), np.float32)
    answers[RAN, :, :2] = met, missed
    played = np.full((MONTHS, partners), -1)
    played[RAN] = SPRINT
    counts = MonthCounts(events, answers, np.full(partners, 40, np.float32))
    return Seen(counts, played, np.ones((MONTHS, len(COUNTED))))


def _learned(seen: Seen, engine: Engine = ENGINE) -> tuple[PlayEffects, Reach]:
    return taught(MODEL, seen, STATED, assumed_reach(len(NAMES), engine), engine)


def _taught(seen: Seen) -> PlayEffects:
    return _learned(seen)[0]


def _chance(met: int, missed: int) -> Floats:
    seen = _seen([0] * MONTHS, met=met, missed=missed, partners=1)
    return np.asarray(did_its_part(MODEL, seen, RAN, ENGINE.promises_weight)[0])


def test_promises_of_the_month_tell_whether_a_partner_did_its_part() -> None:
    kept, untold, broken = _chance(1, 0), _chance(0, 0), _chance(0, 1)
    assert (kept > untold).all()
    assert (untold > broken).all()
    assert untold == pytest.approx(MODEL.keeps)


def test_deals_that_a_partner_brings_anyway_are_no_merit_of_a_play() -> None:
    always, only_then = _taught(_seen([4] * MONTHS, met=1)), _taught(_seen([0] * RAN + [4] + [0] * (MONTHS - RAN - 1), met=1))
    assert only_then.adds[SPRINT].sum() > 2 * always.adds[SPRINT].sum()


def test_nothing_after_a_play_that_was_done_tells_more_than_after_one_that_was_not() -> None:
    usual = [3] * RAN + [0] * (MONTHS - RAN)
    done, slipped = (_taught(_seen(usual, met=met, missed=1 - met)) for met in (1, 0))
    assert done.adds[SPRINT, SELLING] < slipped.adds[SPRINT, SELLING]


def test_a_run_that_counts_for_nothing_moves_no_belief() -> None:
    forgetful = ENGINE.model_copy(update={"forget_months": 0.05})
    ran = _seen([3] * MONTHS, met=1)
    never = replace(ran, played=np.full_like(ran.played, -1))
    (effects, reach), (usual, before) = _learned(ran, forgetful), _learned(never, forgetful)
    assert effects.moves == pytest.approx(usual.moves, abs=1e-9)
    assert effects.adds == pytest.approx(usual.adds, abs=1e-9)
    assert reach.mean == pytest.approx(before.mean, abs=1e-9)
    assert reach.by_others == pytest.approx(before.mean, abs=1e-9)


def test_runs_of_a_play_count_once_its_own_level_is_that_of_the_others() -> None:
    lucky, unlucky = (_learned(_seen([0] * RAN + [deals] + [0] * (MONTHS - RAN - 1), met=1))[1] for deals in (4, 0))
    others = np.arange(len(NAMES)) != SPRINT
    assert lucky.mean[SPRINT] > 1.2 * unlucky.mean[SPRINT]
    assert lucky.by_others[SPRINT] == pytest.approx(unlucky.by_others[SPRINT])
    assert lucky.by_others[SPRINT] == pytest.approx(ENGINE.effect, abs=1e-3)
    assert lucky.by_others[others] == pytest.approx(lucky.mean[others])
    assert (lucky.mean[others] > unlucky.mean[others]).all()


@pytest.mark.parametrize("effect", [0.3, 0.8, 1.4])
def test_before_any_run_plays_reach_on_average_what_the_file_says(effect: float) -> None:
    engine = ENGINE.model_copy(update={"effect": effect})
    reach = assumed_reach(3, engine)
    assert reach.mean == pytest.approx(np.full(3, effect), abs=1e-3)
    assert reach.by_others == pytest.approx(reach.mean)
