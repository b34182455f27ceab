"""The sample program: repeatable, inside the contract, and with the stories that matter in its figures."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from nextplay.facts.contract import ACTIVITY_KINDS, BY_NAME, DEAL_STAGES, SELLING_KINDS
from nextplay.facts.sample.archetypes import NAMES, column
from nextplay.facts.sample.program import SEED, sample_facts
from nextplay.facts.sample.roster import call_roster

TODAY = date(2026, 11, 9)


@pytest.fixture(scope="module")
def facts() -> dict[str, pl.DataFrame]:
    return sample_facts(today=TODAY)


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    roster = call_roster(TODAY, SEED)
    return pl.DataFrame({"partner_id": roster.partner_id, "story": [NAMES[place] for place in roster.archetype]})


def test_the_same_day_and_seed_give_the_same_rows(facts: dict[str, pl.DataFrame]) -> None:
    again = sample_facts(today=TODAY)
    assert all(frame.equals(again[name]) for name, frame in facts.items())


def test_another_seed_gives_another_program(facts: dict[str, pl.DataFrame]) -> None:
    assert not sample_facts(today=TODAY, seed=7)["deals"].equals(facts["deals"])


@pytest.mark.parametrize("name", list(BY_NAME))
def test_tables_have_the_columns_of_the_contract_and_unique_keys(facts: dict[str, pl.DataFrame], name: str) -> None:
    table = BY_NAME[name]
    assert set(facts[name].columns) == {column.name for column in table.columns}
    assert facts[name][table.key].is_unique().all()
    assert not any(facts[name][column.name].null_count() for column in table.columns if column.required)


def test_nothing_happens_on_the_day_itself_or_later(facts: dict[str, pl.DataFrame]) -> None:
    midnight = datetime(2026, 11, 9)
    for name, table in BY_NAME.items():
        for moment in table.happened:
            assert facts[name].filter(pl.col(moment) >= midnight).is_empty(), f"{name}.{moment}"


def test_only_words_of_the_contract_occur(facts: dict[str, pl.DataFrame]) -> None:
    assert set(facts["activities"]["kind"]) <= set(ACTIVITY_KINDS)
    assert set(facts["deals"]["stage"]) == set(DEAL_STAGES)


def test_no_row_names_a_partner_or_customer_that_is_not_there(facts: dict[str, pl.DataFrame]) -> None:
    partners = facts["partners"]
    for name in ("contacts", "deals", "revenue", "activities", "documents"):
        rows = facts[name].filter(pl.col("partner_id").is_not_null())
        assert rows.join(partners, on="partner_id", how="anti").is_empty()
    assert facts["deals"].join(facts["accounts"], on="account", how="anti").is_empty()


def test_sizes_are_those_of_a_real_program(facts: dict[str, pl.DataFrame]) -> None:
    rows = {name: frame.height for name, frame in facts.items()}
    assert 180 <= rows["partners"] <= 200
    assert 900 <= rows["deals"] <= 1500
    assert 12_000 <= rows["activities"] <= 20_000
    assert 350 <= rows["documents"] <= 500


def test_names_are_not_given_twice_and_no_slot_stays_open(facts: dict[str, pl.DataFrame]) -> None:
    assert facts["partners"]["name"].is_unique().all()
    assert not facts["documents"]["text"].str.contains(r"[{}]").any()


def test_badge_collectors_learn_more_and_sell_less_than_the_quiet_ones(
    facts: dict[str, pl.DataFrame], told: pl.DataFrame
) -> None:
    by_story = facts["activities"].join(told, on="partner_id").group_by("story", "kind").len()
    count = {(story, kind): number for story, kind, number in by_story.iter_rows()}
    assert count["badge_collector", "webinar_attended"] > 5 * count.get(("quiet_but_reliable", "webinar_attended"), 1)
    selling = {
        story: sum(count.get((story, kind), 0) for kind in SELLING_KINDS) for story in ("badge_collector", "quiet_but_reliable")
    }
    assert selling["quiet_but_reliable"] > 10 * selling["badge_collector"]


def test_small_ones_rise_and_big_ones_fade(facts: dict[str, pl.DataFrame], told: pl.DataFrame) -> None:
    half = datetime(2026, 11, 9) - timedelta(days=365)
    deals = facts["deals"].join(told, on="partner_id").with_columns(late=pl.col("opened_at") >= half)
    counts = {(story, late): number for story, late, number in deals.group_by("story", "late").len().iter_rows()}
    assert counts["small_but_rising", True] > 2 * counts["small_but_rising", False]
    assert counts["big_but_fading", False] > 2 * counts["big_but_fading", True]


def test_no_deal_is_opened_by_a_partner_whose_sponsor_left(facts: dict[str, pl.DataFrame], told: pl.DataFrame) -> None:
    lately = datetime(2026, 11, 9) - timedelta(days=90)
    rows = facts["deals"].join(told.filter(story="sponsor_left"), on="partner_id")
    assert not rows.is_empty()
    assert rows.filter(pl.col("opened_at") >= lately).is_empty()


def test_changes_lead_to_the_stage_that_a_deal_has_now(facts: dict[str, pl.DataFrame]) -> None:
    last = facts["changes"].filter(field="stage").sort("changed_at").group_by("entity_id").last()
    now = last.join(facts["deals"], left_on="entity_id", right_on="deal_id")
    assert now.height > 500
    assert (now["new"] == now["stage"]).all()


def test_there_are_gaps_for_the_readiness_report_to_find(facts: dict[str, pl.DataFrame]) -> None:
    assert facts["partners"]["manager_email"].null_count() > 0
    assert facts["deals"]["amount"].null_count() > 0
    assert facts["deals"]["industry"].null_count() > 0


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(KeyError):
        column("charm")
