"""Coverage of many values: the rest is one bar, and that bar opens to what it stands for."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nextplay.intelligence.behind import Part
from nextplay.intelligence.lifecycle_tiles import CoverageTile
from nextplay.intelligence.tiles import MOST_BARS, BarRow
from nextplay.operations.dashboards.behind_figure import FigureAsked, Filter, opened, summed
from nextplay.operations.dashboards.show_behind import show_behind
from nextplay.operations.dashboards.show_lifecycle import show_lifecycle
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Viewer

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
REGIONS = [f"Region {number:02}" for number in range(30)]


@pytest.fixture
def many_regions(installation: Installation, tmp_path: Path, db: None) -> Installation:
    """Partner n covers regions n, n+1 and n twice; the first five cover the first 22 as well."""
    lines = ["partner_id,name,lifecycle_stage,regions"]
    for number in range(30):
        own = [REGIONS[number], REGIONS[number], REGIONS[(number + 1) % 30]]
        lines.append(f"P{number:02},Partner {number},active,{';'.join(own + (REGIONS[:22] if number < 5 else []))}")
    path = tmp_path / "partners.csv"
    path.write_text("\n".join(lines))
    import_facts(installation, [path], actor="tests", now=NOW)
    return installation


def regions(installation: Installation) -> CoverageTile:
    return next(tile for tile in show_lifecycle(installation, OPERATOR, now=NOW).coverage if tile.name == "regions")


def test_the_bar_of_the_rest_adds_up_and_opens_to_each_value_it_stands_for(many_regions: Installation) -> None:
    whole = regions(many_regions)
    drawn = whole.folded()
    *own, others = drawn.rows
    assert (len(whole.rows), len(own), others.label, others.key) == (30, MOST_BARS, "10 others", "")
    assert sum(row.count for row in drawn.rows) == sum(row.count for row in whole.rows)
    asked = FigureAsked("regions", Part("others"), Filter(period_days=30, sourced="partner_only"))
    total = summed(many_regions, opened(many_regions, OPERATOR, asked, now=NOW).behind)
    assert (total.rows, total.marked) == (others.count, int(others.value))
    assert total.partners < total.rows
    page = show_behind(many_regions, OPERATOR, asked, now=NOW)
    assert {row["named"] for row in page.rows} == {row.key for row in whole.rows[MOST_BARS:]}
    assert len({(row["partner_id"], row["named"]) for row in page.rows}) == others.count
    assert [column.label for column in page.columns if column.name == "named"] == ["Region"]


def test_where_the_ideal_profile_is_short_stays_by_name(many_regions: Installation) -> None:
    whole = regions(many_regions)
    short = CoverageTile(**{**vars(whole), "rows": tuple(_short(row) if row.key == REGIONS[29] else row for row in whole.rows)})
    assert REGIONS[29] in {row.key for row in short.folded().rows}
    assert REGIONS[29] not in {row.key for row in whole.folded().rows}


def test_few_values_are_not_folded_and_nobody_opens_the_rest_who_may_not(
    many_regions: Installation, dan: Viewer, cleo: Viewer
) -> None:
    whole = regions(many_regions)
    few = CoverageTile(**{**vars(whole), "rows": whole.rows[: MOST_BARS + 1]})
    assert few.folded() is few
    for viewer in (dan, cleo):
        with pytest.raises(NotForThisViewer):
            opened(many_regions, viewer, FigureAsked("regions", Part("others")), now=NOW)


def _short(row: BarRow) -> BarRow:
    return replace(row, gap="ICP gap 3")
