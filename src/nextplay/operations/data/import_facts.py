"""Bring files in: all of an import holds, or none of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from nextplay.facts.contract import BY_NAME
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.ahead import one_ahead
from nextplay.facts.intake.check import SOURCE_LINE, Checker
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.known import known_for, reporting_currency, stored_partners
from nextplay.facts.intake.reading import Reading, match_sources, remember, require_all
from nextplay.facts.intake.rejected import RejectedRows
from nextplay.facts.intake.rules import Known
from nextplay.facts.intake.sheet import LINE
from nextplay.facts.intake.sources import find_sources
from nextplay.facts.merge import Counts, TableMerge, refuse_left_behind
from nextplay.facts.touched import move_facts
from nextplay.facts.undo import Before
from nextplay.facts.warehouse import version_of
from nextplay.operations.dashboards.roll_up import roll_up
from nextplay.operations.installation import Installation
from nextplay.values.period import naive_utc, utc_day
from nextplay.values.progress import Progress, silent


@dataclass(frozen=True)
class TableImport:
    """What one file did to one table, in rows. `rejected_file` names the CSV of its rejected rows, ready to be mended."""

    table: str
    file: str
    read: int
    added: int
    updated: int
    unchanged: int
    removed: int
    rejected: int
    unknown_columns: list[str]
    rejected_file: str | None = None
    # What each column that was used was taken for, by the file's own name; saved for next time.
    columns: dict[str, str] = field(default_factory=dict)
    # The first rejected rows: file, line, column, value, reason.
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `left_aside` names files and sheets whose name is no table."""

    tables: list[TableImport]
    facts_version: str
    left_aside: list[str]
    actor: str
    observed_at: datetime

    @property
    def rejected_files(self) -> list[str]:
        """CSVs of rejected rows."""
        return [table.rejected_file for table in self.tables if table.rejected_file]

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self) | {"observed_at": f"{self.observed_at.isoformat()}Z", "rejected_files": self.rejected_files}


def import_facts(  # noqa: PLR0913
    installation: Installation,
    paths: list[Path],
    *,
    actor: str,
    now: datetime,
    table: str | None = None,
    replace: bool = False,
    observed_at: datetime | None = None,
    mappings: dict[str, ColumnMapping] | None = None,
    undoable: bool = True,
    progress: Progress = silent,
) -> ImportReport:
    """Load files and folders into the facts, in one transaction, and remember how their columns were read.

    `undoable`: what changes is kept as it was, until the next import.

    Raises UnreadableFile for a file that cannot be used at all and RowsLeftBehind where `replace` would orphan rows; then
    nothing has changed.
    """
    found = find_sources(paths, table)
    readings = match_sources(found.sources, mappings or {}, installation.home.mappings)
    require_all(readings)
    observed = naive_utc(observed_at or now)
    run = ImportRun(installation, readings, naive_utc(now), observed, replace, progress)
    with run.rejects_kept():
        with installation.warehouse.transaction() as transaction:
            before = Before(transaction) if undoable else None
            results = run.into(transaction, before)
            if before:
                before.settle()
            if any(result.counts.moved for result in results):
                progress(0.92, "Adding up for the dashboards")
                roll_up(transaction, installation.program, today=utc_day(now))
            # Within the change: it names the import by what it came to, whatever comes right after it.
            version = str(version_of(transaction))
        files = run.keep_rejects()
    remember(readings, installation.home.mappings)
    tables = [_table_import(result, file) for result, file in zip(results, files, strict=True)]
    progress(1.0, "Loaded")
    return ImportReport(tables, version, found.left_aside, actor, observed)


@dataclass(frozen=True)
class FileResult:
    """What became of one file; `read` counts its rows."""

    reading: Reading
    counts: Counts
    rejects: RejectedRows
    read: int


