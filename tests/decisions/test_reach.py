"""What followed a run is held against what the partner would have brought by itself, and whether it did its part."""

import numpy as np
import pytest

from nextplay.decisions.belief import Seen, forward
from nextplay.decisions.by_stage import by_stage
from nextplay.decisions.reach import Floats, assumed_reach, did_its_part, followed
from nextplay.decisions.stages import C_DEALS, PlayEffects, assumed, designed
from nextplay.program.engine import SELLING
from nextplay.program.load import default_program
from nextplay.signals.month_counts import ANSWERS, COUNTED, MonthCounts

PROGRAM = default_program()
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


def _taught(seen: Seen) -> PlayEffects:
    usual = STATED.times(assumed_reach(len(NAMES), ENGINE).mean)
    passed = forward(MODEL, seen, usual, np.arange(seen.played.shape[1]))
    brought = np.vstack([np.zeros((1, seen.played.shape[1])), seen.counts.events[:, :, C_DEALS].cumsum(axis=0)])
    tempo = (brought + ENGINE.tempo_weight) / (passed.usual + ENGINE.tempo_weight)
    return by_stage(followed(MODEL, seen, passed.before, tempo, STATED, ENGINE), usual, ENGINE)


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
