"""What every kind of file is to the rest of the intake: a header and batches of rows that know their line."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator

import polars as pl

# Beside the file's own columns in every batch: the line a row starts on, and why it cannot be a row at all (or null).
LINE = "\x1fline"
FAULT = "\x1ffault"

BATCH_ROWS = 250_000


class Sheet(ABC):
    """One table as a file holds it. `name` is what a person would call it: the file, and the sheet inside it."""

    name: str
    header: list[str]
    rows: int

    @abstractmethod
    def batches(self) -> Iterator[pl.DataFrame]:
        """All rows in the file's order: its own columns (text, or typed where the format is), `LINE` and `FAULT`.

        Raises UnreadableFile where the file stops being a table.
        """

    def head(self, rows: int) -> pl.DataFrame:
        """The first rows; fewer where a batch is shorter."""
        for batch in self.batches():
            return batch.head(rows)
        return pl.DataFrame(schema=dict.fromkeys(self.header, pl.String) | {LINE: pl.Int64, FAULT: pl.String})

    def counts(self, column: str) -> dict[str, int]:
        """How many rows hold each value of a column, blanks around it left out."""
        found: Counter[str] = Counter()
        for batch in self.batches():
            values = batch[column].cast(pl.String).str.strip_chars().drop_nulls()
            found.update(dict(values.value_counts().iter_rows()))
        return dict(found)

    def at(self, lines: pl.Series) -> Iterator[pl.DataFrame]:
        """The rows that start on the given lines, read again."""
        wanted = lines.cast(pl.Int64).to_frame(LINE).unique()
        for batch in self.batches():
            found = batch.join(wanted, on=LINE, how="semi", maintain_order="left")
            if not found.is_empty():
                yield found