class ImportRun:
    """One import under way."""

    def __init__(
        self,
        installation: Installation,
        readings: list[Reading],
        now: datetime,
        observed: datetime,
        replace: bool,
        progress: Progress,
    ) -> None:
        """`now` and `observed` are naive UTC."""
        self._program, self._folder = installation.program, installation.home.rejected
        self._readings, self._now, self._observed, self._replace = readings, now, observed, replace
        self._progress = progress
        self._rejects: list[RejectedRows] = []
        self._rows, self._done = sum(reading.sheet.rows for reading in readings) or 1, 0

    @contextmanager
    def rejects_kept(self) -> Iterator[None]:
        """Leave no rejected rows behind of an import that came to nothing."""
        try:
            yield
        except BaseException:
            for rejects in self._rejects:
                rejects.discard()
            raise

    def keep_rejects(self) -> list[Path | None]:
        """Give the files of rejected rows their names."""
        return [rejects.keep() for rejects in self._rejects]

    def into(self, transaction: Transaction, before: Before | None) -> list[FileResult]:
        """Merge every table, in the order of the contract, and move the version where anything changed."""
        reporting = reporting_currency(self._program, transaction, self._readings)
        results: list[FileResult] = []
        for name, readings in groupby(self._readings, key=lambda reading: reading.table.name):
            known = known_for(BY_NAME[name], self._program, stored_partners(transaction), reporting, self._now)
            results += self._table(transaction, list(readings), known, before)
        if self._replace:
            refuse_left_behind(transaction, [name for name in BY_NAME if _refers_to_partners(name)])
        if any(result.counts.moved for result in results):
            move_facts(transaction)
        return results

    def _table(
        self, transaction: Transaction, readings: list[Reading], known: Known, before: Before | None
    ) -> list[FileResult]:
        merge = TableMerge(transaction, readings[0].table, self._observed, replace=self._replace, before=before)
        results = [self._file(merge, reading, known) for reading in readings]
        removed = merge.remove_others()
        last = results[-1]
        results[-1] = FileResult(last.reading, _with_removed(last.counts, removed), last.rejects, last.read)
        return results

    def _file(self, merge: TableMerge, reading: Reading, known: Known) -> FileResult:
        checker = Checker(reading.table, reading.sheet.header, reading.mapping, known)
        rejects = RejectedRows(self._folder, reading.sheet.name, reading.table.name, self._now)
        self._rejects.append(rejects)
        merge.begin([column.name for column in checker.present])
        read = 0
        for checked in one_ahead(checker.check(batch) for batch in reading.sheet.batches()):
            merge.add(checked.good)
            self._refuse(merge, checker, rejects, checked.rejected)
            read += checked.height
            self._tell(checked.height, reading)
        self._refuse_duplicates(merge, checker, rejects, reading)
        return FileResult(reading, merge.finish(), rejects, read)

    def _refuse(self, merge: TableMerge, checker: Checker, rejects: RejectedRows, rows: pl.DataFrame) -> None:
        rejects.add(rows)
        if not rows.is_empty():
            merge.keep(rows[checker.source[merge.table.key]].drop_nulls())

    def _refuse_duplicates(self, merge: TableMerge, checker: Checker, rejects: RejectedRows, reading: Reading) -> None:
        candidates = merge.repeated()
        if candidates.is_empty():
            return
        key = merge.table.key
        good = pl.concat([checker.check(rows).good for rows in reading.sheet.at(candidates)]).filter(
            pl.col(key).is_duplicated()
        )
        later = good.filter(~pl.col(key).is_first_distinct())
        merge.settle(good.filter(pl.col(key).is_first_distinct()), later)
        first_line = pl.col(SOURCE_LINE).first().over(key).alias("first_line")
        lines = good.select(pl.col(SOURCE_LINE).alias(LINE), first_line)
        reason = pl.format("is already the {} of line {}. Give this row its own, or remove it.", pl.lit(key), "first_line")
        for rows in reading.sheet.at(later[SOURCE_LINE]):
            rejects.add(checker.rejected(rows.join(lines, on=LINE, how="left", maintain_order="left"), key, reason))

    def _tell(self, rows: int, reading: Reading) -> None:
        self._done += rows
        # The last tenth is the merge itself.
        self._progress(min(0.9, 0.9 * self._done / self._rows), f"{reading.sheet.name}: {self._done:,} of {self._rows:,} rows")


def _refers_to_partners(name: str) -> bool:
    return any(column.refers_to == "partners" for column in BY_NAME[name].columns)


def _with_removed(counts: Counts, removed: int) -> Counts:
    return Counts(counts.added, counts.updated, counts.unchanged, removed)


def _table_import(result: FileResult, rejected_file: Path | None) -> TableImport:
    counts, rejects = result.counts, result.rejects
    return TableImport(
        table=result.reading.table.name,
        file=result.reading.sheet.name,
        read=result.read,
        added=counts.added,
        updated=counts.updated,
        unchanged=counts.unchanged,
        removed=counts.removed,
        rejected=rejects.count,
        unknown_columns=result.reading.unknown_columns,
        columns={match.column: match.means for match in result.reading.matches if match.means is not None},
        rejected_file=str(rejected_file) if rejected_file else None,
        rejected_rows=rejects.shown.to_dicts(),
    )
