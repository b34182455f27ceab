"""What every kind of file is to the rest of the intake: a header and batches of rows that know their line."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator

import polars as pl

from nextplay.facts.engines import ROW_GROUP

# Beside the file's own columns in every batch: the line a row starts on, and why it cannot be a row at all (or null).
LINE = "\x1fline"
FAULT = "\x1ffault"

# Two of DuckDB's row groups: what is a whole number of them is written faster.
BATCH_ROWS = 2 * ROW_GROUP


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


def refuse_nul(batch: pl.DataFrame) -> pl.DataFrame:
    """Mark rows that hold a NUL character, which no engine can store."""
    texts = [name for name, kind in batch.schema.items() if kind == pl.String and name != FAULT]
    if not texts:
        return batch
    holds = pl.any_horizontal(pl.col(texts).str.contains("\0", literal=True)).fill_null(value=False)
    said = pl.lit("This line holds a NUL character (byte 0). Remove it.")
    return batch.with_columns(pl.coalesce(FAULT, pl.when(holds).then(said)).alias(FAULT))
