"""Expected gain: what it hangs on, and what must not move it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.gain import deals_by_stage, freed, fresh, outcome_chances
from nextplay.decisions.history import History
from nextplay.facts.contract import VANITY_KINDS
from nextplay.program.load import default_program
from nextplay.program.plays import Predicate
from nextplay.traits.read import TRAITS
from tests.decisions.boards import DAY, SIZED, past
from tests.decisions.spread import spread
from tests.stories import signals

PROGRAM = default_program().growing
NAMES = [play.name for play in PROGRAM.plays]
FIRST, SPRINT = NAMES.index("first_selling_play"), NAMES.index("co_sell_sprint")
# Enough others that the program's own volume is known.
OTHERS = [
    {"partner_id": f"z{place:02d}", "portal_login_30": 2, "portal_login_90": 6, "portal_login_180": 10, "outreach_sent_90": 1,
     "outreach_sent_180": 2, "days_in_program": 300} for place in range(30)
]  # fmt: skip


def _board(*rows: dict[str, Any], history: History | None = None) -> Board:
    frame = signals(*rows, *OTHERS)
    return lay_out(frame, spread(frame), history or History(), PROGRAM, DAY)


@settings(max_examples=15)
@given(st.integers(0, 6), st.integers(0, 6))
def test_one_more_commitment_kept_never_lowers_what_a_play_gains(met: int, missed: int) -> None:
    rows = [{"partner_id": f"p{more}", **_promises(met + more, missed), **SIZED, "days_in_program": 300} for more in (0, 1)]
    board = _board(*rows)
    assert board.prospects.does_its_part[1] >= board.prospects.does_its_part[0]
    assert (board.gains.gain[1] >= board.gains.gain[0]).all()


def _promises(met: int, missed: int) -> dict[str, int]:
    words = {"met": met, "missed": missed}
    return {f"commitment_{word}_{days}": count for word, count in words.items() for days in (90, 180, 270)}


def test_no_trait_rests_on_logins_badges_or_webinars() -> None:
    rests_on = {
        name for trait in TRAITS for name in (*trait.rests_on, *trait.score.meta.root_names(), *trait.known.meta.root_names())
    }
    assert not {name for name in rests_on if name.startswith(VANITY_KINDS) or name in ("badges_180", "attention_180")}


def test_a_play_is_never_worse_than_leaving_alone() -> None:
    gains = _board({"partner_id": "p1", **_promises(0, 12), "contacts": 3, "proposals_180": 4, "response_days": 60.0}).gains
    assert (gains.gain >= 0).all()
    assert (gains.p_with >= gains.p_without).all()


def test_a_partner_that_sells_by_itself_starts_no_more_by_a_first_play_and_more_by_a_sprint() -> None:
    selling = {"opened_30": 2, "opened_90": 5, "opened_180": 9, "selling_90": 5, "selling_180": 9, "selling_days": 9,
               "days_since_selling": 4, "days_in_program": 500, "outreach_sent_90": 3, "outreach_sent_180": 6}  # fmt: skip
    board = _board({"partner_id": "p1", **selling}, {"partner_id": "p2", "days_in_program": 500})
    own, silent = board.gains.p_without[:2, SPRINT]
    assert own > 0.3 > silent
    assert board.gains.deals[0, SPRINT] > 5 * board.gains.deals[1, SPRINT]
    assert not board.open[0, FIRST]


def test_gain_is_extra_deals_times_a_typical_deal() -> None:
    board = _board({"partner_id": "p1", **SIZED})
    worth = board.frame["typical_deal"].to_numpy().reshape(-1, 1)
    assert board.gains.gain == pytest.approx(board.gains.deals * worth, abs=0.011)
    assert np.array_equal(board.gains.deals, np.round(board.gains.deals, 3))


def test_help_with_a_deal_that_stands_still_is_worth_what_stands_still() -> None:
    stuck = {**SIZED, "days_in_program": 300, "stalled_deals": 1}
    rows = [{"partner_id": f"p{value}", **stuck, "stalled_largest": float(value)} for value in (0, 10_000, 20_000)]
    keeps = {"partner_id": "pk", **stuck, **_promises(9, 0), "stalled_largest": 20_000.0}
    board = _board(*rows, keeps)
    unblock, chance = NAMES.index("deal_unblock"), freed(board.prospects, PROGRAM)
    assert chance[:3, unblock] == pytest.approx([0.15 * 0.8 * board.prospects.does_its_part[0]] * 3, abs=1e-3)
    assert board.gains.gain[1:3, unblock] - board.gains.gain[0, unblock] == pytest.approx(
        chance[0, unblock] * np.array([10_000, 20_000]), abs=0.011
    )
    assert chance[3, unblock] > chance[2, unblock]
    others = [column for column in range(len(NAMES)) if column != unblock]
    assert not chance[:, others].any()


@pytest.mark.parametrize(("stands_still", "counts"), [(-5_000.0, 0), (1e9, 3)])
def test_of_a_deal_that_stands_still_no_more_counts_than_three_typical_ones_and_never_less_than_nothing(
    stands_still: float, counts: int
) -> None:
    stuck = {**SIZED, "days_in_program": 300, "stalled_deals": 1}
    board = _board({"partner_id": "p0", **stuck}, {"partner_id": "p1", **stuck, "stalled_largest": stands_still})
    unblock = NAMES.index("deal_unblock")
    more = counts * freed(board.prospects, PROGRAM)[1, unblock] * board.frame["typical_deal"][1]
    assert board.gains.gain[1, unblock] - board.gains.gain[0, unblock] == pytest.approx(more, abs=0.02)


def test_every_run_that_did_not_move_a_deal_halves_the_chance_that_the_next_one_does() -> None:
    board = _board({"partner_id": "p1", **SIZED, "stalled_deals": 1, "stalled_largest": 10_000.0})
    seen, unblock, chances = board.prospects, NAMES.index("deal_unblock"), []
    for runs in range(3):
        ran = np.full_like(seen.seen.played, -1)
        ran[:runs] = unblock
        told = replace(seen, seen=replace(seen.seen, played=ran))
        chances.append((freed(told, PROGRAM) / fresh(told, PROGRAM))[0, unblock])
    assert chances == pytest.approx([chances[0], chances[0] / 2, chances[0] / 4], abs=2e-4)


def test_deals_that_do_not_qualify_are_worth_nothing_and_the_sentence_says_so() -> None:
    all_do, half = {"ripe_deals_365": 16, "qualified_deals_365": 16}, {"ripe_deals_365": 16, "qualified_deals_365": 8}
    board = _board({"partner_id": "p1", **SIZED, **all_do}, {"partner_id": "p2", **SIZED, **half})
    # (8 + 4 x 28/36) / 20 and (16 + 4 x 28/36) / 20, as (8 + 16 + 4) / (16 + 16 + 4) of all qualify
    assert board.frame["qualified_share"].to_list()[:2] == [0.96, 0.56]
    assert board.gains.deals[0].tolist() == board.gains.deals[1].tolist()
    worth = board.frame["typical_deal"].to_numpy() * board.frame["qualified_share"].to_numpy()
    assert board.gains.gain == pytest.approx(board.gains.deals * worth.reshape(-1, 1), abs=0.011)


def test_a_play_last_month_leaves_less_for_another_this_month() -> None:
    frame = signals({"partner_id": "p1", **SIZED}, *OTHERS)
    engine = PROGRAM.engine.model_copy(update={"back_to_back": 1.0})
    rested = lay_out(frame, spread(frame), past(), PROGRAM.model_copy(update={"engine": engine}), DAY)
    tired = lay_out(frame, spread(frame), past(), PROGRAM, DAY)
    assert tired.gains.deals[0, FIRST] == pytest.approx(0.75 * rested.gains.deals[0, FIRST], abs=0.001)
    assert np.array_equal(tired.gains.deals[1:], rested.gains.deals[1:])


def test_plays_month_after_month_leave_less_and_less_but_never_under_the_square_of_one() -> None:
    board = _board({"partner_id": "p1", **SIZED})
    seen, ran = board.prospects, np.full_like(board.prospects.seen.played, -1)
    left = []
    for months in range(len(ran) + 1):
        ran[len(ran) - months :] = FIRST
        told = replace(seen, seen=replace(seen.seen, played=ran.copy()))
        left.append(float(fresh(told, PROGRAM)[0, 0]))
    assert left[:3] == pytest.approx([1, 0.75, 0.75**1.5])
    assert left == sorted(left, reverse=True)
    assert left[-1] > 0.75**2


def test_one_of_many_open_deals_moves_more_often_than_the_only_one() -> None:
    stuck = {**SIZED, "selling_days": 5, "days_since_selling": 9, "stalled_deals": 1}
    rows = [{"partner_id": f"p{n}", **stuck, "deals_open": n} for n in (1, 2, 6)]
    frame = signals(*rows)
    unblock = NAMES.index("deal_unblock")
    gains = lay_out(frame, spread(frame), History(), PROGRAM, DAY).gains
    assert gains.p_with[0, unblock] < gains.p_with[1, unblock] < gains.p_with[2, unblock] < 1
    assert (gains.p_with >= gains.p_without).all()


@pytest.mark.parametrize("flood", [1, 3, 40])
def test_no_login_webinar_training_or_badge_moves_a_gain_or_a_chance(flood: int) -> None:
    """Vanity-proof: of partners that differ in nothing else, whoever logs in, attends or collects gains nothing by it."""
    usual: dict[str, Any] = {**SIZED, **_promises(2, 1), "days_in_program": 300, "outreach_sent_90": 2, "outreach_sent_180": 3}
    badges = {f"{kind}_{days}": flood * days // 30 for kind in VANITY_KINDS for days in (30, 90, 180)}
    badges |= {f"days_since_{kind}": 0 for kind in VANITY_KINDS}
    # Signals that count those kinds among others.
    badges |= {"attention_180": 6 * flood, "badges_180": 24 * flood, "days_since_activity": 0}
    board = _board({"partner_id": "p0", **usual}, {"partner_id": "p1", **usual, **badges})
    assert set(badges) <= set(board.frame.columns)
    for told in (board.gains.gain, board.gains.p_with, board.gains.p_without, board.gains.deals):
        assert (told[1] == told[0]).all()


def test_outreach_does_move_a_gain() -> None:
    usual: dict[str, Any] = {**SIZED, "days_in_program": 300}
    work = {"outreach_sent_30": 3, "outreach_sent_90": 8, "outreach_sent_180": 12, "outreach_replied_180": 4}
    board = _board({"partner_id": "p0", **usual}, {"partner_id": "p1", **usual, **work})
    assert (board.gains.gain[1] > board.gains.gain[0]).any()


def test_extra_deals_stay_under_what_a_play_brings_at_best_however_many_promises_are_kept() -> None:
    board = _board({"partner_id": "p1", **SIZED, **_promises(60, 0)})
    seen = board.prospects
    model = seen.model
    assert seen.does_its_part[0] > 0.9
    brings = deals_by_stage(seen, PROGRAM, np.ones((1, len(NAMES))))[0] / model.keeps.reshape(-1, 1)
    assert (board.gains.deals[0] <= brings.max(axis=(1, 2)) * seen.tempo[0] + 0.001).all()


def test_an_outcome_that_referrals_close_as_well_is_likelier_and_training_adds_nothing() -> None:
    def chance(*kinds: str) -> float:
        predicate = Predicate(event="activity", kinds=kinds, window_days=60)
        play = PROGRAM.plays[FIRST]
        play = play.model_copy(update={"outcome": play.outcome.model_copy(update={"predicate": predicate})})
        plays = (*PROGRAM.plays[:FIRST], play, *PROGRAM.plays[FIRST + 1 :])
        board = _board({"partner_id": "p1", "days_in_program": 300})
        return float(outcome_chances(board.prospects, PROGRAM.model_copy(update={"plays": plays}), FIRST)[1][0])

    assert chance("deal_registered") == chance("deal_registered", "meeting_noted")
    assert chance("deal_registered", "referral_submitted") > chance("deal_registered")
