"""Parquet files: typed columns, a row counts as a line."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from nextplay.facts.intake.csv_file import checked_header
from nextplay.facts.intake.sheet import BATCH_ROWS, FAULT, LINE, Sheet, refuse_nul
from nextplay.facts.intake.unreadable import UnreadableFile


def open_parquet(path: Path, name: str) -> Sheet:
    """Read the footer. Raises UnreadableFile where there is none."""
    try:
        schema = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableFile(name, "is not a Parquet file, or is cut off.", "Export it again.") from error
    return ParquetFile(path, name, list(schema), int(rows))


class ParquetFile(Sheet):
    """One Parquet file."""

    def __init__(self, path: Path, name: str, columns: list[str], rows: int) -> None:
        """Keep what the footer says."""
        self.path, self.name, self.rows = path, name, rows
        self._columns = columns
        self.header = checked_header(columns, name)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Batches in the file's order."""
        before = 0
        try:
            for batch in pl.scan_parquet(self.path).collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
                lines = pl.int_range(before + 1, before + 1 + batch.height, dtype=pl.Int64, eager=True).alias(LINE)
                before += batch.height
                named = batch.rename(dict(zip(self._columns, self.header, strict=True)))
                yield refuse_nul(named.with_columns(lines, pl.lit(None, dtype=pl.String).alias(FAULT)))
        except pl.exceptions.PolarsError as error:
            raise UnreadableFile(self.name, f"is damaged after row {before}.", "Export it again.") from error
