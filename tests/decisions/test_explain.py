"""The sentence: every number in it stands in the decision, and every number of the evidence in the facts."""

import re

import polars as pl
import pytest

from nextplay.decisions.proposal import Decision
from nextplay.program.definition import Program
from tests.decisions.boards import PROMISING, SIZED, decide, past


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def _known(decision: Decision) -> set[str]:
    """Every number the decision holds, as the sentence writes numbers."""
    values = [one.value for one in decision.evidence if isinstance(one.value, int | float)]
    shares = [100 * share for share in (decision.probability, decision.probability_without)]
    shares += [100 * value for value in values if 0 < value < 1]
    whole = [*values, *shares, decision.hours, decision.expected_gain, decision.due.day, decision.due.year]
    whole += [sum(one.value for one in decision.evidence if one.signal in ("commitment_met_270", "commitment_missed_270"))]  # type: ignore[misc]
    windows = [one.window_days for one in decision.evidence if one.window_days]
    text = {f"{number:,.0f}" for number in [*whole, *windows]} | {f"{number:.1f}" for number in values}
    return text | {f"{number:g}" for number in values} | {str(decision.due.year), "45", "60"}


def test_every_number_of_the_sentence_is_in_the_decision(program: Program) -> None:
    rows = [
        {"partner_id": "a", **PROMISING, **SIZED, "commitment_met_270": 5, "commitment_missed_270": 1},
        {
            "partner_id": "b",
            **SIZED,
            "ripe_deals_365": 9,
            "qualified_deals_365": 3,
            "days_in_program": 77,
            "proposals_180": 3,
            "response_days": 11.4,
        },
        {"partner_id": "c", **SIZED, "selling_days": 4, "days_since_selling": 171, "silence": 3.2, "customers": 3},
    ]
    for decision in decide(program, *rows).focus:
        unknown = [number for number in _numbers(decision.why) if number not in _known(decision)]
        assert unknown == [], decision.why


def test_the_sentence_names_the_partner_the_play_the_day_and_both_chances(program: Program) -> None:
    [decision] = decide(program, {"partner_id": "p1", "name": "Nordvane Systems"}).focus
    assert decision.why.startswith("Run the first selling play with Nordvane Systems by 6 April 2026")
    assert f"{100 * decision.probability:.0f}%" in decision.why
    assert f"{100 * decision.probability_without:.0f}% without" in decision.why
    assert "as the program assumes, 0 cases so far" in decision.why


def test_the_worth_is_the_product_of_the_numbers_that_the_sentence_says(program: Program) -> None:
    row = {"partner_id": "p1", **PROMISING, **SIZED, "ripe_deals_365": 12, "qualified_deals_365": 6}
    [decision] = decide(program, row).focus
    found = re.search(r"\+([\d.]+) deals x (\d+)% that qualify x ([\d,]+) USD = ([\d,]+) USD", decision.why)
    assert found is not None
    deals, share, size, gain = (float(each.replace(",", "")) for each in found.groups())
    # (6 + 4 x 10/16) / (12 + 4): the program, of this one alone, has (6 + 4) / (12 + 4)
    assert share == 53
    assert gain == round(decision.expected_gain)
    assert deals * share / 100 * size == pytest.approx(gain, abs=1)


def test_from_ten_cases_on_the_sentence_rests_on_them(program: Program) -> None:
    closed = past(partner_id="x", result="met", result_on=past().past["as_of"].item())
    frame = pl.concat([closed.past.with_columns(decision_id=pl.lit(f"d{case}")) for case in range(12)])
    from nextplay.decisions.history import History
    from nextplay.learning.record import track_record

    [decision] = decide(program, {"partner_id": "p1"}, history=History(past=frame, record=track_record(frame))).focus
    assert "(12 cases)" in decision.why
    assert "assumed" not in decision.why


def test_evidence_speaks_both_ways_and_at_most_five_words_are_shown(program: Program) -> None:
    row = {
        "partner_id": "p1",
        **PROMISING,
        **SIZED,
        "days_since_selling": 50,
        "commitment_met_270": 6,
        "lead_seller": "Runa Aske",
        "target_list_shared_90": 2,
        "outreach_replied_180": 3,
        "executive_seen_180": 1,
        "customers": 4,
    }
    [decision] = decide(program, row).focus
    shown = [one for one in decision.evidence if one.text]
    assert len(shown) <= 5
    assert {one.speaks for one in shown} == {"for", "against"}
    assert any("nothing sold for 50 days" in one.text for one in shown)


def test_nothing_is_said_that_does_not_hold(program: Program) -> None:
    [decision] = decide(program, {"partner_id": "p1"}).focus
    words = " ".join(one.text for one in decision.evidence)
    assert "commitments kept" not in words
    assert "seller named" not in words
    assert "customers won" not in words


def test_without_a_single_amount_gains_are_deals_and_never_money(program: Program) -> None:
    [decision] = decide(program, {"partner_id": "p1", "name": "Cedar"}).focus
    assert "deals, as no amounts are known, for 6 hours" in decision.why
    assert "USD" not in decision.why
    few_qualify = {"partner_id": "p1", "name": "Cedar", "ripe_deals_365": 6, "qualified_deals_365": 2}
    [told] = decide(program, few_qualify).focus
    assert re.search(r"\+[\d.]+ deals x \d\d% that qualify, as no amounts are known, for 6 hours", told.why)
    [sized] = [one for one in decide(program, {"partner_id": "p1", **SIZED}).focus if one.partner_id == "p1"]
    assert "USD for 6 hours" in sized.why
