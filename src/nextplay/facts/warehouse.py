"""The facts as the rest of the house sees them: expressions in, frames out, one transaction and one version a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ibis.expr.types as ir
import polars as pl

from nextplay.facts import engines, tables
from nextplay.facts.engines import Transaction

# Column types that both engines know.
SQL_TYPE = {
    "string": "text",
    "array<string>": "text[]",
    "float64": "double precision",
    "int64": "bigint",
    "decimal(18, 4)": "decimal(18, 4)",
    "timestamp(6)": "timestamp",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Version:
    """`facts` moves with every import that changes a row, `analysis` with every analysis run."""

    facts: int
    analysis: int

    def __str__(self) -> str:
        return f"{self.facts}.{self.analysis}"


class Warehouse:
    """Facts in one engine. Reads are safe from any thread and see only whole transactions."""

    def __init__(self, url: str) -> None:
        """Open, and create what is missing. Raises UnknownEngine or EngineBusy."""
        self.url = url
        self.engine = engines.connect(url)
        with self.engine.transaction() as transaction:
            _create_missing(transaction)

    @property
    def embedded(self) -> bool:
        """Whether one process must own the engine."""
        return self.engine.embedded

    def read(self, expression: ir.Table) -> pl.DataFrame:
        """Rows of an expression over `nextplay.facts.tables`."""
        return self.engine.read(expression)

    def version(self) -> Version:
        """What the stores hold now."""
        rows = dict(self.read(tables.stored("nextplay_versions")).iter_rows())
        return Version(facts=rows.get("facts", 0), analysis=rows.get("analysis", 0))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One change: all of it, or none. The caller moves the version with `move_version`."""
        with self.engine.transaction() as transaction:
            yield transaction

    def close(self) -> None:
        """Give the engine back."""
        self.engine.close()


def move_version(transaction: Transaction, part: str) -> None:
    """Say, within the change itself, that `facts` or `analysis` is no longer what it was."""
    transaction.execute("UPDATE nextplay_versions SET number = number + 1 WHERE part = ?", (part,))


def _create_missing(transaction: Transaction) -> None:
    for name, schema in tables.ALL.items():
        columns = ", ".join(f'"{column}" {SQL_TYPE[str(kind)]}' for column, kind in schema.items())
        transaction.execute(f'CREATE TABLE IF NOT EXISTS "{name}" ({columns})')
    for part in ("facts", "analysis"):
        transaction.execute(
            "INSERT INTO nextplay_versions SELECT CAST(? AS text), 0 "
            "WHERE NOT EXISTS (SELECT 1 FROM nextplay_versions WHERE part = CAST(? AS text))",
            (part, part),
        )
