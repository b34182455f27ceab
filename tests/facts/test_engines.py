"""Both engines, with the real thing behind each."""

import threading
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa
import pytest
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from nextplay.facts import engines
from nextplay.facts.engines import EngineBusy, UnknownEngine, compile_sql, connect
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse, move_version

pytestmark = pytest.mark.engine


def _partner(partner_id: str, regions: list[str] | None) -> pa.Table:
    frame = pl.DataFrame(
        {"partner_id": [partner_id], "name": ['Ünïcode, "quoted"\t\\n'], "lifecycle_stage": ["active"], "regions": [regions]},
        schema_overrides={"regions": pl.List(pl.String)},
    )
    return frame.to_arrow()


def _deal(amount: str | None) -> pa.Table:
    row = {
        "deal_id": ["d1"],
        "stage": ["won"],
        "amount": pa.array([Decimal(amount) if amount else None], pa.decimal128(18, 4)),
        "closed_at": pa.array([datetime(2026, 1, 2, 3, 4, 5, 678)], pa.timestamp("us")),
    }
    return pa.table(row)


def test_what_is_written_is_read_back_the_same(warehouse: Warehouse) -> None:
    with warehouse.transaction() as transaction:
        transaction.append("partners", _partner("p1", ["DACH", 'a,"b"', "{}"]))
        transaction.append("deals", _deal("12345678901234.5678"))
    partner = warehouse.read(stored("partners")).row(0, named=True)
    deal = warehouse.read(stored("deals")).row(0, named=True)
    assert partner["name"] == 'Ünïcode, "quoted"\t\\n'
    assert partner["regions"] == ["DACH", 'a,"b"', "{}"]
    assert partner["tier"] is None
    assert deal["amount"] == Decimal("12345678901234.5678")
    assert deal["closed_at"] == datetime(2026, 1, 2, 3, 4, 5, 678)


def test_a_change_that_fails_leaves_nothing(warehouse: Warehouse) -> None:
    with pytest.raises(ZeroDivisionError), warehouse.transaction() as transaction:
        transaction.append("partners", _partner("p1", None))
        move_version(transaction, "facts")
        raise ZeroDivisionError
    assert warehouse.read(stored("partners")).is_empty()
    assert warehouse.version().facts == 0


def test_the_version_moves_for_the_part_that_changed_and_no_other(warehouse: Warehouse) -> None:
    with warehouse.transaction() as transaction:
        move_version(transaction, "facts")
    assert (warehouse.version().facts, warehouse.version().analysis) == (1, 0)


def test_readers_in_other_threads_see_only_whole_changes(warehouse: Warehouse) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(warehouse.read(stored("partners")).height)

    with warehouse.transaction() as transaction:
        transaction.append("partners", _partner("p1", None))
        _in_thread(look)
        transaction.append("partners", _partner("p2", None))
    _in_thread(look)
    assert seen == [0, 2]


def test_parameters_are_values_and_never_statements(warehouse: Warehouse) -> None:
    hostile = "x'); DROP TABLE partners; --"
    with warehouse.transaction() as transaction:
        transaction.execute("INSERT INTO partners (partner_id, name) VALUES (?, ?)", (hostile, "50 % off?"))
        assert transaction.execute("SELECT name FROM partners WHERE partner_id = ?", (hostile,)) == [("50 % off?",)]


def test_a_second_process_is_told_that_the_file_is_held(tmp_path: Path) -> None:
    import subprocess
    import sys

    url = f"duckdb:///{tmp_path / 'f.duckdb'}"
    held = connect(url)
    try:
        code = "import sys; from nextplay.facts.engines import *\ntry: connect(sys.argv[1])\nexcept EngineBusy: print('busy')"
        answer = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)
    finally:
        held.close()
    assert answer.stdout.strip() == "busy"
    assert issubclass(EngineBusy, RuntimeError)


@pytest.mark.parametrize("url", ["oracle://x", "facts.duckdb", ""])
def test_an_address_of_no_engine_is_refused_with_what_is_accepted(url: str) -> None:
    with pytest.raises(UnknownEngine, match="duckdb:///"):
        connect(url)


def _in_thread(work: object) -> None:
    assert callable(work)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_what_is_built_alike_is_compiled_once_and_what_differs_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    to_sqlglot = DuckDBCompiler.to_sqlglot

    def counted(*expression: Any, **named: Any) -> Any:
        compiled.append(expression)
        return to_sqlglot(*expression, **named)

    monkeypatch.setattr(DuckDBCompiler, "to_sqlglot", counted)
    first, again = (compile_sql(_of_place(stored("partners"), "a place of this test"), "duckdb") for _ in range(2))
    other = compile_sql(_of_place(stored("partners"), "another place of this test"), "duckdb")
    assert first == again != other
    assert len(compiled) == 2


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_sql_is_what_ibis_writes_itself(dialect: str) -> None:
    expression = _of_place(stored("partners"), "a place of that test")
    assert compile_sql(expression, dialect) == ibis.to_sql(expression, dialect=dialect)


def _of_place(partners: ir.Table, segment: str) -> ir.Table:
    return partners.filter(partners.segment == segment).group_by("tier").agg(partners=lambda t: t.count())


def test_memory_that_is_given_back_is_taken_again_by_the_next_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LEAST_MEMORY", "10MB")
    opened = Warehouse(f"duckdb:///{tmp_path}/facts.duckdb")
    with opened.transaction() as transaction:
        transaction.execute("INSERT INTO partners (partner_id) SELECT md5(i::VARCHAR) FROM range(1_000_000) t(i)")
    read = "SELECT max(partner_id) AS last FROM partners"
    held = "SELECT sum(memory_usage_bytes)::BIGINT AS bytes FROM duckdb_memory()"
    last, kept = opened.engine.read_sql(read).item(), opened.engine.read_sql(held).item()
    with opened.transaction():
        # Not while somebody writes.
        opened.let_go()
        assert opened.engine.read_sql(held).item() >= kept
    opened.let_go()
    assert opened.engine.read_sql(held).item() <= 10_000_000 < kept
    assert opened.engine.read_sql(read).item() == last
    assert opened.engine.read_sql("SELECT current_setting('memory_limit') AS most").item() == "3.7 GiB"
    opened.close()
