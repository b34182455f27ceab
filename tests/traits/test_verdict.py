"""Polite partners and badge collectors are recognized as such; no login, webinar, training or badge moves a trait."""

from typing import Any

import polars as pl
import pytest

from nextplay.facts.contract import VANITY_KINDS
from nextplay.program.plays import StopRule
from nextplay.traits.read import TRAITS, read_traits, readings
from nextplay.traits.recognized import recognized
from nextplay.traits.verdict import badges_only, polite_hope
from tests.stories import signals

POLITE = {"attention_180": 9, "days_in_program": 400, "commitment_missed_270": 3, "commitment_met_270": 1}
COLLECTOR = {"badges_180": 12, "training_completed_180": 6, "certification_earned_180": 4, "days_in_program": 400}
SELLER = {"selling_90": 3, "selling_180": 6, "selling_days": 6, "days_since_selling": 8, "days_in_program": 400,
          "commitment_met_270": 5, "contacts": 2, "sellers": 1, "sellers_active_60": 1, "proposals_180": 4,
          "response_days": 3.0}  # fmt: skip
FLOOD = {f"{kind}_{days}": 50 for kind in VANITY_KINDS for days in (30, 90, 180)} | {"badges_180": 150}


def _is(expression: pl.Expr, **row: Any) -> bool:
    frame = signals({"partner_id": "p1", **row}).with_columns(plays_missed=pl.lit(0))
    return bool(frame.select(expression).item())


@pytest.mark.parametrize("usual", [SELLER, POLITE, COLLECTOR, {}])
def test_a_flood_of_logins_webinars_trainings_and_badges_moves_no_trait(usual: dict[str, Any]) -> None:
    plain, flooded = (read_traits(signals({"partner_id": "p1", **usual, **more})) for more in ({}, FLOOD))
    assert plain.equals(flooded)


def test_who_attends_and_keeps_nothing_is_polite_and_sells_nothing_by_its_traits() -> None:
    assert _is(polite_hope(StopRule()), **POLITE)
    scores = read_traits(signals({"partner_id": "p1", **POLITE})).row(0, named=True)
    assert scores["keeps_selling"] < 10
    assert scores["keeps_commitments"] < 50


@pytest.mark.parametrize(
    "saved",
    [
        {"selling_180": 1},
        {"attention_180": 5},
        {"days_in_program": 90},
        {"commitment_met_270": 4},
        {"commitment_missed_270": 1},
    ],
)
def test_one_thing_that_speaks_for_a_partner_keeps_it_from_being_called_polite(saved: dict[str, int]) -> None:
    assert not _is(polite_hope(StopRule()), **POLITE | saved)


def test_who_only_collects_is_recognized_until_it_sells_or_takes_a_step() -> None:
    assert _is(badges_only(), **COLLECTOR)
    for saved in ({"selling_days": 1}, {"will_180": 1}, {"badges_180": 2}):
        assert not _is(badges_only(), **COLLECTOR | saved)


def test_every_trait_is_told_with_its_evidence_and_its_change_over_thirty_days() -> None:
    now, before = (
        signals({"partner_id": "p1", **SELLER}),
        signals({"partner_id": "p1", **SELLER, "selling_90": 1, "selling_180": 2}),
    )
    told = {one.trait: one for one in readings(now, before, "p1")}
    assert set(told) == {trait.name for trait in TRAITS}
    for trait in TRAITS:
        assert [name for name, _ in told[trait.name].evidence] == list(trait.rests_on)
    assert told["keeps_selling"].trend == "growing"
    assert (told["keeps_selling"].change or 0) > 5
    assert told["keeps_commitments"].trend == "steady"


def test_who_many_badges_and_no_deal_or_kept_promise_has_is_named_so_with_the_counts() -> None:
    frame = signals({"partner_id": "p1", **COLLECTOR, "badges_180": 40, "commitment_missed_270": 2})
    known = recognized(frame, StopRule(), 0)
    assert known is not None
    assert (known.kind, known.label) == ("collects_badges", "Collects badges")
    assert known.why == (
        "40 logins, trainings, certifications and webinars in 180 days; nothing sold in 400 days in the program, "
        "0 of 2 commitments kept."
    )


@pytest.mark.parametrize(
    "saved", [{"selling_days": 1}, {"commitment_met_270": 1}, {"badges_180": 11}, {"days_in_program": 100}]
)
def test_a_deal_or_a_kept_promise_keeps_from_being_called_a_badge_collector(saved: dict[str, int]) -> None:
    assert recognized(signals({"partner_id": "p1", **COLLECTOR, **saved}), StopRule(), 0) is None


def test_who_attends_and_keeps_nothing_is_named_polite_with_the_counts() -> None:
    known = recognized(signals({"partner_id": "p1", **POLITE}), StopRule(), 0)
    assert known is not None
    assert known.label == "Polite, does not sell"
    assert "9 meetings and webinars in 180 days, nothing sold in them; 1 of 4 commitments kept" in known.why
    assert recognized(signals({"partner_id": "p1", **SELLER}), StopRule(), 5) is None
