"""A file, the table it holds, and how it is read: everything that is settled before the first row is checked."""

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from nextplay.facts.contract import BY_NAME, FactTable, Kind
from nextplay.facts.intake.columns import (
    REJECTED_COLUMNS,
    ColumnMapping,
    Match,
    load_mapping,
    match_columns,
    merged,
    require_columns,
    save_mapping,
)
from nextplay.facts.intake.convert import as_text, clear_order
from nextplay.facts.intake.sheet import Sheet
from nextplay.facts.intake.sources import Source

# Enough rows to see whether a column's dates begin with the day or the month.
_DATE_SAMPLE = 20_000


@dataclass(frozen=True)
class Reading:
    """One sheet with its columns matched."""

    table: FactTable
    sheet: Sheet
    matches: list[Match]
    mapping: ColumnMapping

    @property
    def unknown_columns(self) -> list[str]:
        """Columns of the file that nothing is done with."""
        return [match.column for match in self.matches if match.means is None and match.column not in REJECTED_COLUMNS]

    def column_of(self, ours: str) -> str | None:
        """The file's name for a column of ours, or None."""
        return next((match.column for match in self.matches if match.means == ours), None)


def match_sources(sources: list[Source], given: dict[str, ColumnMapping], folder: Path) -> list[Reading]:
    """Match the columns of each source. Raises UnreadableFile where a remembered mapping cannot be used."""
    return [_match(source, given.get(source.table), load_mapping(folder, source.table)) for source in sources]


def require_all(readings: list[Reading]) -> None:
    """Raise UnreadableFile for the first file without a required column."""
    for reading in readings:
        require_columns(reading.table, reading.matches, reading.sheet.name)


def remember(readings: list[Reading], folder: Path) -> None:
    """Save how each table was read, for next time."""
    for reading in readings:
        held = load_mapping(folder, reading.table.name) or ColumnMapping(reading.table.name)
        chosen = {match.column: match.means for match in reading.matches if match.means is not None or match.origin == "given"}
        mapping = replace(held, columns=held.columns | chosen, values=reading.mapping.values, dates=held.dates)
        if mapping != held:
            save_mapping(folder, mapping)


def _match(source: Source, given: ColumnMapping | None, saved: ColumnMapping | None) -> Reading:
    table = BY_NAME[source.table]
    matches = match_columns(table, source.sheet.header, given, saved)
    mapping = merged(given, saved, matches, table.name)
    times = {column.name for column in table.columns if column.kind is Kind.TIME} - set(mapping.dates)
    wanted = {match.means: match.column for match in matches if match.means in times}
    if wanted:
        head = source.sheet.head(_DATE_SAMPLE)
        orders = {ours: clear_order(as_text(head[name])) for ours, name in wanted.items() if head[name].dtype == pl.String}
        mapping = replace(mapping, dates=mapping.dates | {name: order for name, order in orders.items() if order and name})
    return Reading(table, source.sheet, matches, mapping)
