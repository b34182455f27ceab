"""Every figure that plain SQL finds in the real data is what the product answers, through its own import and JSON."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from nextplay.home import create_home
from nextplay.operations.dashboards import show_executive, show_lifecycle
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from tests import real_data

SETS = {
    "olist_dev_2018-05-31": (("olist", "facts_2018-05-31"), date(2018, 5, 31)),
    "maven": (("maven", "facts"), date(2017, 12, 31)),
}
FIGURES = (
    "as_of_exclusive",
    "rows",
    "orphans",
    "lifecycle_cards",
    "partners_by_segment_tier",
    "partners_by_type",
    "partners_by_subtype",
    "coverage_regions",
    "coverage_regions_distinct_and_uncovered",
    "coverage_verticals",
    "coverage_verticals_distinct_and_uncovered",
    "coverage_offerings",
    "coverage_offerings_distinct_and_uncovered",
    "pipeline_by_stage",
    "open_pipeline_total",
    "open_pipeline_by_industry",
    "open_pipeline_by_lifecycle_stage_of_partner",
    "revenue_total",
    "revenue_by_industry",
    "revenue_by_segment_tier",
    "revenue_by_month",
    "revenue_trailing_90d",
    "win_rate",
    "win_rate_by_industry",
    "signed_and_selling",
    "partners_with_revenue",
    "silent_after_selling",
    "days_signed_to_first_revenue",
    "revenue_before_signing",
    "pareto_of_selling_partners",
    "pareto_of_signed_partners",
    "top_5_partners",
    "by_manager_top_10",
    "activities_by_kind",
    "commitments_kept",
)


class Shown:
    """What the product answers for one set: all time, the last 90 days, and the lifecycle."""

    def __init__(self, installation: Installation, day: date) -> None:
        now = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
        whole = show_executive.show_executive(installation, OPERATOR, now=now, as_of=day, period_days=None, summary=True)
        lately = show_executive.show_executive(installation, OPERATOR, now=now, as_of=day, period_days=90)
        self.whole, self.lately = show_executive.as_json(whole), show_executive.as_json(lately)
        self.lifecycle = show_lifecycle.as_json(show_lifecycle.show_lifecycle(installation, OPERATOR, now=now, as_of=day))

    def card(self, metric: str, *, lately: bool = False) -> dict[str, Any]:
        cards = (self.lately if lately else self.whole)["cards"]
        return next(card for card in cards if card["metric"] == metric)

    def summary(self, name: str) -> Any:
        return self.whole["facts_summary"][name]

    def coverage(self, name: str) -> dict[str, Any]:
        return next(tile for tile in self.lifecycle["coverage"] if tile["name"] == name)


def _renamed(rows: list[dict[str, Any]], **names: str) -> list[dict[str, Any]]:
    return [{new: row[old] for new, old in names.items()} for row in rows]


def _most(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["n"], row[key] or ""))


def _industries(tile: dict[str, Any]) -> list[dict[str, Any]]:
    """Bars, and what has no industry as what is left of the total."""
    named = [{"industry": row["key"], "n": row["count"], "amount": row["value"]} for row in tile["rows"]]
    rest = tile["total"] - sum(row["amount"] for row in named)
    keyless = sum(rows for name, rows in tile["left_out"] if "without an industry" in name)
    rows = [row for row in named if row["industry"]]
    if keyless:
        rows.append({"industry": None, "n": keyless, "amount": rest})
    return sorted(rows, key=lambda row: -row["amount"])


def _coverage(name: str) -> Callable[[Shown], Any]:
    return lambda shown: _renamed(shown.coverage(name)["rows"][:15], v="key", partners="count")


def _covered(name: str) -> Callable[[Shown], Any]:
    def read(shown: Shown) -> Any:
        tile = shown.coverage(name)
        return {"distinct_values": tile["values"], "partners_with_none": tile["none"]}

    return read


def _pareto(who: str) -> Callable[[Shown], Any]:
    def read(shown: Shown) -> Any:
        return {name: value for name, value in shown.whole["concentration"][who].items() if name != "effective"}

    return read


def _stages(shown: Shown) -> Any:
    cards = [card for card in shown.lifecycle["cards"] if card["count"]]
    rows = [{"lifecycle_stage": card["stage"], "n": card["count"], "pct": round(100 * card["share"], 4)} for card in cards]
    return sorted(rows, key=lambda row: str(row["lifecycle_stage"]))


def _partner_stages(shown: Shown) -> Any:
    rows = shown.whole["pipeline_by_stage"]["rows"]
    return _renamed(sorted(rows, key=lambda row: str(row["key"])), lifecycle_stage="key", n="count", amount="value")


def _revenue_total(shown: Shown) -> Any:
    tile, summed = shown.whole["revenue_by_industry"], shown.summary("revenue")
    return {"n": tile["count"], "amount": tile["total"], "first_at": summed["first_at"], "last_at": summed["last_at"]}


def _trailing(shown: Shown) -> Any:
    tile, selling = shown.lately["revenue_by_industry"], shown.lately["concentration"]["selling"]
    return {"n": tile["count"], "amount": shown.card("revenue", lately=True)["value"], "partners": selling["partners"]}


def _rate(metric: str, hit: str, miss: str) -> Callable[[Shown], Any]:
    def read(shown: Shown) -> Any:
        card = shown.card(metric)
        return {hit: card["numerator"], miss: card["denominator"] - card["numerator"], "rate": card["value"]}

    return read


def _days(shown: Shown) -> Any:
    found = shown.summary("days_signed_to_first_revenue")
    return {"n": found["partners"], **{name: found[name] for name in ("p25", "p50", "p75")}}


READ: dict[str, Callable[[Shown], Any]] = {
    "as_of_exclusive": lambda s: f"{date.fromisoformat(s.whole['as_of']) + timedelta(days=1)} 00:00:00+00",
    "rows": lambda s: s.summary("rows"),
    "orphans": lambda s: s.summary("orphans"),
    "lifecycle_cards": _stages,
    "partners_by_segment_tier": lambda s: _renamed(
        s.summary("partners_by_segment_tier"), segment="segment", tier="tier", n="partners"
    ),
    "partners_by_type": lambda s: _most(_renamed(s.summary("partners_by_type"), type="type", n="partners"), "type"),
    "partners_by_subtype": lambda s: _most(
        _renamed(s.summary("partners_by_subtype"), subtype="subtype", n="partners"), "subtype"
    ),
    "coverage_regions": _coverage("regions"),
    "coverage_regions_distinct_and_uncovered": _covered("regions"),
    "coverage_verticals": _coverage("verticals"),
    "coverage_verticals_distinct_and_uncovered": _covered("verticals"),
    "coverage_offerings": _coverage("offerings"),
    "coverage_offerings_distinct_and_uncovered": _covered("offerings"),
    "pipeline_by_stage": lambda s: _renamed(s.summary("deals_by_stage"), stage="stage", n="deals", amount="amount"),
    "open_pipeline_total": lambda s: {"n": s.whole["pipeline_by_stage"]["count"], "amount": s.card("open_pipeline")["value"]},
    "open_pipeline_by_industry": lambda s: _industries(s.whole["pipeline_by_industry"]),
    "open_pipeline_by_lifecycle_stage_of_partner": _partner_stages,
    "revenue_total": _revenue_total,
    "revenue_by_industry": lambda s: _industries(s.whole["revenue_by_industry"]),
    "revenue_by_segment_tier": lambda s: s.summary("partners_by_segment_tier"),
    "revenue_by_month": lambda s: _renamed(s.summary("revenue_by_month"), m="month", n="rows", amount="amount"),
    "revenue_trailing_90d": _trailing,
    "win_rate": _rate("win_rate", "won", "lost"),
    "win_rate_by_industry": lambda s: _renamed(s.summary("win_rate_by_industry"), industry="industry", n="closed", rate="rate"),
    "signed_and_selling": lambda s: s.summary("signed_and_selling"),
    "partners_with_revenue": lambda s: s.summary("partners_with_revenue"),
    "silent_after_selling": lambda s: s.summary("silent_after_selling"),
    "days_signed_to_first_revenue": _days,
    "revenue_before_signing": lambda s: s.summary("revenue_before_signing"),
    "pareto_of_selling_partners": _pareto("selling"),
    "pareto_of_signed_partners": _pareto("signed"),
    "top_5_partners": lambda s: _renamed(s.whole["concentration"]["top"], partner_id="partner_id", revenue="revenue", n="rows"),
    "by_manager_top_10": lambda s: _renamed(
        s.summary("by_manager"), manager_email="manager_email", partners="partners", selling="with_revenue", revenue="revenue"
    ),
    "activities_by_kind": lambda s: _renamed(
        s.summary("activities_by_kind"), kind="kind", n="rows", partners="partners", first_at="first_at", last_at="last_at"
    ),
    "commitments_kept": _rate("commitments_kept", "met", "missed"),
}
# Lists that the SQL cuts off, or whose equal rows it orders otherwise.
SORTED_BY_AMOUNT = ("open_pipeline_by_industry", "revenue_by_industry")


@pytest.fixture(scope="module", params=list(SETS))
def answered(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Any], Shown]]:
    """The figures of a set, and what the product shows for it."""
    parts, day = SETS[request.param]
    files = sorted(real_data.path(*parts).glob("*.parquet"))
    installation = Installation(create_home(tmp_path_factory.mktemp("real") / "home"))
    import_facts(installation, files, actor="test", now=datetime(2026, 11, 9, tzinfo=UTC))
    yield real_data.ground_truth()[request.param], Shown(installation, day)
    installation.warehouse.close()


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_what_plain_sql_finds(answered: tuple[dict[str, Any], Shown], figure: str) -> None:
    truths, shown = answered
    found, expected = READ[figure](shown), truths[figure]["value"]
    if isinstance(found, list):
        expected = expected if isinstance(expected, list) else [expected]
        found = found[: len(expected)] if figure in SORTED_BY_AMOUNT else found
    _same(found, expected, figure)


def test_no_figure_of_the_file_is_left_unread(answered: tuple[dict[str, Any], Shown]) -> None:
    truths, _ = answered
    assert set(truths) == set(READ) == set(FIGURES)


def test_the_deal_stage_tile_and_the_deals_by_stage_agree(answered: tuple[dict[str, Any], Shown]) -> None:
    truths, shown = answered
    is_open = [row for row in truths["pipeline_by_stage"]["value"] if row["stage"] not in ("won", "lost")]
    tile = {row["key"]: row for row in shown.whole["pipeline_by_deal_stage"]["rows"]}
    for row in is_open:
        _same((tile[row["stage"]]["count"], tile[row["stage"]]["value"]), (row["n"], row["amount"]), row["stage"])


def _same(found: Any, expected: Any, place: str) -> None:
    """Equal, with floats to the six decimals that the file keeps, and times however UTC is written."""
    if isinstance(expected, dict):
        assert set(found) == set(expected), place
        for name, value in expected.items():
            _same(found[name], value, f"{place}.{name}")
    elif isinstance(expected, list | tuple):
        assert len(found) == len(expected), place
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            _same(one, other, f"{place}[{number}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1.1e-6, rel=1e-9), place
    elif isinstance(expected, str):
        assert str(found).replace("Z", "+00:00") == expected, place
    else:
        assert found == expected, place
