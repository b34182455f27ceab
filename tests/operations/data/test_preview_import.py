"""What is shown before anything is loaded."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.operations.data.preview_import import FilePreview, preview_import
from tests.facts.files import NOW, PARTNERS, Desk, write


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on DuckDB."""
    made = Desk(tmp_path)
    yield made
    made.warehouse.close()


def _preview(desk: Desk, mappings: dict[str, ColumnMapping] | None = None, **texts: str) -> dict[str, FilePreview]:
    paths = write(desk.folder / "in", **texts)
    return {file.table: file for file in preview_import(desk.installation, paths, now=NOW, mappings=mappings).files}


def test_columns_are_shown_with_what_they_were_taken_for_how_surely_and_examples(desk: Desk) -> None:
    file = _preview(desk, deals="Opportunity ID,Stage,Fax\nd1,Closed Won,1\nd2,lost,\n")["deals"]
    columns = {column.column: column for column in file.columns}
    assert (columns["Opportunity ID"].means, columns["Opportunity ID"].origin) == ("deal_id", "guessed")
    assert columns["Stage"].confidence > columns["Opportunity ID"].confidence
    assert columns["Fax"].means is None
    assert columns["Stage"].examples == ["Closed Won", "lost"]


def test_rows_are_shown_as_they_would_be_stored_and_nothing_is(desk: Desk) -> None:
    files = _preview(desk, partners=PARTNERS, deals="deal_id,partner_id,stage\nd1,p1,Closed Won\n")
    assert files["deals"].first_rows == [{"deal_id": "d1", "partner_id": "p1", "stage": "won"}]
    assert (files["deals"].ready, files["deals"].checked, files["deals"].rows) == (1, 1, 1)
    assert desk.rows("partners") == []
    assert not desk.home.mappings.exists()
    assert desk.warehouse.version().facts == 0


def test_problems_are_grouped_by_what_there_is_to_do(desk: Desk) -> None:
    rows = "d1,p1,maybe\nd2,p1,perhaps\nd3,p9,won\nd4,p1,won\nd4,p1,lost\n"
    file = _preview(desk, partners=PARTNERS, deals="deal_id,partner_id,stage\n" + rows)["deals"]
    assert file.ready == 1
    first = file.problems[0]
    assert (first.column, first.rows, first.lines) == ("stage", 2, [2, 3])
    assert {value for problem in file.problems for value in problem.values} == {"maybe", "perhaps", "p9", "d4"}


def test_a_key_given_twice_is_told_where_nothing_else_is_wrong(desk: Desk) -> None:
    file = _preview(desk, partners=f"{PARTNERS}p1,Again,active\n")["partners"]
    assert file.checked - file.ready == 1
    assert [(problem.column, problem.values) for problem in file.problems] == [("partner_id", ["p1"])]


def test_a_missing_required_column_is_named_and_a_mapping_mends_it(desk: Desk) -> None:
    text = "Nr,stage\nd1,won\n"
    assert _preview(desk, deals=text)["deals"].missing == ["deal_id"]
    assert _preview(desk, deals=text)["deals"].checked == 0
    mended = _preview(desk, {"deals": ColumnMapping("deals", {"Nr": "deal_id"})}, deals=text)["deals"]
    assert (mended.missing, mended.ready) == ([], 1)


def test_what_the_preview_promises_the_import_keeps(desk: Desk) -> None:
    text = "deal_id,partner_id,stage,amount\nd1,p1,won,1\nd2,p1,won,x\nd3,p7,won,1\nd1,p2,lost,1\n"
    file = _preview(desk, partners=PARTNERS, deals=text)["deals"]
    report = desk.load(*write(desk.folder / "in", partners=PARTNERS, deals=text))
    assert (file.ready, file.checked - file.ready) == (report.tables[1].added, report.tables[1].rejected) == (1, 3)


def test_a_file_that_cannot_be_used_says_so_before_it_is_loaded(desk: Desk) -> None:
    with pytest.raises(UnreadableFile, match="not named after a table"):
        _preview(desk, export="a,b\n1,2\n")


def test_a_preview_is_plain_values(desk: Desk) -> None:
    paths = write(desk.folder / "in", partners=PARTNERS)
    read = json.loads(json.dumps(preview_import(desk.installation, paths, now=NOW).as_json(), default=str))
    assert read["files"][0]["table"] == "partners"
    assert "tier" in read["accepted"]["partners"]
