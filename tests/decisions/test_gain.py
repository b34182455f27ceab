"""Expected gain: what it hangs on, and what must not move it."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.decisions.gain import RESPONSE, Gains, expected_gains
from nextplay.decisions.track_record import PlayRecord, TrackRecord
from nextplay.facts.contract import VANITY_KINDS
from nextplay.program.load import default_program
from nextplay.signals.names import KINDS
from nextplay.traits.read import TRAITS, read_traits
from tests.stories import signals

PROGRAM = default_program()
FIRST = [play.name for play in PROGRAM.plays].index("first_selling_play")


def _gains(*rows: dict[str, Any], record: TrackRecord | None = None) -> Gains:
    frame = signals(*rows).with_columns(typical_deal=pl.lit(1000.0))
    frame = frame.join(read_traits(frame), on="partner_id")
    return expected_gains(frame, PROGRAM.plays, record or TrackRecord())


def test_a_partner_of_whom_nothing_is_known_has_the_chances_the_play_assumes() -> None:
    gains = _gains({"partner_id": "p1", "days_in_program": 0})
    assert gains.p_without[0, FIRST] == pytest.approx(0.12, abs=0.003)
    assert gains.p_with[0, FIRST] == pytest.approx(0.30, abs=0.01)


@given(st.integers(0, 20), st.integers(0, 20))
def test_one_more_commitment_kept_never_lowers_the_chance_with_a_play(met: int, missed: int) -> None:
    rows: list[dict[str, Any]] = [
        {"partner_id": f"p{more}", "commitment_met_270": met + more, "commitment_missed_270": missed} for more in (0, 1)
    ]
    if met + missed >= 2:
        with_play = _gains(*rows).p_with
        assert (with_play[1] >= with_play[0]).all()


@given(st.sampled_from([kind for kind in KINDS if kind in VANITY_KINDS]), st.integers(1, 500))
def test_logins_badges_and_webinars_change_no_chance(kind: str, number: int) -> None:
    plain, busy = {"partner_id": "p1"}, {"partner_id": "p1", **{f"{kind}_{days}": number for days in (30, 90, 180)}}
    assert np.array_equal(_gains(plain).gain, _gains(busy).gain)


def test_no_trait_rests_on_logins_badges_or_webinars() -> None:
    rests_on = {
        name for trait in TRAITS for name in (*trait.rests_on, *trait.score.meta.root_names(), *trait.known.meta.root_names())
    }
    assert not {name for name in rests_on if name.startswith(VANITY_KINDS) or name in ("badges_180", "attention_180")}
    assert set(RESPONSE) <= {trait.name for trait in TRAITS}


def test_a_play_is_never_worse_than_leaving_alone() -> None:
    gains = _gains({"partner_id": "p1", "commitment_missed_270": 12, "contacts": 3, "proposals_180": 4, "response_days": 60.0})
    assert (gains.gain >= 0).all()


def test_two_silent_years_promise_less_than_two_silent_months() -> None:
    gains = _gains({"partner_id": "a", "days_in_program": 60}, {"partner_id": "b", "days_in_program": 730})
    assert gains.p_without[1, FIRST] < gains.p_without[0, FIRST] / 2
    assert gains.gain[1, FIRST] < gains.gain[0, FIRST]


def test_a_partner_that_sells_by_itself_gains_little_from_help() -> None:
    busy = {"partner_id": "p1", "opened_90": 60, "opened_180": 120, "days_in_program": 400, "days_since_selling": 1}
    gains = _gains(busy)
    assert gains.p_without[0, FIRST] > 0.98
    assert gains.gain[0, FIRST] < 30


def _record(met: float, cases: float, forecast: float = 0.3) -> TrackRecord:
    own = PlayRecord(int(cases), int(met), cases, met, cases * forecast)
    return TrackRecord({"first_selling_play": own})


def test_outcomes_pull_the_assumption_towards_what_happened() -> None:
    row = {"partner_id": "p1"}
    before, better, worse = (_gains(row, record=record) for record in (TrackRecord(), _record(15, 20), _record(1, 20)))
    assert worse.p_with[0, FIRST] < before.p_with[0, FIRST] < better.p_with[0, FIRST]
    assert worse.p_without[0, FIRST] == before.p_without[0, FIRST]


def test_outcomes_as_forecast_and_outcomes_of_other_plays_move_nothing() -> None:
    row = {"partner_id": "p1"}
    assert _gains(row, record=_record(6, 20)).p_with[0, FIRST] == _gains(row).p_with[0, FIRST]
    other = _gains(row, record=_record(15, 20)).p_with
    assert np.array_equal(np.delete(other, FIRST, axis=1), np.delete(_gains(row).p_with, FIRST, axis=1))


def test_two_cases_move_less_than_twenty() -> None:
    row = {"partner_id": "p1"}
    few, many = (_gains(row, record=_record(cases, cases)).p_with[0, FIRST] for cases in (2, 20))
    assert _gains(row).p_with[0, FIRST] < few < many
