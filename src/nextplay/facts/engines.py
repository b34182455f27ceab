"""The only file that names an engine: from a URL to something that reads expressions and writes in one transaction."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

import duckdb
import ibis
import polars as pl
import psycopg
import pyarrow as pa

SCHEMA = "nextplay_facts"
# Rows that DuckDB keeps together.
ROW_GROUP = 122_880
# What DuckDB reads with at most, and what it is left with once the memory is wanted for something else.
MOST_MEMORY, LEAST_MEMORY = "4GB", "100MB"


class UnknownEngine(ValueError):
    """The facts URL names an engine that nextplay cannot open."""


class FactsOutOfReach(RuntimeError):
    """The server that keeps the facts does not answer or does not let us in, or their file cannot be opened."""


def _out_of_reach(error: Exception) -> FactsOutOfReach:
    said = " ".join(str(error).split()).rstrip(".?!")
    return FactsOutOfReach(
        f"The facts cannot be reached: {said}. See that they are there and open to you, "
        "or correct NEXTPLAY_FACTS_URL or settings.toml."
    )


class EngineBusy(RuntimeError):
    """Another process holds the facts file."""


def compile_sql(expression: ibis.Table, dialect: str) -> str:
    """SQL of an expression in an engine's dialect. Kept, because compiling costs 5 to 200 ms each time."""
    # Two expressions built alike are never equal; what they are made of is.
    return _compiled(expression.op(), dialect)


@lru_cache(maxsize=512)
def _compiled(relation: ibis.expr.operations.Relation, dialect: str) -> str:
    # `ibis.to_sql` does the same, and first copies the expression and then the statement: a fifth more work for each query.
    compiler = import_module(f"ibis.backends.sql.compilers.{dialect}").compiler
    return str(compiler.to_sqlglot(relation.to_expr()).sql(dialect=compiler.dialect, pretty=True, copy=False))


class Transaction(ABC):
    """An open write transaction. Nothing is visible to readers before it ends well."""

    dialect: str

    @abstractmethod
    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement in the engine's dialect, `?` for parameters; the rows it answers, or none."""

    @abstractmethod
    def append(self, table: str, rows: pa.Table) -> None:
        """Add rows to an existing table, matched by column name."""

    def read(self, expression: ibis.Table) -> pl.DataFrame:
        """Rows of an expression, as this transaction sees the tables."""
        return self.read_sql(compile_sql(expression, self.dialect))

    @abstractmethod
    def read_sql(self, sql: str) -> pl.DataFrame:
        """Rows of a query in the engine's dialect."""


class Engine(ABC):
    """Somewhere to keep facts. Reading is safe from any thread; each thread has its own cursor."""

    dialect: str
    # One process owns an embedded file; a server engine takes any number of workers.
    embedded: bool

    @abstractmethod
    def read_sql(self, sql: str) -> pl.DataFrame:
        """Rows of a query in the engine's dialect."""

    @abstractmethod
    def transaction(self) -> Any:
        """Context manager that yields a `Transaction`: commits at its end, rolls back on any exception."""

    @abstractmethod
    def let_go(self) -> None:
        """Give back memory of this process that is only kept so that the next read is faster."""

    @abstractmethod
    def close(self) -> None:
        """Give the engine back."""

    def read(self, expression: ibis.Table) -> pl.DataFrame:
        """Rows of an expression over contract tables."""
        return self.read_sql(compile_sql(expression, self.dialect))


class _DuckTransaction(Transaction):
    dialect = "duckdb"

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.cursor = cursor

    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return self.cursor.execute(sql, list(parameters)).fetchall()

    def append(self, table: str, rows: pa.Table) -> None:
        # Whole row groups go to the file compressed as they come; parts of one are held back and written twice.
        whole = pa.Table.from_batches(rows.combine_chunks().to_batches(max_chunksize=ROW_GROUP), rows.schema)
        names = ", ".join(f'"{name}"' for name in whole.column_names)
        # DuckDB finds `whole` here by its name. Registered as a view it would be held until the transaction ends.
        self.cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM whole')

    def read_sql(self, sql: str) -> pl.DataFrame:
        return _frame(self.cursor.execute(sql).to_arrow_table())


