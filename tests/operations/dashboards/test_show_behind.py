"""The rows behind a figure come to the figure, for every figure of both dashboards; nobody opens what is not theirs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from nextplay.home import create_home
from nextplay.intelligence.behind import Part
from nextplay.operations.dashboards.behind_figure import FigureAsked, Filter, opened, summed
from nextplay.operations.dashboards.show_behind import PAGE_ROWS, show_behind, show_largest
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.definitions_in_force import UnknownDefinition
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Viewer
from tests import every_figure, real_data
from tests.conftest import MOMENT
from tests.every_figure import Told

NARROWED = (
    Filter(segment="Growth", tier="Gold", period_days=30, active="registered_90", sourced="partner_only"),
    Filter(as_of=date(2026, 6, 30), period_days=180),
    Filter(segment="Emerging", period_days=None),
)
REAL = {"maven": (("maven", "facts"), date(2017, 12, 31)), "olist": (("olist", "facts_2018-05-31"), date(2018, 5, 31))}


@pytest.fixture(scope="module")
def analyzed(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The sample program with every partner scored: to be read, never changed."""
    home = create_home(tmp_path_factory.mktemp("analyzed") / "home")
    for name in ("facts.duckdb", "program.yaml"):
        (home.path / name).write_bytes((sample_stores / name).read_bytes())
    installation = Installation(home)
    analyze(installation, now=MOMENT)
    yield installation
    installation.warehouse.close()


def check(installation: Installation, told: Told, now: datetime) -> None:
    """The rows come to what the tile tells, to the cent."""
    total = summed(installation, opened(installation, OPERATOR, told.asked, now=now).behind)
    if told.value is not None:
        assert total.value == (pytest.approx(told.value) if told.near else told.value), told
    if told.rows is not None:
        assert total.rows == told.rows, told
    if told.marked is not None:
        assert total.marked == told.marked, told
    if told.mean is not None:
        assert float(total.amount or 0) / total.rows == told.mean, told


def every(installation: Installation, narrowed: Filter, now: datetime) -> list[Told]:
    """All figures of both dashboards."""
    of_executive = every_figure.executive(installation, OPERATOR, narrowed, now)
    return [*of_executive, *every_figure.lifecycle(installation, OPERATOR, narrowed, now)]


def test_the_rows_behind_every_figure_come_to_the_figure(analyzed: Installation) -> None:
    told = every(analyzed, Filter(), MOMENT)
    assert len(told) > 60
    for one in told:
        check(analyzed, one, MOMENT)


@pytest.mark.parametrize("narrowed", NARROWED, ids=["gold", "past", "all-time"])
def test_the_rows_behind_figures_under_a_filter_come_to_them(analyzed: Installation, narrowed: Filter) -> None:
    for one in every(analyzed, narrowed, MOMENT)[::9]:
        check(analyzed, one, MOMENT)


@pytest.mark.parametrize("name", REAL)
def test_the_rows_behind_every_figure_of_the_real_data_come_to_it(name: str, tmp_path: Path) -> None:
    parts, day = REAL[name]
    installation = Installation(create_home(tmp_path / "home"))
    files = sorted(real_data.path(*parts).glob("*.*"))
    now = datetime(2026, 11, 9, 9, tzinfo=UTC)
    import_facts(installation, [file for file in files if file.suffix in (".csv", ".parquet")], actor="test", now=now)
    whole, lately = Filter(as_of=day, period_days=None), Filter(as_of=day)
    for told in [*every(installation, whole, now), *every(installation, lately, now)[:16]]:
        check(installation, told, now)
    installation.warehouse.close()


def test_a_page_holds_fifty_and_pages_do_not_overlap(analyzed: Installation) -> None:
    asked = FigureAsked("open_pipeline")
    first = show_behind(analyzed, OPERATOR, asked, now=MOMENT)
    pages = [show_behind(analyzed, OPERATOR, asked, now=MOMENT, page=page).rows for page in range(1, first.pages + 1)]
    keys = [row["key"] for rows in pages for row in rows]
    assert len(first.rows) == PAGE_ROWS
    assert len(keys) == len(set(keys)) == first.total.rows
    values = [row["value"] for rows in pages for row in rows]
    assert values == sorted(values, reverse=True)
    assert sum(values) == first.total.amount


def test_a_list_is_sorted_by_what_it_is_asked_and_by_nothing_unknown(analyzed: Installation) -> None:
    asked = FigureAsked("open_pipeline")
    by_name = show_behind(analyzed, OPERATOR, asked, now=MOMENT, sort="partner", descending=False).rows
    names = [row["partner"].lower() for row in by_name]
    assert names == sorted(names)
    plain = show_behind(analyzed, OPERATOR, asked, now=MOMENT)
    odd = show_behind(analyzed, OPERATOR, asked, now=MOMENT, sort="no; DROP TABLE deals", descending=False, page=999)
    assert (odd.sort, odd.descending, odd.page) == (plain.sort, plain.descending, plain.pages)


def test_a_rate_lists_its_denominator_and_marks_its_numerator(analyzed: Installation) -> None:
    asked = FigureAsked("win_rate")
    whole = show_behind(analyzed, OPERATOR, asked, now=MOMENT)
    won = show_behind(analyzed, OPERATOR, FigureAsked("win_rate", only_marked=True), now=MOMENT)
    assert {row["marked"] for row in whole.rows} == {True, False}
    assert {row["stage"] for row in won.rows} == {"won"}
    assert won.listed == whole.total.marked < whole.listed == whole.total.rows
    assert won.total == whole.total


def test_the_largest_partners_add_up_to_the_bar_where_there_are_few(analyzed: Installation) -> None:
    found = show_largest(analyzed, OPERATOR, FigureAsked("pipeline_by_industry", Part("bar", "Energy")), now=MOMENT, most=999)
    assert sum(one.value for one in found.partners) == float(found.total.amount or 0)
    assert sum(one.rows for one in found.partners) == found.total.rows
    assert len(found.partners) == found.total.partners


@pytest.mark.parametrize("figure", ["no_such_figure", "facts_summary", "as_of", ""])
def test_what_no_dashboard_shows_is_not_there(analyzed: Installation, figure: str) -> None:
    with pytest.raises(NotForThisViewer):
        show_behind(analyzed, OPERATOR, FigureAsked(figure), now=MOMENT)


def test_a_name_of_left_out_rows_that_no_card_gives_is_not_there(analyzed: Installation) -> None:
    with pytest.raises(NotForThisViewer):
        show_behind(analyzed, OPERATOR, FigureAsked("revenue", Part("left", "nothing")), now=MOMENT)


def test_a_partner_opens_no_figure_and_a_viewer_none_of_the_lifecycle(
    analyzed: Installation, cleo: Viewer, dan: Viewer
) -> None:
    for figure in ("revenue", "strengths", "stages"):
        with pytest.raises(NotForThisViewer):
            show_behind(analyzed, cleo, FigureAsked(figure), now=MOMENT)
    assert show_behind(analyzed, dan, FigureAsked("revenue"), now=MOMENT).total.rows
    with pytest.raises(NotForThisViewer):
        show_behind(analyzed, dan, FigureAsked("stages"), now=MOMENT)


def test_a_definition_that_the_program_does_not_have_is_said(analyzed: Installation) -> None:
    with pytest.raises(UnknownDefinition):
        show_behind(analyzed, OPERATOR, FigureAsked("active_partners", narrowed=Filter(active="made_up")), now=MOMENT)
