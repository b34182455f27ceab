"""The board pack: all that the pages show in a file of each kind, under the asker's scope and choice; no name breaks out."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from nextplay.home import create_home
from nextplay.intelligence.compared import FallRow
from nextplay.ledger.people import add_person
from nextplay.ledger.records import PersonRecord
from nextplay.operations.dashboards import show_executive
from nextplay.operations.dashboards.behind_figure import Filter
from nextplay.operations.dashboards.board_pack import board_pack, printed
from nextplay.operations.dashboards.chart_svg import DrawnBar, bars_svg, curve_svg, fall_svg
from nextplay.operations.dashboards.pack_parts import BREAK, Pack, PackCard, PackColumn, PackTable, PackTile, beside
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from nextplay.operations.preferences import ON, hide_items, offer_items
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Viewer
from tests.conftest import MOMENT

HOSTILE = (
    '#read("/etc/passwd") #panic("x")',
    "</text></svg><script>alert(1)</script>",
    '\\"]#{ $ * _ ` <label> @ref // /*',
    "\x00\x1b[31m]]>&amp;",
    "= Heading *bold* $x^2$ `code` https://example.org \\ -- ~",
)
STARTS = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg"}
EXECUTIVE_ITEMS = {"growth", "areas", "strengths", "stage", "revenue", "industry", "benchmark", "pareto", "direct"}
LIFECYCLE_ITEMS = {"passage", "regions", "subtype", "verticals", "offerings", "gaps"}

pytestmark = pytest.mark.django_db


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


def pack_of(installation: Installation, viewer: Viewer, view: str = "executive", **narrowed: Any) -> Pack:
    return board_pack(installation, viewer, view, Filter(**narrowed), now=MOMENT)


def text_of(pack: Pack) -> str:
    """What can be read in the PDF: its words, however lines break."""
    pages = PdfReader(BytesIO(printed(pack, "pdf"))).pages
    return plain(" ".join(page.extract_text() for page in pages))


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text.replace(BREAK, ""))


def items(pack: Pack) -> set[str]:
    return {tile.item for tile in pack.tiles}


@pytest.mark.parametrize("view", ["executive", "lifecycle"])
def test_a_pack_comes_in_every_kind_and_says_day_filter_and_version(analyzed: Installation, view: str) -> None:
    pack = pack_of(analyzed, OPERATOR, view, segment="Growth")
    assert "As of 2026-11-09, Growth" in pack.said
    assert f"Facts version {analyzed.warehouse.version()}" in pack.said
    assert plain(pack.said) in text_of(pack)
    for kind, start in STARTS.items():
        assert printed(pack, kind).startswith(start)  # type: ignore[arg-type]


@pytest.mark.parametrize(("view", "expected"), [("executive", EXECUTIVE_ITEMS), ("lifecycle", LIFECYCLE_ITEMS)])
def test_everything_the_page_shows_can_be_read_in_the_pdf(analyzed: Installation, view: str, expected: set[str]) -> None:
    pack = pack_of(analyzed, OPERATOR, view)
    assert items(pack) == expected
    read = text_of(pack)
    for card in pack.cards:
        assert all(plain(said) in read for said in (card.label, card.value, card.note, *card.more)), card
    for tile in pack.tiles:
        assert tile.svg or tile.tables, tile
        cells = [cell for table in tile.tables for line in table.lines for cell in line]
        said = [tile.title, tile.finding, *tile.notes, *cells, *words_in(tile.svg)]
        assert all(plain(text) in read for text in said), tile


def test_the_executive_pack_explains_growth_and_names_what_is_left_out(analyzed: Installation) -> None:
    found = show_executive.show_executive(analyzed, OPERATOR, now=MOMENT)
    assert found.growth
    assert found.direct
    read = text_of(pack_of(analyzed, OPERATOR))
    for said in (
        found.growth.finding,
        "The four effects add up exactly",
        "not an effect of partners",
        "The long tail: the smaller half brings",
        found.direct.finding,
        *(driver.label for driver in found.growth.drivers),
        *(strength.label for strength in found.strengths),
        *(area.reason for area in found.areas),
        *(f"{number} {what}" for what, number in found.pipeline_by_stage.left_out),
    ):
        assert plain(said) in read, said


def test_over_all_time_growth_says_why_it_is_not_there(analyzed: Installation) -> None:
    growth = next(tile for tile in pack_of(analyzed, OPERATOR, period_days=None).tiles if tile.item == "growth")
    assert (growth.svg, growth.notes) == ("", ("All time has no period before it. Choose a period to see what changed.",))


def test_what_somebody_hid_is_printed_for_others_only(analyzed: Installation, dan: Viewer, ben: Viewer, person: None) -> None:
    hide_items(dan, "executive", frozenset({"growth", "pareto", "win_rate", f"{ON}velocity"}), now=MOMENT)
    own, others = pack_of(analyzed, dan), pack_of(analyzed, ben)
    assert items(own) == EXECUTIVE_ITEMS - {"growth", "pareto"}
    labels = {card.label for card in own.cards}
    assert "Win rate" not in labels
    assert labels - {card.label for card in others.cards} == {label_of(analyzed, "velocity")}
    assert "Growthexplained" not in text_of(own)
    assert items(others) == EXECUTIVE_ITEMS


def test_all_cards_are_hidden_together(analyzed: Installation, ben: Viewer, person: None) -> None:
    hide_items(ben, "executive", frozenset({"metrics"}), now=MOMENT)
    hide_items(ben, "lifecycle", frozenset({"stages", "regions"}), now=MOMENT)
    assert pack_of(analyzed, ben).cards == ()
    life = pack_of(analyzed, ben, "lifecycle")
    assert life.cards == ()
    assert items(life) == LIFECYCLE_ITEMS - {"regions"}


def test_what_nobody_is_offered_is_printed_for_nobody(analyzed: Installation, dan: Viewer, ben: Viewer, person: None) -> None:
    hide_items(dan, "executive", frozenset({f"{ON}velocity"}), now=MOMENT)
    offer_items(ben, "executive", frozenset({"direct", "velocity", "revenue"}), now=MOMENT)
    for viewer in (dan, ben, OPERATOR):
        pack = pack_of(analyzed, viewer)
        assert items(pack) == EXECUTIVE_ITEMS - {"direct", "revenue"}
        assert label_of(analyzed, "velocity") not in {card.label for card in pack.cards}


def test_cards_that_rest_are_not_printed_unless_switched_on(analyzed: Installation) -> None:
    found = show_executive.show_executive(analyzed, OPERATOR, now=MOMENT)
    assert [card.label for card in pack_of(analyzed, OPERATOR).cards] == [card.label for card in found.cards if card.shown]


def test_no_partner_of_another_segment_is_named(analyzed: Installation) -> None:
    everyone = show_executive.show_executive(analyzed, OPERATOR, now=MOMENT).concentration
    growth = show_executive.show_executive(analyzed, OPERATOR, now=MOMENT, segment="Growth").concentration
    assert everyone
    assert growth
    foreign = {one.name for one in everyone.top} - {one.name for one in growth.top}
    assert foreign
    printed_text = json.dumps(asdict(pack_of(analyzed, OPERATOR, segment="Growth")))
    assert all(one.name in printed_text for one in growth.top)
    assert not any(name in printed_text for name in foreign)


def test_a_manager_of_a_portfolio_is_printed_nobody_elses_partners(analyzed: Installation, ana: Viewer) -> None:
    manager = replace(ana, email="ines.quillon@quillharbor.example")
    everyone = show_executive.show_executive(analyzed, OPERATOR, now=MOMENT).concentration
    own = show_executive.show_executive(analyzed, manager, now=MOMENT).concentration
    assert everyone
    assert own
    foreign = {one.name for one in everyone.top} - {one.name for one in own.top}
    assert foreign
    printed_text = json.dumps(asdict(pack_of(analyzed, manager)))
    assert all(one.name in printed_text for one in own.top)
    assert not any(name in printed_text for name in foreign)
    # Who looks after nobody is printed nobody.
    assert ", 0 partners" in pack_of(analyzed, ana).said


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(name: str) -> None:
    drawn = bars_svg(name, [DrawnBar(name, 3.0, name, 1.0, 2.0, name)])
    fall = fall_svg(name, [FallRow(name, name, name, "", 0.0, 1.0)])
    for picture in (drawn, fall, curve_svg(name, [(0, 0), (1, 1)])):
        tags = {one.tag.rpartition("}")[2] for one in ET.fromstring(picture).iter()}  # noqa: S314 our own text
        assert tags <= {"svg", "title", "rect", "text", "line", "path", "polygon", "polyline"}
    table = PackTable((PackColumn(name, name), PackColumn(name)), ((name, name),))
    tile = PackTile(name, name, name, name, drawn, (table,), (name,))
    pack = Pack(name, name, (PackCard(name, name, name, name, name, name, (name,)),), (tile,))
    readable = plain("".join(sign if sign.isprintable() else " " for sign in name))
    # Title and footer, what is said, the card's six, heads, cells, finding and note.
    assert text_of(pack).count(readable) >= 12
    assert printed(pack, "svg").startswith(b"<svg")


def test_a_very_long_name_stays_on_its_page_and_in_its_column() -> None:
    for name in ("W" * 5000, "界" * 3000, "word " * 2000, "\u202e" * 50 + "x" * 400):
        tables = beside("Measure", tuple((f"{place} {name}", name) for place in range(8)), ((name, (name,) * 8),))
        assert len(tables) == 2
        tile = PackTile("a", "a", name, name, bars_svg(name, [DrawnBar(name, 1.0, name, detail=name)]), tables, (name,))
        pack = Pack(name, name, (PackCard(name, name, name, moved=name, more=(name,)),) * 4, (tile,))
        pages = PdfReader(BytesIO(printed(pack, "pdf"))).pages
        assert len(pages) < 20
        assert max(place for page in pages for place in places(page)) < float(pages[0].mediabox.width)


def test_a_long_segment_does_not_push_the_facts_version_out(analyzed: Installation) -> None:
    pack = pack_of(analyzed, OPERATOR, segment="#" * 250, tier="<b>" * 80)
    read = text_of(pack)
    assert plain(pack.said) in read
    assert "Factsversion" in read


def test_a_label_is_cut_where_the_bar_begins() -> None:
    (label, *_) = words_in(bars_svg("t", [DrawnBar("M" * 40, 1.0, "1")]))
    assert label.endswith("…")
    assert len(label) < 20
    assert words_in(bars_svg("t", [DrawnBar("Public sector", 1.0, "1")]))[0] == "Public sector"


def test_a_partner_gets_no_pack_and_a_viewer_none_of_the_lifecycle(analyzed: Installation, cleo: Viewer, dan: Viewer) -> None:
    for viewer, view in ((cleo, "executive"), (cleo, "lifecycle"), (dan, "lifecycle"), (dan, "no_view")):
        with pytest.raises(NotForThisViewer):
            pack_of(analyzed, viewer, view)
    assert pack_of(analyzed, dan).tiles


@pytest.fixture
def person(dan: Viewer, ben: Viewer) -> None:
    """Both are known to the ledger, which keeps what they hide."""
    for one in (dan, ben):
        person = PersonRecord(one.email, one.name, one.role.value, None, True)
        add_person(person, password="working sessions in november", actor="tests", now=MOMENT)


def label_of(installation: Installation, metric: str) -> str:
    found = show_executive.show_executive(installation, OPERATOR, now=MOMENT)
    return next(card.label for card in found.cards if card.metric == metric)


def words_in(svg: str) -> list[str]:
    if not svg:
        return []
    return [one.text or "" for one in ET.fromstring(svg).iter() if one.tag.endswith("text")]  # noqa: S314 our own text


def places(page: Any) -> list[float]:
    """Where pieces of text begin, from the left."""
    found: list[float] = []
    page.extract_text(visitor_text=lambda text, cm, tm, *_: found.append(tm[4] * cm[0] + cm[4]) if text.strip() else None)
    return found
