"""What holds for the cards: which can be chosen, what is disjoint, what is made of what, and when a tone is not given."""

from datetime import date
from typing import Any

import ibis
import polars as pl
import pytest

from nextplay.facts.scope import Reach
from nextplay.intelligence.cards import KNOWN
from nextplay.intelligence.deal_metrics import three_digits
from nextplay.intelligence.settled import Settled
from nextplay.intelligence.tiles import ExecutiveDashboard, MetricCard
from nextplay.intelligence.waits import survival
from nextplay.intelligence.windows import clock_of
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from nextplay.program.load import default_program
from tests.intelligence.conftest import TODAY

LATELY = TODAY.replace(hour=9)
FILTERS: tuple[dict[str, Any], ...] = ({}, {"segment": "Growth"}, {"segment": "Growth", "tier": "Gold"}, {"period_days": None})


def shown(installation: Installation, **asked: Any) -> ExecutiveDashboard:
    return show_executive(installation, OPERATOR, now=LATELY, **asked)


def cards(installation: Installation, **asked: Any) -> dict[str, MetricCard]:
    return {card.metric: card for card in shown(installation, **asked).cards}


def test_at_least_fourteen_cards_can_be_chosen_and_about_eight_are_shown(embedded: Installation) -> None:
    found = cards(embedded)
    assert set(found) == set(KNOWN)
    assert len(found) >= 14
    assert sum(card.shown for card in found.values()) == 8


def test_every_card_says_what_it_counts_and_why_it_has_its_tone(embedded: Installation) -> None:
    for card in shown(embedded).cards:
        assert card.definition.endswith("."), card.metric
        assert card.why_tone, card.metric
        assert card.description, card.metric


@pytest.mark.parametrize("asked", FILTERS)
@pytest.mark.parametrize("sourced", ["partner_or_unlabelled", "partner_only"])
def test_sourced_influenced_and_co_sell_are_disjoint(embedded: Installation, asked: dict[str, Any], sourced: str) -> None:
    found = cards(embedded, sourced=sourced, **asked)
    parts = sum(found[name].value or 0 for name in ("sourced_pipeline", "influenced_pipeline", "co_sell_pipeline"))
    whole = found["open_pipeline"].value or 0
    # Unlabelled deals are in none of them where the definition leaves them out.
    assert parts == pytest.approx(whole) if sourced == "partner_or_unlabelled" else parts < whole


@pytest.mark.parametrize("asked", FILTERS)
def test_velocity_is_its_four_parts(embedded: Installation, asked: dict[str, Any]) -> None:
    found = cards(embedded, **asked)["velocity"]
    deals, rate, size, days = (part.value or 0 for part in found.parts)
    assert found.value == pytest.approx(deals * rate * size / days)


@pytest.mark.parametrize("asked", FILTERS)
def test_a_rate_is_its_numerator_over_its_denominator(embedded: Installation, asked: dict[str, Any]) -> None:
    for name in ("win_rate", "active_rate", "activation_rate", "commitments_kept", "average_deal_size"):
        card = cards(embedded, **asked)[name]
        assert card.value == pytest.approx((card.numerator or 0) / (card.denominator or 1)), name


@pytest.mark.parametrize("asked", FILTERS)
def test_a_rate_under_five_cases_must_not_have_a_color(embedded: Installation, asked: dict[str, Any]) -> None:
    for card in shown(embedded, **asked).cards:
        few = card.denominator is not None and card.denominator < 5
        assert card.enough_cases is not few, card.metric
        assert not few or card.tone in ("blue", "purple"), card.metric


def test_tiers_partition_what_can_be_added(embedded: Installation) -> None:
    whole = cards(embedded, segment="Growth")
    parts = [cards(embedded, segment="Growth", tier=tier) for tier in ("Gold", "Silver")]
    for name in ("open_deals", "sourced_pipeline", "influenced_pipeline", "co_sell_pipeline"):
        assert whole[name].value == pytest.approx(sum(part[name].value or 0 for part in parts)), name
    for name in (
        "active_rate",
        "activation_rate",
        "average_deal_size",
        "median_deal_size",
        "sales_cycle",
        "time_to_first_deal",
    ):
        assert whole[name].denominator == sum(part[name].denominator or 0 for part in parts), name


def test_an_unknown_day_must_not_count_in_a_period(embedded: Installation) -> None:
    lately, ever = cards(embedded), cards(embedded, period_days=None)
    for name in ("new_pipeline", "win_rate", "average_deal_size"):
        assert sum(rows for what, rows in lately[name].left_out if "day" in what) > 0, name
        assert all("day" not in what for what, _ in ever[name].left_out), name


def test_past_a_target_coverage_is_its_multiple_and_without_one_not_known(embedded: Installation) -> None:
    card = cards(embedded)["pipeline_coverage"]
    assert (card.value, card.tone, card.why_tone) == (None, "blue", "The program sets no target for this group.")


def test_both_engines_agree_on_every_card(small: Installation, embedded: Installation) -> None:
    for asked in (*FILTERS[:3], {"as_of": date(2026, 6, 30)}):
        assert shown(small, **asked).cards == shown(embedded, **asked).cards


def test_decisions_kept_counts_those_of_the_filter_and_the_period(embedded: Installation) -> None:
    at = TODAY.replace(tzinfo=None)
    growth = next(iter(_ids(embedded, "Growth")))
    other = next(iter(_ids(embedded, "Emerging")))
    settled = (
        *[Settled(growth, at.replace(day=day), met=day < 5) for day in range(1, 7)],
        Settled(other, at.replace(day=2), met=False),
        Settled(growth, at.replace(year=2025), met=False),
    )
    found = cards(embedded, settled=settled)["decisions_kept"]
    assert (found.numerator, found.denominator, found.tone) == (4, 7, "purple")
    assert cards(embedded, settled=settled, segment="Growth")["decisions_kept"].denominator == 6


def test_without_a_settled_decision_nothing_is_kept_or_broken(embedded: Installation) -> None:
    assert cards(embedded)["decisions_kept"].value is None


def _ids(installation: Installation, segment: str) -> pl.Series:
    facts = installation.facts(TODAY.date(), reach=Reach(), segment=segment)
    return installation.warehouse.read(facts.partners[["partner_id"]])["partner_id"]


def test_what_waits_is_counted_up_to_the_end_of_each_window() -> None:
    clock = clock_of(TODAY.date(), 90)
    names = {window.name: 0 for window in clock.all}
    rows = [
        {"kind": "waiting", "length": 100, **names, "now": 4, "before": 1},
        {"kind": "reached", "length": 30, **names, "now": 6},
    ]
    counts = pl.DataFrame(rows)
    now = survival(counts, clock.now, clock)
    assert (now.median, now.cases, now.happened, now.watched) == (30, 10, 6, 100)
    assert clock.before is not None
    assert survival(counts, clock.before, clock).watched == 10


def test_three_digits_are_as_fine_as_a_card_shows(embedded: Installation) -> None:
    deals = embedded.facts(TODAY.date(), reach=Reach()).deals
    many = deals.cross_join(ibis.range(9).unnest().name("power").as_table())
    value = (many.value * ibis.literal(10).pow(many.power)).cast("decimal(18, 2)")
    frame = embedded.warehouse.read(many.filter(value.notnull()).select(amount=value, rounded=three_digits(value)))
    assert frame.height > 1000
    for amount, rounded in frame.iter_rows():
        assert abs(rounded - float(amount)) <= max(float(amount) * 0.005, 0.5) + 1e-9


def test_the_default_program_names_no_card_that_is_not_measured() -> None:
    assert {card.metric for card in default_program().cards} <= set(KNOWN)
