"""All facts as Parquet files, one a table: the same from and into any engine."""

from pathlib import Path

import polars as pl

from nextplay.facts import tables
from nextplay.facts.warehouse import Warehouse

_VERSIONS = "nextplay_versions"


class FactsNotEmpty(RuntimeError):
    """Facts that are there are never mixed with others."""


def dump_facts(warehouse: Warehouse, folder: Path) -> dict[str, int]:
    """Write every stored table as of one moment. Answers rows by table."""
    rows: dict[str, int] = {}
    with warehouse.transaction() as transaction:
        for name in tables.ALL:
            frame = transaction.read(tables.stored(name))
            frame.write_parquet(folder / f"{name}.parquet")
            rows[name] = frame.height
    return rows


def load_facts(warehouse: Warehouse, folder: Path) -> dict[str, int]:
    """Read such files into empty facts: all of them, or none. A table without a file stays empty. Raises FactsNotEmpty."""
    rows: dict[str, int] = {}
    with warehouse.transaction() as transaction:
        held = [name for name in tables.STORED if transaction.execute(f'SELECT 1 FROM "{name}" LIMIT 1')]
        if held:
            raise FactsNotEmpty(f"The facts already hold {', '.join(held)}. Restore into empty ones.")
        transaction.execute(f"DELETE FROM {_VERSIONS}")
        for name in tables.ALL:
            file = folder / f"{name}.parquet"
            frame = pl.read_parquet(file) if file.exists() else None
            if frame is not None and not frame.is_empty():
                known = [column for column in frame.columns if column in tables.ALL[name]]
                transaction.append(name, frame.select(known).to_arrow())
            rows[name] = frame.height if frame is not None else 0
    return rows
