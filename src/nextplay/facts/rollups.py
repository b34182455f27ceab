"""Answers kept with the facts they rest on, so that a page never seen before need not ask the facts.

A kept answer is found again by its own query and the version of the facts. The query, as SQL, names every day, definition, rate
and stage it depends on: an answer can be taken neither for that of another question nor for that of other facts, and a changed
program, day or release simply finds nothing and asks the facts.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import ibis
import polars as pl

from nextplay.facts.engines import Transaction, compile_sql
from nextplay.facts.questions import Writer
from nextplay.facts.warehouse import Version, Warehouse, version_of

TABLE = "rollups"
_LEFT_OUT = re.compile(r'(?<=EXCLUDE \()"\w+"(?:, "\w+")*(?=\))')


@dataclass(frozen=True)
class RollUp:
    """A query whose answer is kept. `on_analysis`: it rests on what an analysis found too, not on the facts alone."""

    name: str
    query: ibis.Table
    on_analysis: bool = False

    def written(self, dialect: str) -> Written:
        """The query in an engine's SQL."""
        return _written(self.name, compile_sql(self.query, dialect), self.on_analysis)


@dataclass(frozen=True)
class Written:
    """A roll-up as one engine runs it, with what its answer is kept under."""

    name: str
    sql: str
    digest: str
    on_analysis: bool = False


def _written(name: str, sql: str, on_analysis: bool = False) -> Written:
    # Ibis names the columns that a query leaves out in an order that differs from process to process.
    ordered = _LEFT_OUT.sub(lambda found: ", ".join(sorted(found[0].split(", "))), sql)
    return Written(name, sql, sha256(ordered.encode()).hexdigest(), on_analysis)


def keep(transaction: Transaction, rollups: Iterable[Written]) -> None:
    """Answer each as the transaction sees the facts, and keep that beside what is kept already."""
    version = version_of(transaction)
    for rollup in rollups:
        answer = io.BytesIO()
        transaction.read_sql(rollup.sql).write_ipc(answer)
        transaction.execute(f"DELETE FROM {TABLE} WHERE digest = ?", (rollup.digest,))
        analysis = version.analysis if rollup.on_analysis else None
        transaction.execute(
            f"INSERT INTO {TABLE} (digest, name, facts, analysis, answer) VALUES (?, ?, ?, ?, ?)",
            (rollup.digest, rollup.name, version.facts, analysis, answer.getvalue()),
        )


def forget(transaction: Transaction, *, only_on_analysis: bool = False) -> None:
    """Drop what is kept, or only what rests on an analysis."""
    transaction.execute(f"DELETE FROM {TABLE}" + (" WHERE analysis IS NOT NULL" if only_on_analysis else ""))


class RollUps:
    """The kept answers of one warehouse; those of the version last asked for stay in memory. Safe between threads."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._lock = threading.Lock()
        self._version: Version | None = None
        self._held: dict[str, pl.DataFrame] = {}

    def find(self, digests: Iterable[str], version: Version) -> dict[str, pl.DataFrame]:
        """Answers by digest that hold for a version; one that is not kept is missing."""
        asked = set(digests)
        held = self._in_memory(version)
        missing = sorted(asked - held.keys())
        if missing:
            read = self._read(missing, version)
            held |= read
            self._remember(version, read)
        return {digest: held[digest] for digest in asked & held.keys()}

    def answer(self, name: str, write: Writer, version: Version) -> pl.DataFrame:
        """The kept answer to a roll-up of all facts, else the facts' own."""
        asked = _written(name, self._warehouse.questions.of_all_facts(write))
        found = self.find((asked.digest,), version).get(asked.digest)
        return found if found is not None else self._warehouse.engine.read_sql(asked.sql)

    def _in_memory(self, version: Version) -> dict[str, pl.DataFrame]:
        with self._lock:
            return dict(self._held) if self._version == version else {}

    def _remember(self, version: Version, read: dict[str, pl.DataFrame]) -> None:
        with self._lock:
            if self._version != version:
                self._version, self._held = version, {}
            self._held |= read

    def _read(self, digests: list[str], version: Version) -> dict[str, pl.DataFrame]:
        # Digests and versions are ours: hexadecimal, and whole numbers.
        listed = ", ".join(f"'{digest}'" for digest in digests)
        frame = self._warehouse.engine.read_sql(
            f"SELECT digest, answer FROM {TABLE} WHERE facts = {version.facts} "
            f"AND (analysis IS NULL OR analysis = {version.analysis}) AND digest IN ({listed})"
        )
        return {digest: pl.read_ipc(io.BytesIO(answer)) for digest, answer in frame.iter_rows()}
