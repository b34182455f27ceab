"""The rows behind a figure as a file: all of them, under the asker's own scope, and nothing a spreadsheet would run."""

import csv
import io
from pathlib import Path

import pytest

from nextplay.home import Home
from nextplay.operations.dashboards.behind_figure import FigureAsked
from nextplay.operations.dashboards.export_behind import export_behind
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Viewer
from tests.conftest import MOMENT

PARTNERS = 'partner_id,name,lifecycle_stage\np1,"=HYPERLINK(""x"")",active\np2,@sum,active\n'
DEALS = (
    "deal_id,partner_id,stage,amount,industry,opened_at\n+d1,p1,proposal,10.50,-2+3,2026-10-01\nd2,p2,won,7,Energy,2026-10-01\n"
)


@pytest.fixture
def hostile(home: Home, tmp_path: Path) -> Installation:
    """Partners whose names are formulas."""
    installation = Installation(home)
    for name, text in (("partners", PARTNERS), ("deals", DEALS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    import_facts(installation, [tmp_path / "partners.csv", tmp_path / "deals.csv"], actor="test", now=MOMENT)
    return installation


def rows_of(installation: Installation, figure: str) -> list[dict[str, str]]:
    text = b"".join(export_behind(installation, OPERATOR, FigureAsked(figure), now=MOMENT, kind="csv"))
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def test_what_a_spreadsheet_would_run_is_text(hostile: Installation) -> None:
    (row,) = rows_of(hostile, "open_pipeline")
    assert row["partner"] == '\'=HYPERLINK("x")'
    assert row["deal_id"] == "'+d1"
    assert row["industry"] == "'-2+3"
    assert row["value"] == "10.50"


def test_a_file_of_partners_holds_each_once(hostile: Installation) -> None:
    assert sorted(row["partner_id"] for row in rows_of(hostile, "partners")) == ["p1", "p2"]


def test_a_sheet_bears_the_name_of_the_figure(hostile: Installation) -> None:
    chunks = export_behind(hostile, OPERATOR, FigureAsked("win_rate"), now=MOMENT, kind="xlsx")
    assert b"".join(chunks).startswith(b"PK")


def test_a_partner_takes_no_file_and_nobody_one_of_a_figure_that_is_none(hostile: Installation, cleo: Viewer) -> None:
    with pytest.raises(NotForThisViewer):
        export_behind(hostile, cleo, FigureAsked("open_pipeline"), now=MOMENT, kind="csv")
    with pytest.raises(NotForThisViewer):
        export_behind(hostile, OPERATOR, FigureAsked("nothing"), now=MOMENT, kind="csv")
