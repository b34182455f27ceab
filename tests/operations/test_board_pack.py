"""The board pack: a file of each kind, under the asker's scope, which no name can break out of."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from nextplay.operations.behind_figure import Filter
from nextplay.operations.board_pack import Pack, PackCard, board_pack, printed
from nextplay.operations.chart_svg import bars_svg
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Viewer
from tests.conftest import MOMENT

HOSTILE = (
    '#read("/etc/passwd") #panic("x")',
    "</text></svg><script>alert(1)</script>",
    '\\"]#{ $ * _ ` <label> @ref // /*',
    "\x00\x1b[31m]]>&amp;",
)
STARTS = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg"}


@pytest.mark.parametrize("view", ["executive", "lifecycle"])
def test_a_pack_comes_in_every_kind_and_says_day_filter_and_version(sample_installation: Installation, view: str) -> None:
    pack = board_pack(sample_installation, OPERATOR, view, Filter(segment="Growth"), now=MOMENT)
    assert "As of 2026-11-09, Growth" in pack.said
    assert f"Facts version {sample_installation.warehouse.version()}" in pack.said
    for kind, start in STARTS.items():
        assert printed(pack, kind).startswith(start)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(sample_installation: Installation, name: str) -> None:
    drawn = bars_svg(name, [(name, 3.0, 1.0, name)])
    tags = {one.tag.rpartition("}")[2] for one in ET.fromstring(drawn).iter()}  # noqa: S314 our own text
    assert tags == {"svg", "title", "rect", "text"}
    pack = board_pack(sample_installation, OPERATOR, "lifecycle", Filter(), now=MOMENT)
    chart = replace(pack.charts[0], title=name, finding=name, svg=drawn)
    assert printed(Pack(name, name, (PackCard(name, name, name),), (chart,)), "pdf").startswith(b"%PDF")


def test_a_partner_gets_no_pack_and_a_viewer_none_of_the_lifecycle(
    sample_installation: Installation, cleo: Viewer, dan: Viewer
) -> None:
    for viewer, view in ((cleo, "executive"), (cleo, "lifecycle"), (dan, "lifecycle"), (dan, "no_view")):
        with pytest.raises(NotForThisViewer):
            board_pack(sample_installation, viewer, view, Filter(), now=MOMENT)
    assert board_pack(sample_installation, dan, "executive", Filter(), now=MOMENT).charts
