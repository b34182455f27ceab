"""What is believed of a partner follows what it did, and the program it is in."""

from typing import Any

import numpy as np
import pytest

from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.history import History
from nextplay.decisions.reach import GRID
from nextplay.program.engine import SELLING, STAGES
from nextplay.program.load import default_program
from tests.decisions.boards import DAY
from tests.decisions.spread import spread
from tests.stories import signals

PROGRAM = default_program()
SELLS = {"opened_30": 2, "opened_90": 5, "opened_180": 9, "selling_90": 5, "selling_180": 9, "selling_days": 9}
SOLD = {"opened_30": 0, "opened_90": 0, "opened_180": 8, "selling_180": 8, "selling_days": 8, "days_since_selling": 95}


def _board(*rows: dict[str, Any]) -> Board:
    frame = signals(*({"days_in_program": 400} | row for row in rows))
    return lay_out(frame, spread(frame), History(), PROGRAM, DAY)


def _program(scale: int) -> list[dict[str, Any]]:
    """Eighty partners of a program that records so many times as much as another."""
    rows: list[dict[str, Any]] = [{"partner_id": f"a{place:02d}", **SELLS, **_soft(4 * scale)} for place in range(20)]
    rows += [{"partner_id": f"b{place:02d}", **SOLD, **_soft(scale)} for place in range(20)]
    return rows + [{"partner_id": f"c{place:02d}"} for place in range(40)]


def _soft(many: int) -> dict[str, int]:
    kinds = ("portal_login", "meeting_held", "outreach_sent")
    return {f"{kind}_{days}": many * days // 30 for kind in kinds for days in (30, 90, 180)}


@pytest.mark.parametrize("scale", [0, 1, 5])
def test_who_sells_is_known_from_who_sold_and_who_never_did_however_much_a_program_records(scale: int) -> None:
    selling = _board(*_program(scale)).prospects.belief[:, :, SELLING].sum(axis=1)
    sells, sold, silent = selling[:20].mean(), selling[20:40].mean(), selling[40:].mean()
    assert sells > sold > silent
    assert sells > 5 * silent


def test_beliefs_are_shares_and_the_fit_keeps_deals_with_those_who_sell() -> None:
    seen = _board(*_program(2)).prospects
    assert seen.belief.sum(axis=(1, 2)) == pytest.approx(np.ones(80))
    assert (seen.belief >= 0).all()
    deals = seen.model.deals
    assert (deals[:, SELLING] > deals[:, STAGES.index("silent")]).all()
    assert seen.model.passages.sum(axis=2) == pytest.approx(np.ones(seen.model.passages.shape[:2]))


def test_one_more_deal_never_makes_a_partner_look_less_like_a_seller() -> None:
    rows = [{"partner_id": f"p{more}", "opened_30": more, "opened_90": more, "opened_180": more} for more in range(4)]
    selling = _board(*rows, *_program(1)).prospects.belief
    by_deals = selling[-4:, :, SELLING].sum(axis=1)
    assert (np.diff(by_deals) >= 0).all()


def test_without_a_run_plays_reach_what_the_program_assumes() -> None:
    reach = _board({"partner_id": "p1"}).prospects.reach
    assert reach.mean == pytest.approx(np.full(len(PROGRAM.growing.plays), PROGRAM.engine.effect), abs=1e-3)
    assert reach.runs.sum() == 0
    assert GRID[0] == 0


def test_partners_looked_at_some_at_a_time_are_believed_the_same_of(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _board(*_program(2))
    monkeypatch.setattr("nextplay.decisions.belief.BLOCK", 7)
    parts = _board(*_program(2))
    assert parts.prospects.belief == pytest.approx(whole.prospects.belief, abs=1e-12)
    assert parts.prospects.tempo == pytest.approx(whole.prospects.tempo, abs=1e-12)
    assert (parts.gains.p_with == whole.gains.p_with).all()
    assert (parts.gains.gain == whole.gains.gain).all()
    assert len(whole.gains.gain) == 80