class DuckDBEngine(Engine):
    """One embedded DuckDB file."""

    dialect = "duckdb"
    embedded = True

    def __init__(self, path: str) -> None:
        try:
            self._root = duckdb.connect(path, config={"memory_limit": MOST_MEMORY, "autoinstall_known_extensions": False})
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise EngineBusy(f"{path} is held by another process") from error
            raise _out_of_reach(error) from error
        except duckdb.Error as error:
            raise _out_of_reach(error) from error
        self._local = threading.local()
        self._writing = threading.Lock()
        # Reads under way, counted under a lock of their own: only where there is none may memory be taken away.
        self._reads, self._counting = 0, threading.Lock()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # A connection shared by threads gives wrong answers without an exception: one cursor a thread.
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._root.cursor()
        return cast(duckdb.DuckDBPyConnection, self._local.cursor)

    def read_sql(self, sql: str) -> pl.DataFrame:
        with self._counting:
            self._reads += 1
        try:
            return _frame(self._cursor().execute(sql).to_arrow_table())
        finally:
            with self._counting:
                self._reads -= 1

    def let_go(self) -> None:
        if not self._writing.acquire(blocking=False):
            return
        try:
            with self._counting:
                # A read under way would miss what is taken away; one that begins waits for a moment.
                if not self._reads:
                    self._drop_pages()
        finally:
            self._writing.release()

    def _drop_pages(self) -> None:
        # Under a lower limit DuckDB drops what it keeps of its file; facts that lie in no file it cannot, and says so.
        with suppress(duckdb.OutOfMemoryException):
            self._cursor().execute(f"SET memory_limit = '{LEAST_MEMORY}'")
        self._cursor().execute(f"SET memory_limit = '{MOST_MEMORY}'")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        # One writer at a time: two that insert the same key would not conflict, for there is no unique index.
        with self._writing:
            cursor = self._root.cursor()
            try:
                cursor.execute("BEGIN TRANSACTION")
                yield _DuckTransaction(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                # A failed commit leaves no transaction to roll back.
                with suppress(duckdb.TransactionException):
                    cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()

    def close(self) -> None:
        self._root.close()


class _PostgresTransaction(Transaction):
    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        text = sql.replace("%", "%%").replace("?", "%s") if parameters else sql
        cursor = self.connection.execute(cast(Any, text), parameters or None)
        return cursor.fetchall() if cursor.description else []

    def append(self, table: str, rows: pa.Table) -> None:
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        statement = f'COPY "{table}" ({columns}) FROM STDIN (FORMAT csv)'
        frame = _frame(rows)
        lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
        flat = frame.with_columns(_array_literal(name) for name in lists)
        with self.connection.cursor() as cursor, cursor.copy(cast(Any, statement)) as copy:
            for part in flat.iter_slices(50_000):
                # An empty text is quoted and so differs from null, which is not.
                copy.write(part.write_csv(include_header=False, quote_style="non_numeric"))

    def read_sql(self, sql: str) -> pl.DataFrame:
        return _fetch_frame(self.connection, sql)


class PostgresEngine(Engine):
    """A PostgreSQL database; tables live in their own schema, beside the ledger's."""

    dialect = "postgres"
    embedded = False

    def __init__(self, url: str) -> None:
        self._url = url
        # Connections no read is using now; as many as reads ever ran at once. Appending and popping are atomic.
        self._idle: list[psycopg.Connection[Any]] = []
        with self._connect() as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")

    def _connect(self) -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(self._url, options=f"-c search_path={SCHEMA} -c timezone=UTC", autocommit=False)
        except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
            raise _out_of_reach(error) from error

    @contextmanager
    def _reader(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            held = self._idle.pop()
        except IndexError:
            held = self._connect()
            held.autocommit = True
        try:
            yield held
        except psycopg.OperationalError:
            # The server went away: the next read connects anew.
            held.close()
            raise
        finally:
            if not held.closed:
                self._idle.append(held)

    def read_sql(self, sql: str) -> pl.DataFrame:
        with self._reader() as connection:
            return _fetch_frame(connection, sql)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._connect() as connection:
            # One writer at a time, as in the embedded engine; readers are not held up.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('nextplay_facts'))")
            yield _PostgresTransaction(connection)

    def let_go(self) -> None:
        # The server keeps what it reads with: none of it is ours.
        return

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


_POLARS_OF_POSTGRES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "varchar": pl.String(),
    "bool": pl.Boolean(),
    "int2": pl.Int64(),
    "int4": pl.Int64(),
    "int8": pl.Int64(),
    "float4": pl.Float64(),
    "float8": pl.Float64(),
    "bytea": pl.Binary(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "text[]": pl.List(pl.String()),
    "varchar[]": pl.List(pl.String()),
}


def _array_literal(name: str) -> pl.Expr:
    """A list of text as PostgreSQL writes an array: `{"one","two"}`."""
    element = pl.element().str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return ("{" + pl.col(name).cast(pl.List(pl.String)).list.eval('"' + element + '"').list.join(",") + "}").alias(name)


def _fetch_frame(connection: psycopg.Connection[Any], sql: str) -> pl.DataFrame:
    cursor = connection.execute(cast(Any, sql))
    description = cursor.description or []
    schema = {column.name: _polars_type(connection, column) for column in description}
    return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def _polars_type(connection: psycopg.Connection[Any], column: psycopg.Column) -> pl.DataType:
    if column.type_code == psycopg.adapters.types["numeric"].oid:
        return pl.Decimal(38, column.scale if column.scale is not None else 4)
    info = connection.adapters.types.get(column.type_code)
    if info is None:
        return pl.String()
    name = f"{info.name}[]" if column.type_code == info.array_oid else info.name
    return _POLARS_OF_POSTGRES.get(name, pl.String())


def _frame(rows: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(rows)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(type(frame))
    # DuckDB sums integers into 128 bits; every other engine answers 64.
    wide = [name for name, kind in frame.schema.items() if kind == pl.Int128]
    whole = [name for name, kind in frame.schema.items() if kind.is_integer() and kind != pl.Int64]
    return frame.with_columns(pl.col(sorted({*wide, *whole})).cast(pl.Int64)) if wide or whole else frame


def connect(url: str) -> Engine:
    """Open the engine a facts URL names: `duckdb:///path/to/file` or `postgresql://…`.

    Raises UnknownEngine for any other scheme, EngineBusy where another process holds the file, FactsOutOfReach where it
    cannot be opened.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "duckdb":
        return DuckDBEngine(rest.removeprefix("/") if rest.startswith("/:") else rest)
    if scheme in ("postgresql", "postgres"):
        return PostgresEngine(url)
    raise UnknownEngine(
        f"{scheme or url!r} is no engine for facts. Use duckdb:///path/file.duckdb or postgresql://user@host/database."
    )
