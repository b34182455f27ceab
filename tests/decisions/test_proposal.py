"""Decisions as a frame are the decisions themselves."""

from dataclasses import replace
from datetime import date

import polars as pl

from nextplay.decisions.proposal import Alternative, Decision, Decisions, Evidence, OutcomePredicate

DAY = date(2026, 3, 1)
OUTCOME = OutcomePredicate("A deal", {"event": "activity", "kinds": ["deal_registered"], "window_days": 60}, date(2026, 4, 30))
EVIDENCE = (
    Evidence("selling_90", 3, 90, '3 "selling" events', "for"),
    Evidence("lead_seller", "Zoë", None),
    Evidence("drop_off_risk", None),
    Evidence("typical_deal", 0.1 + 0.2),
)
ONE = Decision(
    decision_id="d1",
    partner_id="p1",
    verdict="invest",
    play="reactivation",
    step="Call",
    owner="Ana@x",
    hours=4.5,
    due=DAY,
    outcome=OUTCOME,
    probability=0.3,
    probability_without=0.1,
    expected_gain=12.34,
    why="Because.",
    evidence=EVIDENCE,
    alternatives=(Alternative("refresher", 1 / 3),),
)
OTHER = replace(ONE, decision_id="d2", owner="ben@x", exploration=True, propensity=0.25, evidence=(), alternatives=())


def test_what_goes_in_comes_out_to_the_last_digit_and_in_order() -> None:
    kept = Decisions.of(iter([ONE, OTHER]))
    assert list(kept) == [ONE, OTHER]
    assert (kept[0], kept[-1], list(kept[1:]), len(kept)) == (ONE, OTHER, [OTHER], 2)
    assert kept == Decisions.of([ONE, OTHER]) != Decisions.of([OTHER, ONE])
    assert not Decisions.of([])


def test_some_are_found_without_looking_at_the_others() -> None:
    kept = Decisions.of([ONE, OTHER])
    assert list(kept.where(pl.col("owner").str.to_lowercase() == "ana@x")) == [ONE]
    assert kept.ids == {"d1", "d2"}
