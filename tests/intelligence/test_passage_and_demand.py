"""How partners pass from step to step, where demand exceeds cover, and industries in comparable order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nextplay.home import create_home
from nextplay.intelligence.bars import comparable
from nextplay.intelligence.lifecycle_tiles import DemandGap, LifecycleDashboard, PassageStep
from nextplay.intelligence.passage import NO_DAY, TOO_EARLY
from nextplay.intelligence.tiles import BarRow, BarTile
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from tests.conftest import MOMENT
from tests.intelligence.drawn import TODAY
from tests.stories import activity, deal, load, partner

PROGRAM = "currency: USD\nicp: {verticals: {Retail: 1, Energy: 1}}\n"


def ago(days: int) -> datetime:
    return TODAY - timedelta(days=days)


@pytest.fixture
def told(installation: Installation) -> LifecycleDashboard:
    """Partners on their way, and customers who ask for what few cover."""
    installation.home.program_file.write_text(PROGRAM, encoding="utf-8")
    people = [
        partner("quick", applied_at=ago(100), signed_at=ago(90), verticals=["Retail"]),
        partner("slow", applied_at=ago(100), signed_at=ago(60), verticals=["Retail", "Retail"]),
        partner("waits", applied_at=ago(70), lifecycle_stage="applied"),
        partner("fresh", applied_at=ago(3), lifecycle_stage="applied"),
        partner("left", applied_at=ago(80), ended_at=ago(20), lifecycle_stage="inactive"),
        partner("untold", applied_at=ago(80), onboarded_at=ago(10)),
        partner("odd", applied_at=ago(20), signed_at=ago(40)),
        partner("idle", verticals=["Energy"]),
    ]
    sales = [
        deal("retail", "quick", ago(30), amount=Decimal(100), industry="retail "),
        deal("energy", "slow", ago(30), amount=Decimal(700), industry="Energy"),
        deal("written", "slow", ago(30), amount=Decimal(200), industry=" ENERGY"),
        deal("odd", "slow", ago(30), amount=Decimal(5000), industry="Nobody sells there"),
        deal("nowhere", "slow", ago(30), amount=Decimal(50)),
        deal("won", "slow", ago(30), amount=Decimal(70_000), industry="Energy", stage="won", closed_at=ago(5)),
    ]
    load(installation.warehouse, "partners", *people)
    load(installation.warehouse, "deals", *sales)
    load(installation.warehouse, "activities", activity("quick", "deal_registered", ago(5)))
    return show_lifecycle(installation, OPERATOR, now=MOMENT)


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """No facts."""
    opened = Installation(create_home(tmp_path_factory.mktemp("empty") / "home"))
    yield opened
    opened.warehouse.close()


def step(told: LifecycleDashboard, name: str) -> PassageStep:
    return next(each for each in told.passage.steps if each.name == name)


def gap(told: LifecycleDashboard, label: str) -> DemandGap | None:
    return next((each for each in told.gaps.rows if each.label == label), None)


def test_who_took_a_step_who_left_and_who_waits_are_told_apart(told: LifecycleDashboard) -> None:
    signed = step(told, "signed")
    assert (signed.began, signed.reached, signed.left, signed.waiting) == (5, 2, 1, 2)
    assert signed.began == signed.reached + signed.left + signed.waiting
    assert signed.rate == pytest.approx(2 / 5)


def test_half_take_a_step_by_the_days_of_the_curve_and_not_of_those_who_took_it(told: LifecycleDashboard) -> None:
    # Waiting counts to the end of the day. After 10 days 3 of the 4 still watched wait, after 40 days 2 of these 3: half.
    assert step(told, "signed").median_days == 40
    assert step(told, "signed").longest_wait == 71


def test_only_who_waits_longer_than_half_take_is_overdue(told: LifecycleDashboard) -> None:
    assert step(told, "signed").overdue == 1
    assert told.passage.finding.startswith("Most pile up between applied and signed: 1 partner has waited there longer than")


def test_a_day_that_is_not_known_and_one_before_its_start_must_not_count(told: LifecycleDashboard) -> None:
    assert dict(step(told, "signed").left_out) == {NO_DAY: 1, TOO_EARLY: 1}


def test_a_step_that_nobody_is_known_to_have_taken_must_not_be_called_a_pile(told: LifecycleDashboard) -> None:
    onboarded = step(told, "onboarded")
    assert onboarded.reached == 0
    assert onboarded.median_days is None
    assert "onboarded" not in told.passage.finding


def test_a_gap_is_demand_less_cover_by_active_partners(told: LifecycleDashboard) -> None:
    energy = gap(told, "Energy")
    assert energy is not None
    # Nine tenths of the pipeline that can be placed, however it is written, half of the weight; its only partner is not active.
    assert energy.demand == pytest.approx((0.9 + 0.5) / 2)
    assert (energy.pipeline, energy.partners, energy.active) == (900, 1, 0)
    assert energy.gap == energy.demand
    assert "Energy has 70% of the demand" in told.gaps.finding


def test_what_is_covered_more_than_wanted_must_not_be_a_gap(told: LifecycleDashboard) -> None:
    assert gap(told, "Retail") is None


def test_a_name_that_no_partner_and_no_profile_knows_must_not_be_demand(told: LifecycleDashboard) -> None:
    assert gap(told, "Nobody sells there") is None


def test_open_deals_without_an_industry_are_counted_and_closed_ones_are_not(told: LifecycleDashboard) -> None:
    left = {covered: number for covered, _, number in told.gaps.left_out}
    assert left["verticals"] == 1
    assert left["regions"] == 5


def test_without_facts_there_is_no_pile_and_no_gap(empty: Installation) -> None:
    found = show_lifecycle(empty, OPERATOR, now=MOMENT)
    assert found.passage.finding == found.gaps.finding == ""
    assert all((each.began, each.median_days) == (0, None) for each in found.passage.steps)


def tile(name: str, **values: float) -> BarTile:
    """Bars longest first."""
    total = sum(values.values())
    ordered = sorted(values, key=lambda key: -values[key])
    rows = tuple(BarRow(key, key, values[key], 1, values[key] / total, None) for key in ordered)
    more: dict[str, Any] = {"finding": "", "unit": "money", "total": total, "count": len(rows), "axis": "", "left_out": ()}
    return BarTile(name=name, title=name, rows=rows, **more)


def test_both_tiles_show_the_same_industries_in_the_order_of_the_larger_share() -> None:
    revenue, pipeline = comparable(tile("r", Retail=60, Energy=30, Health=10), tile("p", Mining=800, Energy=200), {})
    keys = [row.key for row in revenue.rows]
    assert keys == [row.key for row in pipeline.rows] == ["Mining", "Retail", "Energy", "Health"]


def test_an_industry_that_one_tile_lacks_is_nothing_there_and_adds_nothing() -> None:
    revenue, pipeline = comparable(tile("r", Retail=60, Energy=30), tile("p", Mining=800), {"Retail": "3 of 4 won"})
    mining, retail = revenue.rows[0], pipeline.rows[1]
    assert (mining.value, mining.count, mining.share) == (0, 0, 0)
    assert (retail.value, retail.detail) == (0, "3 of 4 won")
    assert sum(row.value for row in revenue.rows) == revenue.total == 90


def test_the_order_must_not_depend_on_which_tile_comes_first() -> None:
    one, other = tile("r", Retail=50, Energy=50), tile("p", Energy=1, Health=1)
    orders = [[row.key for row in first.rows] for first, _ in (comparable(one, other, {}), comparable(other, one, {}))]
    assert orders[0] == orders[1] == ["Energy", "Health", "Retail"]


def test_a_tile_without_any_row_must_not_be_filled_with_empty_bars() -> None:
    revenue, pipeline = comparable(tile("r"), tile("p", Energy=1), {})
    assert revenue.rows == ()
    assert [row.key for row in pipeline.rows] == ["Energy"]
