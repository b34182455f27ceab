"""Drop-off risk: recency and frequency against the partner's own rhythm."""

from typing import Any

import polars as pl

from nextplay.decisions.drop_off import drop_off_risk
from tests.stories import signals

SELLS = {"selling_90": 3, "selling_180": 6, "days_in_program": 400, "silence": 0.5}


def _risks(*rows: dict[str, Any]) -> dict[str, float | None]:
    return dict(drop_off_risk(signals(*rows)).select("partner_id", "drop_off_risk").iter_rows())


def test_only_who_sold_in_ninety_days_can_drop_off() -> None:
    risks = _risks({"partner_id": "sells", **SELLS}, {"partner_id": "silent", "selling_180": 4}, {"partner_id": "never"})
    assert risks["sells"] is not None
    assert (risks["silent"], risks["never"]) == (None, None)


def test_more_frequent_sellers_drop_off_less() -> None:
    risks = _risks({"partner_id": "a", **SELLS}, {"partner_id": "b", **SELLS, "selling_90": 9, "selling_180": 18})
    assert (risks["b"] or 1) < (risks["a"] or 0)


def test_silence_beyond_the_own_rhythm_raises_the_risk() -> None:
    risks = _risks({"partner_id": "a", **SELLS}, {"partner_id": "b", **SELLS, "silence": 3.0})
    assert (risks["b"] or 0) > 2 * (risks["a"] or 1)


def test_recent_events_weigh_more_than_older_ones() -> None:
    risks = _risks(
        {"partner_id": "rising", **SELLS, "selling_90": 5, "selling_180": 6},
        {"partner_id": "fading", **SELLS, "selling_90": 1, "selling_180": 6},
    )
    assert (risks["rising"] or 1) < (risks["fading"] or 0)


def test_risk_stays_a_chance_at_the_edges() -> None:
    risks = drop_off_risk(
        signals(
            {"partner_id": "a", "selling_90": 9000, "selling_180": 9000, "days_in_program": 1, "silence": 0.0},
            {"partner_id": "b", "selling_90": 1, "selling_180": 1, "days_in_program": 9000, "silence": 900.0},
        )
    )["drop_off_risk"]
    assert risks.is_between(0, 1).all()


def test_logins_do_not_move_the_risk() -> None:
    risks = _risks({"partner_id": "a", **SELLS}, {"partner_id": "b", **SELLS, "portal_login_90": 90, "badges_180": 99})
    assert risks["a"] == risks["b"]


def test_an_empty_program_has_no_risks() -> None:
    assert drop_off_risk(signals().clear())["drop_off_risk"].dtype == pl.Float64
