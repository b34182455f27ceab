"""Tiers beside each other, and partner deals beside direct ones."""

from typing import Any

import pytest

from nextplay.intelligence.direct import finding
from nextplay.intelligence.tiles import Benchmark, BenchmarkRow, Cell, DirectComparison
from nextplay.operations.installation import Installation
from tests.intelligence.test_dashboards import ANA, BEN, CLEO, card, shown


def compared(installation: Installation, **asked: Any) -> Benchmark:
    found = shown(installation, **asked).benchmark
    assert found is not None
    return found


def row(found: Benchmark | DirectComparison, metric: str) -> BenchmarkRow:
    return next(one for one in found.rows if one.metric == metric)


def test_segments_stand_beside_each_other_and_inside_one_its_tiers(embedded: Installation) -> None:
    everyone, growth = compared(embedded), compared(embedded, segment="Growth")
    assert (everyone.groups_are, [group.value for group in everyone.groups]) == ("segment", ["Growth", "Emerging", "Unlisted"])
    assert (growth.groups_are, [group.value for group in growth.groups]) == ("tier", ["Gold", "Silver"])
    assert shown(embedded, segment="Emerging").benchmark is None


def test_choosing_a_tier_keeps_it_beside_the_others(embedded: Installation) -> None:
    assert compared(embedded, segment="Growth", tier="Gold") == compared(embedded, segment="Growth")


@pytest.mark.parametrize("metric", ["partners", "active_partners", "win_rate", "commitments_kept", "time_to_first_deal"])
def test_a_cell_is_the_card_of_its_group(embedded: Installation, metric: str) -> None:
    for place, group in enumerate(compared(embedded, segment="Growth").groups):
        own = card(shown(embedded, segment="Growth", tier=group.value), metric)
        cell = row(compared(embedded, segment="Growth"), metric).cells[place]
        assert (cell.value, cell.numerator, cell.denominator) == (own.value, own.numerator, own.denominator)
        assert cell.enough_cases == own.enough_cases


@pytest.mark.parametrize("metric", ["open_pipeline", "new_pipeline", "revenue"])
def test_money_is_per_partner(embedded: Installation, metric: str) -> None:
    found = compared(embedded)
    for group, cell in zip(found.groups, row(found, metric).cells, strict=True):
        total = card(shown(embedded, segment=group.value), metric).value
        assert total is not None
        assert cell.value is not None
        assert cell.value * group.partners == pytest.approx(total)
    assert row(found, metric).label.endswith("per partner")


def test_partner_and_direct_deals_are_all_deals_that_closed(small: Installation) -> None:
    found = shown(small).direct
    assert found is not None
    assert found.deals == card(shown(small), "win_rate").denominator
    assert row(found, "win_rate").cells[0].value == card(shown(small), "win_rate").value
    whole = shown(small, period_days=None).direct
    assert whole is not None
    assert whole.direct_deals > found.direct_deals > 0


def test_direct_deals_are_the_same_under_every_filter(embedded: Installation) -> None:
    everyone, growth = shown(embedded).direct, shown(embedded, segment="Growth").direct
    assert everyone is not None
    assert growth is not None
    assert growth.direct_deals == everyone.direct_deals
    assert growth.deals < everyone.deals


def test_who_sees_only_their_own_sees_no_direct_deals(embedded: Installation) -> None:
    assert shown(embedded, BEN).direct is not None
    assert shown(embedded, CLEO).direct is None
    assert shown(embedded, CLEO).benchmark is None
    assert shown(embedded, ANA).direct is None


def test_a_difference_is_said_only_where_it_is_clear_and_never_as_an_effect() -> None:
    many, fewer, few = Cell(0.4, 80, 200), Cell(0.2, 40, 200), Cell(1.0, 4, 4)
    assert finding(many, fewer) == "Partner deals are won more often: 40% against 20% of direct ones."
    assert finding(many, many) == "No clear difference in win rate."
    assert "too few" in finding(few, many)
    assert all("because" not in finding(one, other) for one in (many, fewer, few) for other in (many, fewer, few))
