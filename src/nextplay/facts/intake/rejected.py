"""Rows an import refuses: written as a CSV that can be mended and imported again as it is, and a first few kept to show."""

from datetime import datetime
from pathlib import Path

import polars as pl

from nextplay.facts.intake.check import COLUMN, REASON, VALUE
from nextplay.facts.intake.sheet import LINE

# Kept in memory to show; all of them are in the file.
SHOWN = 200
# A spreadsheet runs what begins so; a plain number may begin with a sign.
_RUNS = r"^[=+\-@\t\r]"
_PLAIN_NUMBER = r"^[+-]?[0-9][0-9.,]*$"


class RejectedRows:
    """Collects what is refused of one file. Nothing is written before the first row."""

    def __init__(self, folder: Path, file: str, table: str, now: datetime) -> None:
        """`file` as a person would call it."""
        self.file, self.count = file, 0
        self.shown = pl.DataFrame()
        self._table, self._folder, self._now = table, folder, now
        self._path: Path | None = None

    def add(self, rows: pl.DataFrame) -> None:
        """Append rows in the shape of `Checked.rejected`."""
        if rows.is_empty():
            return
        if self.shown.height < SHOWN:
            room = SHOWN - self.shown.height
            self.shown = (
                pl.concat([self.shown, self._summary(rows.head(room))]) if self.count else self._summary(rows.head(room))
            )
        self._append(rows)
        self.count += rows.height

    def keep(self) -> Path | None:
        """Give the file its name, once the import holds. None where nothing was refused."""
        if self._path is None:
            return None
        return self._path.rename(self._path.with_suffix(""))

    def discard(self) -> None:
        """Leave nothing behind of an import that came to nothing."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _summary(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.select(
            pl.lit(self.file).alias("file"),
            pl.col(LINE).alias("line"),
            pl.col(COLUMN).alias("column"),
            pl.col(VALUE).str.slice(0, 200).alias("value"),
            pl.col(REASON).alias("reason"),
        )

    def _append(self, rows: pl.DataFrame) -> None:
        first = self._path is None
        if self._path is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._free_name()
        own = [name for name in rows.columns if name not in (LINE, COLUMN, VALUE, REASON)]
        named, line = pl.lit(self.file).alias("rejected_file"), pl.col(LINE).alias("rejected_line")
        written = rows.select(*own, named, line, COLUMN, VALUE, REASON).with_columns(_neutralised(pl.col(pl.String)))
        with self._path.open("ab") as file:
            written.write_csv(file, include_header=first, include_bom=first)

    def _free_name(self) -> Path:
        stem = f"{self._table}_rejected_{self._now:%Y%m%dT%H%M%S}"
        place = 1
        while True:
            path = self._folder / f"{stem}{f'_{place}' if place > 1 else ''}.csv.new"
            if not path.exists() and not path.with_suffix("").exists():
                return path
            place += 1


def _neutralised(text: pl.Expr) -> pl.Expr:
    runs = text.str.contains(_RUNS) & ~text.str.contains(_PLAIN_NUMBER)
    return pl.when(runs).then("'" + text).otherwise(text).name.keep()
