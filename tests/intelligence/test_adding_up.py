"""What must add up for any facts: places partition every total, the effects the change, and today is now."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from nextplay.facts.scope import Reach
from nextplay.home import create_home
from nextplay.intelligence.executive import executive
from nextplay.intelligence.lifecycle import lifecycle
from nextplay.intelligence.lifecycle_tiles import LifecycleDashboard
from nextplay.intelligence.metrics import METRICS
from nextplay.intelligence.tallies import Tallies
from nextplay.intelligence.tiles import ExecutiveDashboard
from nextplay.operations.dashboards.dashboard_tallies import executive_asked, tallies_of
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from tests.intelligence.conftest import PROGRAM
from tests.intelligence.conftest import TODAY as NOW
from tests.intelligence.drawn import PLACES, TODAY, Rows, cents, facts, put

TOTALS = [metric.name for metric in METRICS if metric.made == "total"]
DIVIDED = [metric.name for metric in METRICS if metric.made in ("rate", "mean", "median", "survival")]
SEGMENTS = ("Growth", "Emerging")
# A counterexample is small as it stands: to make it smaller would take minutes.
FEW = settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def drawn_into(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose facts each example replaces."""
    opened = Installation(create_home(tmp_path_factory.mktemp("drawn") / "home"))
    opened.home.program_file.write_text(PROGRAM, encoding="utf-8")
    yield opened
    opened.warehouse.close()


def shown(installation: Installation, segment: str | None = None, tier: str | None = None) -> ExecutiveDashboard:
    return show_executive(installation, OPERATOR, now=NOW, segment=segment, tier=tier)


def profiles(installation: Installation, segment: str | None = None, tier: str | None = None) -> LifecycleDashboard:
    return show_lifecycle(installation, OPERATOR, now=NOW, segment=segment, tier=tier)


def totals(found: ExecutiveDashboard, part: str = "value") -> dict[str, Decimal]:
    """Everything on a dashboard that adds up over partners."""
    cards = {card.metric: card for card in found.cards}
    money = {name: cents(getattr(cards[name], part)) for name in TOTALS}
    cases = {f"{name} {side}": cents(getattr(cards[name], side)) for name in DIVIDED for side in ("numerator", "denominator")}
    bars = (found.pipeline_by_stage, found.pipeline_by_deal_stage, found.revenue_by_industry, found.pipeline_by_industry)
    tiles = {f"{tile.name} {row.key}": cents(row.value) for tile in bars for row in tile.rows if row.value}
    rows = {f"{tile.name} {row.key} rows": cents(row.count) for tile in bars for row in tile.rows if row.count}
    left = {f"{card.metric} {what}": cents(number) for card in cards.values() for what, number in card.left_out}
    return {key: value for key, value in {**money, **cases, **tiles, **rows, **left}.items() if value}


def counts(found: LifecycleDashboard) -> dict[str, Decimal]:
    """Everything on the lifecycle that adds up over partners."""
    cards = {card.stage: card.count for card in found.cards}
    covered = {f"{tile.name} {row.key}": row.count for tile in found.coverage for row in tile.rows}
    whole = {f"{tile.name} distinct": tile.distinct for tile in found.coverage}
    steps = {f"{step.name} {part}": getattr(step, part) for step in found.passage.steps for part in PARTS_OF_A_STEP}
    return {key: Decimal(value) for key, value in {**cards, **covered, **whole, **steps}.items() if value}


PARTS_OF_A_STEP = ("began", "reached", "left", "waiting")


def added(parts: list[dict[str, Decimal]]) -> dict[str, Decimal]:
    sums = {key: sum((part.get(key, Decimal(0)) for part in parts), Decimal(0)) for part in parts for key in part}
    return {key: value for key, value in sums.items() if value}


def effects_add_up(found: ExecutiveDashboard) -> bool:
    """The change of new pipeline on its card is the sum of the effects that explain it."""
    card = next(card for card in found.cards if card.metric == "new_pipeline")
    assert found.growth is not None
    assert (found.growth.now, found.growth.before) == (card.value, card.previous)
    effects = sum((cents(driver.effect) for driver in found.growth.drivers), Decimal(0))
    return not found.growth.drivers or effects == cents(card.value) - cents(card.previous)


@FEW
@given(drawn=facts())
def test_tiers_partition_every_total_and_effects_add_up_to_the_change(drawn_into: Installation, drawn: dict[str, Rows]) -> None:
    put(drawn_into.warehouse, drawn)
    whole, parts = shown(drawn_into), [shown(drawn_into, segment, tier) for segment, tier in PLACES]
    assert added([totals(part) for part in parts]) == totals(whole)
    assert all(effects_add_up(each) for each in (whole, *parts))


@FEW
@given(drawn=facts())
def test_segments_and_their_tiers_partition_all_profiles(drawn_into: Installation, drawn: dict[str, Rows]) -> None:
    put(drawn_into.warehouse, drawn)
    whole = counts(profiles(drawn_into))
    for places in (PLACES, [(segment, None) for segment in SEGMENTS]):
        assert added([counts(profiles(drawn_into, *place)) for place in places]) == whole


@FEW
@given(drawn=facts())
def test_today_looked_back_at_is_now(drawn_into: Installation, drawn: dict[str, Rows]) -> None:
    put(drawn_into.warehouse, drawn)
    asked = executive_asked(drawn_into.program, TODAY.date())
    plain = tallies_of(drawn_into, asked, Reach(), today=TODAY.date())
    assert not plain.basis.facts.scope.past
    for made in (_executive, _lifecycle):
        assert made(_looking_back(plain)) == made(plain)


def _looking_back(tallies: Tallies) -> Tallies:
    """The same, read as if the facts held something later."""
    facts = tallies.basis.facts
    past = replace(tallies.basis, facts=type(facts)(replace(facts.scope, past=True), facts.reporting))
    return replace(tallies, basis=past, everyone=past, kept={})


def _executive(tallies: Tallies) -> dict[str, object]:
    return asdict(executive(tallies, period_days=90, data_until=None, facts_version="", summary=False))


def _lifecycle(tallies: Tallies) -> dict[str, object]:
    return asdict(lifecycle(tallies, data_until=None, facts_version=""))
