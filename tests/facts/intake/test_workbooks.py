"""Workbooks: one sheet a table, and bombs that never go off."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from nextplay.facts.intake.sheet import LINE
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.facts.intake.xlsx_file import open_xlsx
from tests.facts.files import Desk


def _workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(place, column, value, day)
                else:
                    sheet.write(place, column, value)
    book.close()
    return path


def test_each_sheet_is_a_table_and_others_are_left_aside(desk: Desk, tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "export.xlsx",
        Notes=[["nothing"]],
        Deals=[["Deal ID", "Partner", "Stage", "Amount", "Opened"], ["d1", "p1", "Closed Won", 12.5, datetime(2026, 3, 4)]],
        Partners=[["partner_id", "name", "lifecycle_stage", "employees"], ["p1", "=SUM(A1)", "Active", 12]],
    )
    report = desk.load(path)
    assert [table.table for table in report.tables] == ["partners", "deals"]
    assert report.left_aside == ["export.xlsx, sheet “Notes”"]
    assert desk.rows("partners", "name", "employee_count") == [("=SUM(A1)", 12.0)]
    assert desk.rows("deals", "stage", "opened_at") == [("won", datetime(2026, 3, 4))]


def test_a_header_below_a_title_is_found_and_a_line_is_the_sheets_row(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "deals.xlsx", Deals=[["Our deals"], [], ["deal_id", "stage"], ["d1", "won"], [], ["d2", "lost"]]
    )
    [sheet] = open_xlsx(path, path.name)
    assert sheet.header == ["deal_id", "stage"]
    [batch] = list(sheet.batches())
    assert batch.select("deal_id", LINE).rows() == [("d1", 4), ("d2", 6)]


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(UnreadableFile, match="unpack to far more"):
        open_xlsx(path, path.name)


def test_two_cells_far_apart_do_not_fill_the_memory_between_them(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "deals.xlsx"))
    sheet = book.add_worksheet("Deals")
    sheet.write(0, 0, "deal_id")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(UnreadableFile, match="unpack to far more"):
        open_xlsx(tmp_path / "deals.xlsx", "deals.xlsx")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "deals.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"not an \.xlsx workbook"):
        open_xlsx(path, path.name)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableFile, match="not a workbook"):
        open_xlsx(path, path.name)
