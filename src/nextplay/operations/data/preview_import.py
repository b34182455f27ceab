"""What an import would do, shown before anything is loaded: columns, first rows as they would be stored, problems so far."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from nextplay.facts.contract import BY_NAME, Kind
from nextplay.facts.intake.check import COLUMN, REASON, SOURCE_LINE, VALUE, Checked, Checker
from nextplay.facts.intake.columns import ColumnMapping, Match
from nextplay.facts.intake.convert import as_text, is_ambiguous
from nextplay.facts.intake.known import known_for, reporting_currency
from nextplay.facts.intake.reading import Reading, match_sources
from nextplay.facts.intake.sheet import LINE
from nextplay.facts.intake.sources import find_sources
from nextplay.facts.tables import stored
from nextplay.operations.installation import Installation
from nextplay.values.period import naive_utc

# Enough to meet most kinds of problem, and quick enough to wait for.
CHECKED_ROWS = 20_000
SHOWN_ROWS = 8
EXAMPLES = 3
VALUES_A_PROBLEM = 20


@dataclass(frozen=True)
class ColumnPreview:
    """A column of the file, what it was taken for (None: not used), how sure that is, and a few of its values."""

    column: str
    means: str | None
    confidence: float
    origin: str
    examples: list[str]


@dataclass(frozen=True)
class Problem:
    """Rows that fail in one column for one reason, with the values met and the first lines.

    `means` is our column. Where a mapping can mend it, `words` names what a value can mean, and `dates_unclear` says that
    some can be read by day or by month first.
    """

    column: str | None
    reason: str
    rows: int
    values: list[str]
    lines: list[int]
    means: str = ""
    words: list[str] = field(default_factory=list)
    dates_unclear: bool = False


@dataclass(frozen=True)
class FilePreview:
    """One file or sheet. `ready` of `checked` rows would load; `rows` are in the file. `missing` are required columns."""

    file: str
    table: str
    rows: int
    columns: list[ColumnPreview]
    mapping: dict[str, Any]
    missing: list[str]
    checked: int
    ready: int
    first_rows: list[dict[str, Any]]
    problems: list[Problem]
    # file, line, column, value, reason
    rejected_rows: list[dict[str, Any]]


@dataclass(frozen=True)
class ImportPreview:
    """Every file of an import. `accepted` names, for each table in it, the columns a column of a file can be taken for."""

    files: list[FilePreview]
    left_aside: list[str]
    accepted: dict[str, list[str]]

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self)


def preview_import(
    installation: Installation,
    paths: list[Path],
    *,
    now: datetime,
    table: str | None = None,
    mappings: dict[str, ColumnMapping] | None = None,
) -> ImportPreview:
    """Read the beginning of each file as an import would. Raises UnreadableFile for a file that cannot be used at all."""
    found = find_sources(paths, table)
    readings = match_sources(found.sources, mappings or {}, installation.home.mappings)
    partners = _partners(installation, readings)
    standing = installation.standing
    reporting = standing.program.currency or standing.usual_currency or reporting_currency(standing.program, None, readings)
    files = []
    for reading in readings:
        known = known_for(reading.table, installation.program, partners, reporting, naive_utc(now))
        files.append(_file(reading, Checker(reading.table, reading.sheet.header, reading.mapping, known)))
    accepted = {reading.table.name: [column.name for column in reading.table.columns] for reading in readings}
    return ImportPreview(files, found.left_aside, accepted)


def _partners(installation: Installation, readings: list[Reading]) -> pl.Series:
    """Partners stored, and those the same import brings."""
    held = installation.warehouse.read(stored("partners")[["partner_id"]]).to_series()
    brought = [
        as_text(batch[column])
        for reading in readings
        if reading.table is BY_NAME["partners"] and (column := reading.column_of("partner_id")) is not None
        for batch in reading.sheet.batches()
    ]
    return pl.concat([held, *brought]).drop_nulls().unique() if brought else held


def _file(reading: Reading, checker: Checker) -> FilePreview:
    head = reading.sheet.head(CHECKED_ROWS)
    missing = [column.name for column in reading.table.columns if column.required and column not in checker.present]
    checked = Checked(pl.DataFrame(), pl.DataFrame()) if missing else _without_duplicates(checker, head, reading.table.key)
    rejected = checked.rejected
    return FilePreview(
        file=reading.sheet.name,
        table=reading.table.name,
        rows=reading.sheet.rows,
        columns=[_column(match, head) for match in reading.matches],
        mapping=asdict(reading.mapping),
        missing=missing,
        checked=0 if missing else head.height,
        ready=checked.good.height,
        first_rows=checked.good.drop(SOURCE_LINE, strict=False).head(SHOWN_ROWS).to_dicts(),
        problems=_problems(rejected, checker),
        rejected_rows=_shown(rejected, reading.sheet.name),
    )


def _without_duplicates(checker: Checker, head: pl.DataFrame, key: str) -> Checked:
    checked = checker.check(head)
    later = checked.good.filter(~pl.col(key).is_first_distinct())
    if later.is_empty():
        return checked
    rows = head.join(later.select(pl.col(SOURCE_LINE).alias(LINE)), on=LINE, how="semi", maintain_order="left")
    twice = checker.rejected(rows, key, pl.lit(f"is the {key} of an earlier line. Give this row its own, or remove it."))
    return Checked(checked.good.filter(pl.col(key).is_first_distinct()), pl.concat([checked.rejected, twice]))


def _column(match: Match, head: pl.DataFrame) -> ColumnPreview:
    values = as_text(head[match.column]).drop_nulls().unique(maintain_order=True).head(EXAMPLES)
    return ColumnPreview(match.column, match.means, match.confidence, match.origin, values.str.slice(0, 60).to_list())


def _problems(rejected: pl.DataFrame, checker: Checker) -> list[Problem]:
    """Grouped by what there is to do about them: the reason without its value."""
    if rejected.is_empty():
        return []
    plain = pl.col(REASON).str.replace("^“.*?” ", "")
    grouped = (
        rejected.group_by(pl.col(COLUMN), plain.alias(REASON))
        .agg(
            pl.len().alias("rows"),
            pl.col(VALUE).drop_nulls().unique(maintain_order=True).head(VALUES_A_PROBLEM),
            pl.col(LINE).head(10),
            is_ambiguous(pl.col(VALUE)).any().alias("slashed"),
        )
        .sort(["rows", REASON, COLUMN], descending=[True, False, False], nulls_last=True)
    )
    return [_problem(row, checker) for row in grouped.iter_rows(named=True)]


def _problem(row: dict[str, Any], checker: Checker) -> Problem:
    means = next((ours for ours, theirs in checker.source.items() if theirs == row[COLUMN]), "")
    own = next((column for column in checker.present if column.name == means), None)
    return Problem(
        column=row[COLUMN],
        reason=row[REASON],
        rows=row["rows"],
        values=row[VALUE],
        lines=row[LINE],
        means=means,
        # An empty cell is no word that could mean something.
        words=list(dict.fromkeys(checker.known.words.get(means, {}).values())) if row[VALUE] else [],
        dates_unclear=bool(own and own.kind is Kind.TIME and row["slashed"]),
    )


def _shown(rejected: pl.DataFrame, file: str) -> list[dict[str, Any]]:
    if rejected.is_empty():
        return []
    names = {LINE: "line", COLUMN: "column", VALUE: "value", REASON: "reason"}
    return rejected.head(SHOWN_ROWS).select(pl.lit(file).alias("file"), pl.col(*names)).rename(names).to_dicts()
