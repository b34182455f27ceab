"""The rows behind every card come to the card under any filter; on either engine rows, formula and files are the same."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nextplay.intelligence.behind import Part
from nextplay.intelligence.cards import cards_of
from nextplay.intelligence.metrics import BY_METRIC
from nextplay.intelligence.passage import NO_DAY
from nextplay.operations.dashboards.behind_figure import FigureAsked, Filter, opened, summed
from nextplay.operations.dashboards.explain_figure import explain_figure
from nextplay.operations.dashboards.export_behind import export_behind
from nextplay.operations.dashboards.export_rows import FileKind
from nextplay.operations.dashboards.show_behind import BehindPage, show_behind
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from tests.conftest import MOMENT

PERIODS = (30, 90, 180, None)
filters = st.builds(
    Filter,
    segment=st.sampled_from([None, "Growth", "Emerging", "Unlisted"]),
    tier=st.sampled_from([None, "Gold", "Silver"]),
    as_of=st.sampled_from([None, date(2026, 6, 30), date(2026, 11, 9)]),
    period_days=st.sampled_from(PERIODS),
    active=st.sampled_from([None, "registered_90"]),
    sourced=st.sampled_from([None, "partner_only"]),
)
# A card of each table that cards read, and bars that stand for more than one.
ACROSS = (
    FigureAsked("partners"),
    FigureAsked("active_partners"),
    FigureAsked("active_rate"),
    FigureAsked("activation_rate"),
    FigureAsked("time_to_first_deal"),
    FigureAsked("median_deal_size"),
    FigureAsked("average_cycle"),
    FigureAsked("revenue", narrowed=Filter(segment="Growth")),
    FigureAsked("commitments_kept"),
    FigureAsked("pipeline_by_stage", Part("bar", "active")),
    FigureAsked("pipeline_by_deal_stage", Part("bar", "proposal"), Filter(as_of=date(2026, 6, 30))),
    FigureAsked("regions", Part("bar", "North")),
    FigureAsked("verticals", Part("none")),
    FigureAsked("demand", Part("bar", "verticals:Energy")),
    FigureAsked("passage", Part("left", f"onboarded:{NO_DAY}")),
)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(narrowed=filters)
def test_the_rows_behind_every_card_come_to_it_under_any_filter(embedded: Installation, narrowed: Filter) -> None:
    shown = {card.metric: card for card in show_executive(embedded, OPERATOR, now=MOMENT, **vars(narrowed)).cards}
    assert {card.metric for card in cards_of(embedded.program)} == set(shown)
    for name, metric in BY_METRIC.items():
        card = shown[name]
        total = summed(embedded, opened(embedded, OPERATOR, FigureAsked(name, narrowed=narrowed), now=MOMENT).behind)
        assert total.value == card.value, name
        if metric.made == "rate":
            assert (total.marked, total.rows) == (card.numerator, card.denominator), name


def file_of(installation: Installation, asked: FigureAsked, kind: FileKind) -> bytes:
    return b"".join(export_behind(installation, OPERATOR, asked, now=MOMENT, kind=kind))


def read_csv(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def page_of(installation: Installation, asked: FigureAsked) -> BehindPage:
    return show_behind(installation, OPERATOR, asked, now=MOMENT)


@pytest.mark.engine
def test_either_engine_lists_the_same_rows_and_comes_to_the_same_number(
    small: Installation,
    embedded: Installation,
) -> None:
    for asked in ACROSS:
        one, other = page_of(small, asked), page_of(embedded, asked)
        assert one == other, asked
        assert one.total.rows > 0, asked


@pytest.mark.engine
def test_on_either_engine_the_formula_shown_runs_as_it_stands_and_answers_the_number(small: Installation) -> None:
    read = small.warehouse.engine.read_sql
    for asked in ACROSS:
        found = explain_figure(small, OPERATOR, asked, now=MOMENT)
        assert found.engine == small.warehouse.engine.dialect
        total = page_of(small, asked).total
        number, rows, whole = (read(query.sql) for query in found.queries)
        assert (number["rows"].item(), number["amount"].item()) == (total.rows, total.amount), asked
        assert rows.height == total.rows, asked
        assert whole.width, asked


@pytest.mark.engine
def test_files_of_either_engine_are_the_same_and_sum_to_the_number(
    small: Installation,
    embedded: Installation,
) -> None:
    for name in ("open_pipeline", "revenue"):
        asked = FigureAsked(name, narrowed=Filter(segment="Growth"))
        text = file_of(small, asked, "csv")
        assert text == file_of(embedded, asked, "csv"), name
        total = page_of(small, asked).total
        assert round(sum(float(row["value"]) for row in read_csv(text)), 2) == total.value, name
        sheet = pl.read_excel(io.BytesIO(file_of(small, asked, "xlsx")))
        assert round(sum(float(value) for value in sheet["value"]), 2) == total.value, name
