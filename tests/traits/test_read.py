"""The six traits: known or not, what they rest on, and where they are heading."""

from typing import Any

import polars as pl

from nextplay.traits.read import TRAITS, read_traits, readings
from tests.stories import signals


def _trait(name: str, **row: Any) -> float | None:
    value: float | None = read_traits(signals({"partner_id": "p1", **row}))[name].item()
    return value


def test_there_are_six_and_each_says_what_it_rests_on() -> None:
    assert len(TRAITS) == 6
    for trait in TRAITS:
        assert set(trait.score.meta.root_names()) <= {*trait.rests_on, "outreach_replied_180", "narrative_shared_180"}


def test_what_is_not_known_yet_is_null_and_never_fifty() -> None:
    row = read_traits(signals({"partner_id": "p1", "days_in_program": 5})).row(0, named=True)
    assert [row[trait.name] for trait in TRAITS] == [None] * 6


def test_one_promise_is_too_few_to_judge_and_two_are_enough() -> None:
    assert _trait("keeps_commitments", commitment_met_270=1) is None
    assert _trait("keeps_commitments", commitment_met_270=2) == 72.7


def test_keeping_promises_lifts_and_missing_them_lowers() -> None:
    kept, mixed, missed = (
        _trait("keeps_commitments", commitment_met_270=met, commitment_missed_270=8 - met) for met in (8, 4, 0)
    )
    assert (kept, mixed, missed) == (88.5, 50.0, 11.5)


def test_one_selling_event_a_month_is_about_the_middle() -> None:
    assert 45 < (_trait("keeps_selling", selling_90=3, selling_180=6) or 0) < 55


def test_silence_is_low_once_there_was_time_to_sell() -> None:
    assert (_trait("keeps_selling", days_in_program=200) or 100) < 5


def test_a_seller_without_a_sign_of_life_is_worth_less_than_an_active_one() -> None:
    named = _trait("has_a_named_seller", contacts=2, sellers=1)
    active = _trait("has_a_named_seller", contacts=2, sellers=1, sellers_active_60=1)
    assert (named, active) == (40.0, 85.0)


def test_slow_answers_halve_the_score_each_week() -> None:
    assert _trait("answers_fast", proposals_180=4, response_days=7.0) == 50.0
    assert _trait("answers_fast", proposals_180=4, response_days=14.0) == 25.0


def test_lists_and_outreach_are_not_known_of_a_partner_nobody_works_with() -> None:
    assert _trait("builds_lists_and_outreach") is None
    assert (_trait("builds_lists_and_outreach", target_list_shared_90=3, target_list_shared_180=3) or 0) > 40


def test_replies_and_narratives_speak_and_messages_without_replies_do_not() -> None:
    spoken = _trait("speaks_in_own_words", outreach_sent_180=8, outreach_replied_180=4) or 0
    ignored = _trait("speaks_in_own_words", outreach_sent_180=8) or 100
    assert spoken > 40 > ignored


def test_a_change_within_noise_is_steady_and_a_clear_one_has_a_direction() -> None:
    before = signals({"partner_id": "p1", "commitment_met_270": 4, "commitment_missed_270": 4})
    same = signals({"partner_id": "p1", "commitment_met_270": 5, "commitment_missed_270": 5})
    worse = signals({"partner_id": "p1", "commitment_met_270": 4, "commitment_missed_270": 9})
    [steady] = [one for one in readings(same, before, "p1") if one.trait == "keeps_commitments"]
    [fading] = [one for one in readings(worse, before, "p1") if one.trait == "keeps_commitments"]
    assert (steady.trend, fading.trend) == ("steady", "fading")
    assert fading.evidence == (("commitment_met_270", 4), ("commitment_missed_270", 9))


def test_a_trait_known_only_since_lately_is_new_and_an_unknown_one_has_no_trend() -> None:
    before, now = signals({"partner_id": "p1"}), signals({"partner_id": "p1", "commitment_met_270": 3})
    trends = {one.trait: (one.trend, one.change) for one in readings(now, before, "p1")}
    assert trends["keeps_commitments"] == ("new", None)
    assert trends["answers_fast"] == ("not known", None)


def test_a_partner_that_is_nowhere_has_no_traits() -> None:
    assert readings(signals({"partner_id": "p1"}), signals({"partner_id": "p1"}), "p2") == ()


def test_traits_come_in_the_order_of_the_partners() -> None:
    frame = signals({"partner_id": "b"}, {"partner_id": "a"})
    assert read_traits(frame)["partner_id"].equals(pl.Series("partner_id", ["a", "b"]))
