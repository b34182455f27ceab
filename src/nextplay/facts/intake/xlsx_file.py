"""Spreadsheets: one sheet a table. What a hostile file would unpack to is measured before anything opens it."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from nextplay.facts.intake.csv_file import checked_header
from nextplay.facts.intake.sheet import FAULT, LINE, Sheet
from nextplay.facts.intake.unreadable import UnreadableFile

# A million rows of a dozen columns unpack to about 600 MB.
_UNPACKED_LIMIT = 1 << 30
# Ordinary sheets pack 5 to 30 times; a bomb a thousand times and more.
_RATIO_LIMIT = 200
_RATIO_MATTERS_FROM = 20 << 20
_CELLS_LIMIT = 60_000_000
_CELL = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
_HEADER_WITHIN = 20
_CHUNK = 1 << 20


def open_xlsx(path: Path, name: str) -> list[Sheet]:
    """Every sheet that holds anything. Raises UnreadableFile for what is no workbook, is damaged, or unpacks to too much."""
    _inspect(path, name)
    try:
        book = fastexcel.read_excel(path)
        frames = [(title, book.load_sheet(title, header_row=None, dtypes="string").to_polars()) for title in book.sheet_names]
    except (fastexcel.FastExcelError, RuntimeError) as error:
        raise UnreadableFile(name, "is not a workbook that can be read.", "Save it again as .xlsx.") from error
    sheets: list[Sheet] = [_sheet(name, title, frame) for title, frame in frames if not frame.is_empty()]
    if not sheets:
        raise UnreadableFile(name, "has no sheet with anything in it.", "Put one table on each sheet.")
    return sheets


class XlsxSheet(Sheet):
    """One sheet. A line is the sheet's row."""

    def __init__(self, name: str, title: str, header: list[str], frame: pl.DataFrame) -> None:
        """`frame` holds the rows below the header, with their lines."""
        self.name, self.title, self.header, self._frame, self.rows = name, title, header, frame, frame.height

    def batches(self) -> Iterator[pl.DataFrame]:
        """All rows at once: a sheet has a million at most."""
        if not self._frame.is_empty():
            yield self._frame


def _sheet(name: str, title: str, frame: pl.DataFrame) -> XlsxSheet:
    shown = f"{name}, sheet “{title}”"
    first = _header_row(frame)
    names = ["" if value is None else str(value) for value in frame.row(first)]
    used = [place for place, column in enumerate(frame.columns) if names[place] or not _empty(frame[column][first + 1 :])]
    header = checked_header([names[place] for place in used], shown)
    lines = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True).alias(LINE)
    columns = [frame.to_series(place).alias(header[at]).cast(pl.String) for at, place in enumerate(used)]
    rows = pl.DataFrame([*columns, lines]).slice(first + 1).filter(~pl.all_horizontal(pl.col(header).is_null()))
    return XlsxSheet(shown, title, header, rows.with_columns(pl.lit(None, dtype=pl.String).alias(FAULT)))


def _empty(values: pl.Series) -> bool:
    return values.null_count() == len(values)


def _header_row(frame: pl.DataFrame) -> int:
    """The fullest of the first rows: titles and notes above a table fill a cell or two."""
    filled = frame.head(_HEADER_WITHIN).select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int64))).to_series()
    most = filled.max()
    enough = filled * 2 > (most if isinstance(most, int) else 0)
    return int(enough.arg_max() or 0)


def _inspect(path: Path, name: str) -> None:
    """Unpack every part once, counting and keeping nothing. Declared sizes may lie; the checksum shows it."""
    limit = max(_RATIO_MATTERS_FROM, min(_UNPACKED_LIMIT, path.stat().st_size * _RATIO_LIMIT))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limit:
                raise _bomb(name)
            total = 0
            for part in parts:
                total += _unpacked(archive, part, limit - total, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableFile(name, "is not an .xlsx workbook, or is damaged.", "Save it again as .xlsx.") from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, allowed: int, name: str) -> int:
    size, tail, widest, lowest = 0, b"", 0, 0
    cells = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > allowed:
                raise _bomb(name)
            if cells:
                found = _CELL.findall(tail + chunk)
                widest = max([widest, *map(_column_number, {column for column, _ in found})])
                lowest = max([lowest, *(int(row) for _, row in found[-1:])])
                tail = chunk[-64:]
    if widest * lowest > _CELLS_LIMIT:
        raise _bomb(name)
    return size


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bomb(name: str) -> UnreadableFile:
    return UnreadableFile(
        name, "would unpack to far more than a workbook of this size holds.", "Save the tables alone, or send them as CSV."
    )
