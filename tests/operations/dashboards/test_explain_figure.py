"""How a figure is made: the SQL that is shown is the SQL that runs, and answers the figure."""

import pytest

from nextplay.operations.dashboards.behind_figure import FigureAsked, Filter
from nextplay.operations.dashboards.explain_figure import explain_figure
from nextplay.operations.dashboards.show_behind import show_behind
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Viewer
from tests.conftest import MOMENT

FIGURES = (
    "partners",
    "active_partners",
    "open_pipeline",
    "win_rate",
    "time_to_first_deal",
    "revenue_by_industry",
    "areas",
    "regions",
)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_queries_shown_run_as_they_stand_and_answer_the_figure(sample_installation: Installation, figure: str) -> None:
    asked = FigureAsked(figure, narrowed=Filter(segment="Growth"))
    number, rows, whole = explain_figure(sample_installation, OPERATOR, asked, now=MOMENT).queries
    shown = show_behind(sample_installation, OPERATOR, asked, now=MOMENT)
    read = sample_installation.warehouse.engine.read_sql
    assert read(number.sql)["rows"].item() == shown.total.rows
    assert read(number.sql)["amount"].item() == shown.total.amount
    assert read(rows.sql).height == shown.total.rows
    assert read(whole.sql).width
    assert "Growth" in number.sql


def test_it_names_what_the_figure_rests_on(sample_installation: Installation) -> None:
    asked = FigureAsked("new_pipeline", narrowed=Filter(sourced="partner_only", period_days=30))
    found = explain_figure(sample_installation, OPERATOR, asked, now=MOMENT)
    assert found.means == "Value of partner-sourced deals opened (else registered) in the period."
    assert found.period_days == 30
    assert found.program_version == sample_installation.program.version
    assert found.facts_version == str(sample_installation.warehouse.version())
    assert [one.label for one in found.definitions if one.word == "Partner-sourced"] == ["Labelled as brought by the partner"]


def test_what_could_not_be_counted_is_named(sample_installation: Installation) -> None:
    found = explain_figure(sample_installation, OPERATOR, FigureAsked("open_pipeline"), now=MOMENT)
    shown = dict(found.left_out)
    assert all(number > 0 for number in shown.values())


def test_no_formula_for_the_partner_role(sample_installation: Installation, cleo: Viewer) -> None:
    with pytest.raises(NotForThisViewer):
        explain_figure(sample_installation, cleo, FigureAsked("revenue"), now=MOMENT)


def test_no_formula_of_a_figure_that_is_none(sample_installation: Installation) -> None:
    with pytest.raises(NotForThisViewer):
        explain_figure(sample_installation, OPERATOR, FigureAsked("nothing"), now=MOMENT)
