"""Text files: a fast reader for those whose every line is regular, a careful one for the rest."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from nextplay.facts.intake.sheet import BATCH_ROWS, FAULT, LINE, Sheet, refuse_nul
from nextplay.facts.intake.survey import Survey, survey
from nextplay.facts.intake.unreadable import UnreadableFile

DELIMITERS = (",", ";", "\t", "|")
# The longest value a careful reader takes: a longer one is a quotation mark that was never closed.
LONGEST_VALUE = 4_000_000
_CAREFUL_ROWS = 50_000
_SAVE_AS = "Save it again as “CSV UTF-8” (in Excel: Save as, CSV UTF-8)."


def open_csv(path: Path, name: str) -> Sheet:
    """Look at a text file once. Raises UnreadableFile where it is no table in UTF-8."""
    header_line = _header_line(path, name)
    delimiter = _delimiter(header_line)
    header = _header(header_line, delimiter, name)
    found = survey(path, delimiter)
    if found.regular(len(header)) and "\n" not in header_line.rstrip("\r\n"):
        return RegularCsv(path, name, header, delimiter, found)
    return CarefulCsv(path, name, header, delimiter, found)


class RegularCsv(Sheet):
    """Every record has as many values as the header: Polars reads it on all cores."""

    def __init__(self, path: Path, name: str, header: list[str], delimiter: str, found: Survey) -> None:
        """Keep what the survey found."""
        self.path, self.name, self.header, self.delimiter, self.found = path, name, header, delimiter, found
        self.rows = found.records - 1 - found.blank

    def batches(self) -> Iterator[pl.DataFrame]:
        """Batches in the file's order. A stray quotation mark that Polars cannot take sends the rest to the careful reader."""
        rows = 0
        try:
            for batch in self._scan().collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
                numbered = self._numbered(batch, rows)
                rows += batch.height
                yield numbered
        except pl.exceptions.ComputeError:
            done = self.found.lines_of(np.array([rows], dtype=np.int64)).item()
            careful = CarefulCsv(self.path, self.name, self.header, self.delimiter, self.found)
            for batch in careful.batches():
                rest = batch.filter(pl.col(LINE) > done) if rows else batch
                if not rest.is_empty():
                    yield rest

    def counts(self, column: str) -> dict[str, int]:
        """The same from one column alone, which is far cheaper."""
        values = pl.col(column).str.strip_chars().alias("value")
        try:
            counted = self._scan().select(values).drop_nulls().group_by("value").len().collect()
        except pl.exceptions.ComputeError:
            return super().counts(column)
        return dict(counted.iter_rows())

    def _scan(self) -> pl.LazyFrame:
        schema = {name: pl.String() for name in self.header}
        return pl.scan_csv(self.path, separator=self.delimiter, schema=schema, has_header=True, low_memory=True)

    def _numbered(self, batch: pl.DataFrame, before: int) -> pl.DataFrame:
        records = np.arange(before + 1, before + 1 + batch.height, dtype=np.int64)
        lines = pl.Series(LINE, self.found.lines_of(records))
        numbered = batch.with_columns(lines, pl.lit(None, dtype=pl.String).alias(FAULT))
        numbered = refuse_nul(numbered) if self.found.has_nul else numbered
        return numbered.filter(~pl.all_horizontal(pl.col(self.header).is_null())) if self.found.blank else numbered


