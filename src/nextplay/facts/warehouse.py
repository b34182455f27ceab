"""The facts as the rest of the house sees them: expressions in, frames out, one transaction and one version a change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import ibis
import polars as pl

from nextplay.facts import engines, tables
from nextplay.facts.engines import Transaction
from nextplay.facts.questions import Given, Questions, Writer
from nextplay.facts.scope import ScopedFacts
from nextplay.home import Home

# Column types that both engines know.
SQL_TYPE = {
    "string": "text",
    "array<string>": "text[]",
    "float64": "double precision",
    "int64": "bigint",
    "decimal(18, 4)": "decimal(18, 4)",
    "timestamp(6)": "timestamp",
    "boolean": "boolean",
    "binary": "bytea",
}


@dataclass(frozen=True)
class Version:
    """`facts` moves with every import that changes a row, `analysis` with every analysis run.

    `brought` is the version of the facts since which nothing but what people entered here was added.
    """

    facts: int
    analysis: int
    brought: int = 0

    def __str__(self) -> str:
        return f"{self.facts}.{self.analysis}"


class Reader(Protocol):
    """The facts, or a change of them under way."""

    def read(self, expression: ibis.Table, /) -> pl.DataFrame: ...

    def read_sql(self, sql: str, /) -> pl.DataFrame: ...


class Warehouse:
    """Facts in one engine. Reads are safe from any thread and see only whole transactions."""

    def __init__(self, url: str, home: Home | None = None) -> None:
        """Open, and create what is missing; `home`: where texts of questions are kept. Raises UnknownEngine or EngineBusy."""
        self.url = url
        self.engine = engines.connect(url)
        self.questions = Questions(self.engine.dialect, home)
        # Transactions ended here so far, and the version that was read since.
        self._ended, self._read = 0, (-1, Version(0, 0))
        with self.engine.transaction() as transaction:
            _create_missing(transaction)

    @property
    def embedded(self) -> bool:
        """Whether one process must own the engine."""
        return self.engine.embedded

    def read(self, expression: ibis.Table) -> pl.DataFrame:
        """Rows of an expression over `nextplay.facts.tables`."""
        return self.engine.read(expression)

    def read_sql(self, sql: str) -> pl.DataFrame:
        """Rows of a query in the engine's dialect."""
        return self.engine.read_sql(sql)

    def ask(self, write: Writer, facts: ScopedFacts, *given: Given) -> pl.DataFrame:
        """Rows of `write(facts, *given)`, whose SQL is written once for all days; `write` asks the facts for every instant."""
        return self.engine.read_sql(self.questions.written(write, facts, *given))

    def version(self) -> Version:
        """What the stores hold now. Nobody else writes to an embedded engine, so there it is read once a change."""
        ended, (read_at, version) = self._ended, self._read
        if not self.embedded or read_at != ended:
            version = version_of(self)
            # Marked with the count from before reading: a change that ended meanwhile has it read again.
            self._read = (ended, version)
        return version

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One change: all of it, or none. The caller moves the version with `move_version`."""
        try:
            with self.engine.transaction() as transaction:
                yield transaction
        finally:
            self._ended += 1

    def let_go(self) -> None:
        """Give back memory that is only kept so that the next read is faster."""
        self.engine.let_go()

    def close(self) -> None:
        """Give the engine back."""
        self.engine.close()


def move_version(transaction: Transaction, part: str, *, entered: bool = False) -> None:
    """Say, within the change itself, that `facts` or `analysis` is no longer what it was; `entered`: by what people entered."""
    transaction.execute("UPDATE nextplay_versions SET number = number + 1 WHERE part = ?", (part,))
    if part == "facts" and not entered:
        transaction.execute(f"UPDATE nextplay_versions SET number = ({_FACTS}) WHERE part = 'brought'")


_FACTS = "SELECT max(number) FROM nextplay_versions WHERE part = 'facts'"


def version_of(reader: Reader) -> Version:
    """What the stores hold as a change under way sees them, or as they stand."""
    numbers = dict(reader.read_sql("SELECT part, number FROM nextplay_versions").iter_rows())
    return Version(numbers.get("facts", 0), numbers.get("analysis", 0), numbers.get("brought", 0))


def _create_missing(transaction: Transaction) -> None:
    for name, schema in (*tables.ALL.items(), *tables.BEFORE.items(), ("rollups", tables.ROLLUPS)):
        columns = ", ".join(f'"{column}" {SQL_TYPE[kind]}' for column, kind in schema.items())
        transaction.execute(f'CREATE TABLE IF NOT EXISTS "{name}" ({columns})')
    for part, begins in (("facts", "0"), ("analysis", "0"), ("brought", f"coalesce(({_FACTS}), 0)")):
        # Written out: to bind the first parameter of a process, DuckDB loads all of pandas where it is installed.
        transaction.execute(
            f"INSERT INTO nextplay_versions SELECT CAST('{part}' AS text), {begins} "
            f"WHERE NOT EXISTS (SELECT 1 FROM nextplay_versions WHERE part = '{part}')"
        )
