"""Rows for a spreadsheet, under the asker's own scope; text that a spreadsheet would run is neutralised."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import ibis.expr.types as ir
import polars as pl
import xlsxwriter

from nextplay.facts.contract import BY_NAME
from nextplay.facts.scope import ScopedFacts
from nextplay.operations.installation import Installation
from nextplay.operations.narrowing import Narrowing, narrowed
from nextplay.operations.viewer import TEAM, NotForThisViewer, Role, Viewer, reach_of, require

FileKind = Literal["csv", "xlsx"]
MEDIA_TYPE = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a spreadsheet takes for the beginning of a formula; a tab or a line break may hide one.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_A_CHUNK = 50_000
# A sheet holds 1,048,576 rows, one of them the header.
SHEET_ROWS = 1_048_575
# What we think and write about a partner is not the partner's to export.
_INTERNAL = {"partners": ("notes", "tier_source", "observed_at")}


class TooManyRows(ValueError):
    """A sheet cannot hold the rows."""


def neutral(value: Any) -> Any:
    """A value that no spreadsheet runs as a formula: risky text gets a leading apostrophe, everything else stays."""
    if isinstance(value, str):
        start = value.lstrip(" ")
        return f"'{value}" if start.startswith(_DANGEROUS) or value.startswith(_DANGEROUS) else value
    return value


def export_rows(
    installation: Installation,
    viewer: Viewer,
    *,
    table: str,
    as_of: date,
    segment: str | None = None,
    tier: str | None = None,
    kind: FileKind = "csv",
    narrowing: Narrowing | None = None,
) -> Iterator[bytes]:
    """One fact table as the viewer may see it, as chunks of a file; of partners, only those that fit the narrowing.

    Without a segment, who sees everyone's gets the direct deals and direct revenue too: that is the whole table.

    Raises NotForThisViewer for a table that is none, or not theirs, and TooManyRows where a sheet cannot hold them.
    """
    facts = installation.facts(as_of, reach_of(viewer, installation.program), segment, tier)
    rows = _rows(facts, viewer, table)
    if narrowing is not None and table == "partners":
        # What the analysis says is not the partner's to ask.
        require(viewer, *TEAM)
        fitting = narrowed(facts, narrowing, address_below=installation.program.rubric.address_below)
        rows = rows.semi_join(fitting, "partner_id")
    if kind == "xlsx":
        return as_sheet(table, installation.warehouse.read(rows))
    return _table_as_csv(installation, rows, BY_NAME[table].key)


def _rows(facts: ScopedFacts, viewer: Viewer, table: str) -> ir.Table:
    if table not in BY_NAME:
        raise NotForThisViewer
    partner = viewer.role is Role.PARTNER
    rows = _scoped(facts, viewer, table)
    if partner and table == "documents":
        rows = rows.filter(rows.author == "partner")
    hidden = (*_INTERNAL.get(table, ()), "observed_at") if partner else ()
    wanted = [column.name for column in BY_NAME[table].columns if column.name not in hidden]
    # Without what the contract does not know: no worked-out columns, so that the file can be imported again.
    return rows.select(*wanted).order_by(BY_NAME[table].key)


def _scoped(facts: ScopedFacts, viewer: Viewer, table: str) -> ir.Table:
    if table == "accounts":
        customers = facts.accounts
        whole = viewer.role in (Role.ADMIN, Role.VIEWER) and not _of_a_segment(facts)
        return customers if whole else customers.semi_join(facts.deals, "account")
    if table == "changes":
        changes = facts.changes
        if viewer.role is Role.PARTNER:
            # A partner sees how its deals moved; tiers and owners are our side of the book.
            changes = changes.filter(changes.entity == "deal")
        deals = _with_direct(facts, "deals")
        of_deals = changes.filter(changes.entity == "deal").semi_join(deals, changes.entity_id == deals.deal_id)
        of_partners = changes.filter(changes.entity == "partner")
        return of_deals.union(of_partners.semi_join(facts.partners, of_partners.entity_id == facts.partners.partner_id))
    if table in ("deals", "revenue"):
        return _with_direct(facts, table)
    rows: ir.Table = getattr(facts, table)
    return rows


def _with_direct(facts: ScopedFacts, table: str) -> ir.Table:
    rows: ir.Table = getattr(facts, table)
    return rows if _of_a_segment(facts) else rows.union(getattr(facts, f"direct_{table}"))


def _of_a_segment(facts: ScopedFacts) -> bool:
    return bool(facts.scope.segment or facts.scope.tier)


def as_csv(frame: pl.DataFrame) -> Iterator[bytes]:
    """A frame as chunks of a CSV file."""
    # A byte-order mark, or a spreadsheet would read the text as its own local encoding.
    yield BYTE_ORDER_MARK + _lines([frame.columns])
    for chunk in frame.iter_slices(_ROWS_A_CHUNK):
        yield _lines(_cells(chunk))


def _table_as_csv(installation: Installation, rows: ir.Table, key: str) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK + _lines([rows.columns])
    after: str | None = None
    while True:
        left = rows if after is None else rows.filter(rows[key] > after)
        chunk = installation.warehouse.read(left.order_by(key).limit(_ROWS_A_CHUNK))
        if not chunk.is_empty():
            yield _lines(_cells(chunk))
        if chunk.height < _ROWS_A_CHUNK:
            return
        after = chunk[key][-1]


def _lines(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cells(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    moments = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    plain = frame.with_columns(
        *(pl.col(name).list.join(";") for name in lists),
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ") for name in moments),
    )
    return (tuple(neutral(value) for value in row) for row in plain.iter_rows())


def as_sheet(table: str, frame: pl.DataFrame) -> Iterator[bytes]:
    """A frame as chunks of an XLSX file with one sheet. Raises TooManyRows where a sheet cannot hold it."""
    if frame.height > SHEET_ROWS:
        raise TooManyRows(f"A sheet holds {SHEET_ROWS:,} rows and {table} has {frame.height:,}. Take CSV.")
    return _sheet_bytes(table, frame)


def _sheet_bytes(table: str, frame: pl.DataFrame) -> Iterator[bytes]:
    with TemporaryDirectory(prefix="nextplay-export-") as folder:
        file = Path(folder) / "rows.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet(table)
            sheet.write_row(0, 0, frame.columns)
            for line, row in enumerate(_cells(frame), start=1):
                sheet.write_row(line, 0, [float(value) if isinstance(value, Decimal) else value for value in row])
        with file.open("rb") as whole:
            while chunk := whole.read(1 << 16):
                yield chunk
