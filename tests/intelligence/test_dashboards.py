"""What holds for any dashboard: parts add up, scopes partition, both engines agree, and nobody sees more than they may."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nextplay.facts.engines import Engine
from nextplay.home import create_home
from nextplay.intelligence.tiles import BarTile, ExecutiveDashboard, MetricCard
from nextplay.operations.dashboards.show_executive import as_json, show_executive
from nextplay.operations.dashboards.show_lifecycle import as_json as lifecycle_json
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.definitions_in_force import UnknownDefinition
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from tests.intelligence.conftest import bring

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
BEN = Viewer(email="ben@program.example", name="Ben Adler", role=Role.ADMIN)
ANA = Viewer(email="ana@program.example", name="Ana Ruiz", role=Role.MANAGER)
CLEO = Viewer(email="cleo@partner.example", name="Cleo Marsh", role=Role.PARTNER, partner_id="p01")
SEGMENTS = ("Growth", "Emerging", "Unlisted")
ADDITIVE = ("partners", "active_partners", "open_pipeline", "new_pipeline", "revenue")


def shown(installation: Installation, viewer: Viewer = BEN, **asked: Any) -> ExecutiveDashboard:
    return show_executive(installation, viewer, now=NOW, **asked)


def card(dashboard: ExecutiveDashboard, metric: str) -> MetricCard:
    return next(each for each in dashboard.cards if each.metric == metric)


def tiles(dashboard: ExecutiveDashboard) -> tuple[BarTile, ...]:
    return (
        dashboard.pipeline_by_stage,
        dashboard.pipeline_by_deal_stage,
        dashboard.revenue_by_industry,
        dashboard.pipeline_by_industry,
    )


@pytest.mark.parametrize("period", [90, None])
def test_bars_and_what_is_left_out_add_up_to_all_rows(embedded: Installation, period: int | None) -> None:
    for tile in tiles(shown(embedded, period_days=period)):
        assert sum(row.count for row in tile.rows) + sum(rows for _, rows in tile.left_out) == tile.count, tile.name


@pytest.mark.parametrize("day", [TODAY, date(2026, 6, 30)])
def test_three_readings_of_the_pipeline_have_one_total(embedded: Installation, day: date) -> None:
    by_stage, by_deal_stage, _, by_industry = tiles(shown(embedded, as_of=day))
    assert by_stage.total == by_deal_stage.total == by_industry.total
    assert by_stage.count == by_deal_stage.count == by_industry.count


def test_the_card_and_the_tile_say_the_same_pipeline_and_revenue(embedded: Installation) -> None:
    dashboard = shown(embedded)
    assert card(dashboard, "open_pipeline").value == dashboard.pipeline_by_stage.total
    assert card(dashboard, "revenue").value == dashboard.revenue_by_industry.total


@pytest.mark.parametrize("metric", ADDITIVE)
def test_tiers_partition_their_segment(embedded: Installation, metric: str) -> None:
    whole = card(shown(embedded, segment="Growth"), metric).value
    parts = [card(shown(embedded, segment="Growth", tier=tier), metric).value for tier in ("Gold", "Silver")]
    assert whole == pytest.approx(sum(part for part in parts if part is not None), abs=0.005)


@pytest.mark.parametrize("metric", ADDITIVE)
def test_segments_never_come_to_more_than_everyone(embedded: Installation, metric: str) -> None:
    parts = [card(shown(embedded, segment=name), metric).value or 0 for name in SEGMENTS]
    assert sum(parts) < (card(shown(embedded), metric).value or 0)


def test_choices_and_those_without_a_segment_are_everyone(embedded: Installation) -> None:
    view = show_lifecycle(embedded, BEN, now=NOW)
    assert [choice.label for choice in view.segments] == ["Growth partners", "Emerging", "Unlisted"]
    assert view.everyone == view.profiles == 40
    assert 0 < sum(choice.partners for choice in view.segments) < view.everyone
    assert sum(each.count for each in view.cards) == view.profiles


def test_tiers_are_offered_only_inside_a_segment(embedded: Installation) -> None:
    assert shown(embedded).tiers == ()
    inside = shown(embedded, segment="Growth")
    assert [choice.value for choice in inside.tiers] == ["Gold", "Silver"]
    assert sum(choice.partners for choice in inside.tiers) == inside.partners


def test_as_of_today_is_now(embedded: Installation) -> None:
    assert as_json(shown(embedded, as_of=TODAY)) == as_json(shown(embedded))


def test_both_engines_answer_the_same_json(small: Installation, embedded: Installation) -> None:
    for asked in ({"summary": True}, {"segment": "Growth", "period_days": None}, {"as_of": date(2026, 6, 30)}):
        one, other = shown(small, **asked), shown(embedded, **asked)
        assert json.dumps(as_json(one)) == json.dumps(as_json(other))
    views = [show_lifecycle(each, BEN, now=NOW, as_of=TODAY) for each in (small, embedded)]
    assert json.dumps(lifecycle_json(views[0])) == json.dumps(lifecycle_json(views[1]))


def test_amounts_in_a_currency_of_the_program_are_converted(embedded: Installation) -> None:
    assert shown(embedded).currency == "EUR"


def test_trends_end_at_the_value_of_the_card(embedded: Installation) -> None:
    for each in shown(embedded).cards:
        # A rank has no trend: it is worked out for the period alone.
        assert len(each.trend) == 10 or each.value is None or each.metric == "concentration", each.metric
        assert not each.trend or each.trend[-1] == each.value, each.metric


def test_all_time_compares_with_nothing(embedded: Installation) -> None:
    dashboard = shown(embedded, period_days=None)
    assert all(each.previous is None and each.change == "" for each in dashboard.cards)
    assert all(row.previous is None for tile in tiles(dashboard) for row in tile.rows)


def test_a_stricter_definition_never_finds_more(embedded: Installation) -> None:
    loose, strict = shown(embedded), shown(embedded, active="registered_90", sourced="partner_only")
    for metric in ("active_partners", "new_pipeline"):
        assert (card(strict, metric).value or 0) < (card(loose, metric).value or 0)
    assert card(strict, "revenue") == card(loose, "revenue")
    assert (strict.active, strict.sourced) == ("registered_90", "partner_only")


def test_a_definition_that_the_program_lacks_is_refused(embedded: Installation) -> None:
    with pytest.raises(UnknownDefinition, match="no definition of active called 'often'"):
        shown(embedded, active="often")


def test_a_partner_sees_its_own_figures_and_no_opinion_of_it(embedded: Installation) -> None:
    dashboard = shown(embedded, CLEO)
    answered = as_json(dashboard)
    assert dashboard.everyone <= 1
    assert not {"strengths", "areas", "analyzed", "concentration", "facts_summary"} & set(answered)
    assert 0 < dashboard.pipeline_by_stage.count < shown(embedded).pipeline_by_stage.count


def test_a_partner_account_without_an_organisation_sees_nothing(embedded: Installation) -> None:
    dashboard = shown(embedded, Viewer(email="x@y.example", name="X", role=Role.PARTNER))
    assert dashboard.everyone == 0
    assert all(tile.count == 0 for tile in tiles(dashboard))


def test_the_lifecycle_does_not_exist_for_a_partner(embedded: Installation) -> None:
    with pytest.raises(NotForThisViewer):
        show_lifecycle(embedded, CLEO, now=NOW)


def test_a_manager_sees_the_own_portfolio_only(embedded: Installation) -> None:
    mine, everyone = show_lifecycle(embedded, ANA, now=NOW), show_lifecycle(embedded, BEN, now=NOW)
    assert 0 < mine.everyone < everyone.everyone


def test_coverage_counts_each_partner_once_in_its_total(embedded: Installation) -> None:
    for tile in show_lifecycle(embedded, BEN, now=NOW).coverage:
        assert tile.distinct + tile.none == 40, tile.name
        assert all(row.value <= row.count <= tile.distinct for row in tile.rows), tile.name
        assert sum(row.count for row in tile.rows) >= tile.distinct, tile.name


def test_a_wanted_value_that_nobody_covers_is_a_gap(embedded: Installation) -> None:
    verticals = next(tile for tile in show_lifecycle(embedded, BEN, now=NOW).coverage if tile.name == "verticals")
    mining = next(row for row in verticals.rows if row.key == "Mining")
    assert mining.count == 0
    assert mining.gap == f"ICP gap {mining.previous:.0f}"
    assert "Mining" in verticals.finding
    assert next(row for row in verticals.rows if row.key == "Health").gap == ""


def test_a_page_asked_for_again_asks_the_engine_only_for_its_version(
    embedded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shown(embedded, segment="Emerging")
    asked: list[str] = []
    read = type(embedded.warehouse.engine).read_sql

    def counted(engine: Engine, sql: str) -> Any:
        asked.append(sql)
        return read(engine, sql)

    monkeypatch.setattr(type(embedded.warehouse.engine), "read_sql", counted)
    assert shown(embedded, segment="Emerging") is first
    assert all("nextplay_versions" in sql for sql in asked)


def test_an_answer_is_not_kept_for_a_viewer_who_may_see_less(embedded: Installation) -> None:
    assert shown(embedded, BEN).everyone != shown(embedded, ANA).everyone


def test_without_facts_nothing_is_claimed(tmp_path: Path) -> None:
    empty = Installation(create_home(tmp_path / "empty"))
    dashboard = shown(empty)
    assert all(not tile.finding and not tile.rows for tile in tiles(dashboard))
    assert all(each.change == "" and each.tone in ("blue", "purple") for each in dashboard.cards)
    assert show_lifecycle(empty, BEN, now=NOW).profiles == 0
    empty.warehouse.close()


def test_lines_of_the_program_give_a_card_its_tone(tmp_path: Path) -> None:
    home = create_home(tmp_path / "lined")
    installation = Installation(home)
    bring(installation, tmp_path)
    cards = [
        "{metric: active_partners, label: A, description: a, act: 39}",
        "{metric: win_rate, label: W, description: w, watch: 1}",
        "{metric: revenue, label: R, description: r, target: 1}",
        "{metric: partners, label: P, description: p}",
    ]
    home.program_file.write_text(f"currency: EUR\nrates: {{USD: 0.9}}\ncards: [{', '.join(cards)}]\n", encoding="utf-8")
    tones = {each.metric: (each.tone, each.why_tone) for each in shown(installation).cards}
    assert tones["active_partners"] == ("red", "At or below the line to act, 39.")
    assert tones["win_rate"] == ("orange", "At or below the line to watch, 100%.")
    assert tones["revenue"] == ("green", "At or above the target, €1.")
    assert tones["partners"][0] == "blue"
    part = {each.metric: (each.tone, each.why_tone) for each in shown(installation, segment="Growth").cards}
    assert part["active_partners"] == (
        "blue",
        "The program's lines for this total are for all partners, not for a part of them.",
    )
    assert part["revenue"] == part["active_partners"]
    assert part["win_rate"] == tones["win_rate"], "what is a rate everywhere is one in a segment"
    portfolio = {each.metric: each.tone for each in shown(installation, ANA).cards}
    assert (portfolio["active_partners"], portfolio["revenue"]) == ("blue", "blue")
    year = {each.metric: (each.tone, each.why_tone) for each in shown(installation, period_days=365).cards}
    assert year["revenue"] == ("blue", "The program's lines for this total are for 90 days.")
    assert year["active_partners"] == tones["active_partners"]
    installation.warehouse.close()


@pytest.mark.engine
def test_amounts_of_billions_in_any_currency_are_added_up_as_they_are(small: Installation, tmp_path: Path) -> None:
    """Squares of more than 30 million, and conversions of more than 100 million, once answered with an engine's error."""
    before = card(shown(small), "open_pipeline").value
    opened = NOW.replace(tzinfo=None) - timedelta(days=5)
    deal = {"partner_id": "p01", "stage": "proposal", "opened_at": opened, "amount": "2000000000.00"}
    rows = [{**deal, "deal_id": f"large {currency}", "currency": currency} for currency in ("EUR", "USD")]
    pl.DataFrame(rows).write_parquet(tmp_path / "deals.parquet")
    import_facts(small, [tmp_path / "deals.parquet"], actor="test", now=NOW)
    after = card(shown(small), "open_pipeline").value
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(3_800_000_000)