class CarefulCsv(Sheet):
    """Some record is too long, too short or oddly quoted: read one by one, so that only those are refused."""

    def __init__(self, path: Path, name: str, header: list[str], delimiter: str, found: Survey) -> None:
        """Keep what the survey found."""
        self.path, self.name, self.header, self.delimiter = path, name, header, delimiter
        self.rows = max(0, found.records - 1 - found.blank)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Batches in the file's order."""
        csv.field_size_limit(LONGEST_VALUE)
        rows: list[list[str | None]] = []
        lines: list[int] = []
        faults: list[str | None] = []
        for line, values, fault in self._records():
            rows.append(values)
            lines.append(line)
            faults.append(fault)
            if len(rows) >= _CAREFUL_ROWS:
                yield self._frame(rows, lines, faults)
                rows, lines, faults = [], [], []
        if rows:
            yield self._frame(rows, lines, faults)

    def _records(self) -> Iterator[tuple[int, list[str | None], str | None]]:
        width = len(self.header)
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self._refuse_unclosed(error, line)
                    yield line, [None] * width, "The quotation marks on this line do not pair. Double each one inside a value."
                    continue
                if any(values):
                    fitted: list[str | None] = [*values[:width], *[None] * (width - len(values))]
                    yield line, fitted, _length_fault(len(values), width)

    def _refuse_unclosed(self, error: csv.Error, line: int) -> None:
        if "unexpected end" in str(error) or "field limit" in str(error):
            raise UnreadableFile(
                self.name, f"a quotation mark opened on line {line} is never closed.", "Close it, or export the file again."
            ) from error

    def _frame(self, rows: list[list[str | None]], lines: list[int], faults: list[str | None]) -> pl.DataFrame:
        frame = pl.DataFrame(rows, schema=dict.fromkeys(self.header, pl.String), orient="row")
        return refuse_nul(frame.with_columns(pl.Series(LINE, lines, pl.Int64), pl.Series(FAULT, faults, pl.String)))


def _length_fault(values: int, expected: int) -> str | None:
    if values == expected:
        return None
    hint = "Is it cut off?" if values < expected else "Put quotation marks around a value that holds the separator."
    return f"This line has {values} {'value' if values == 1 else 'values'} where the header names {expected}. {hint}"


def _header_line(path: Path, name: str) -> str:
    with path.open("rb") as file:
        start = file.read(1 << 20)
    if not start:
        raise UnreadableFile(name, "is empty (0 bytes).", "Export it again.")
    _refuse_other_formats(start, name)
    text = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode(start)
    if "\ufffd" in text.split("\n", 1)[0]:
        raise UnreadableFile(name, "is not UTF-8 text: line 1 holds other bytes.", _SAVE_AS)
    line = io.StringIO(text, newline=None).readline()
    if line.count('"') % 2:
        line = text
    if not line.strip():
        raise UnreadableFile(name, "its first line is empty.", "The first line names the columns.")
    return line


def _refuse_other_formats(start: bytes, name: str) -> None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile(name, "is UTF-16 text, not UTF-8.", _SAVE_AS)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(
            name, "is a spreadsheet with the name of a CSV file.", "Rename it to .xlsx, or save it as CSV UTF-8."
        )
    if start.startswith((b"PAR1", b"%PDF", b"\x1f\x8b")) or b"\0" in start.split(b"\n", 1)[0]:
        raise UnreadableFile(name, "is not a table but some other kind of file.", "Export it as CSV, XLSX or Parquet.")


def _delimiter(header_line: str) -> str:
    unquoted = "".join(header_line.split('"')[::2])
    counts = Counter({delimiter: unquoted.count(delimiter) for delimiter in DELIMITERS})
    best, count = counts.most_common(1)[0]
    return best if count else ","


def _header(header_line: str, delimiter: str, name: str) -> list[str]:
    names = next(csv.reader(io.StringIO(header_line), delimiter=delimiter))
    return checked_header(names, name)


def checked_header(names: list[str], file: str) -> list[str]:
    """Names of columns, stripped; a column without one is called by its place. Raises UnreadableFile for a name given twice."""
    plain = [re.sub(r"[\x00-\x1f]+", " ", name).strip() for name in names]
    header = [name or f"column {place}" for place, name in enumerate(plain, start=1)]
    twice = sorted(name for name, count in Counter(name.casefold() for name in header).items() if count > 1)
    if twice:
        raise UnreadableFile(file, f"two columns are named {', '.join(twice)}.", "Give each column its own name.")
    return header
