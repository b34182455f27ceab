"""A few rows of what an import under way adds, changes and removes, and how many rows change in which column."""

from dataclasses import dataclass
from typing import Any

from nextplay.facts.contract import FactTable
from nextplay.facts.engines import Transaction
from nextplay.facts.undo import Done

SHOWN = 5
# What a row is called beside its key, first column known.
_CALLED = {
    "partners": ("name",),
    "contacts": ("name", "email"),
    "accounts": ("industry", "region"),
    "deals": ("account", "stage"),
    "revenue": ("partner_id",),
    "activities": ("kind",),
    "documents": ("kind",),
    "changes": ("field",),
}
_LONGEST = 60


@dataclass(frozen=True)
class Sample:
    """One row: its key, what it is called, and of a changed one what would be otherwise, such as `tier: Silver to Gold`."""

    done: Done
    key: str
    called: str
    differs: tuple[str, ...] = ()


def samples_of(transaction: Transaction, table: FactTable, *, whole: bool) -> tuple[Sample, ...]:
    """Of each kind the first by key. `whole`: the table was empty before, so every row is new."""
    return (
        *_added(transaction, table, whole=whole),
        *_updated(transaction, table),
        *_removed(transaction, table),
    )


def changed_columns(transaction: Transaction, table: FactTable) -> tuple[tuple[str, int], ...]:
    """Columns by how many rows would change in them, most first."""
    names = [column.name for column in table.columns if column.name != table.key]
    counts = ", ".join(f'count(CASE WHEN b."{name}" IS DISTINCT FROM t."{name}" THEN 1 END)' for name in names)
    [row] = transaction.execute(f"SELECT {counts} {_beside(table)}")
    told = [(name, int(number)) for name, number in zip(names, row, strict=True) if number]
    return tuple(sorted(told, key=lambda one: (-one[1], one[0])))


def _added(transaction: Transaction, table: FactTable, *, whole: bool) -> list[Sample]:
    new = f"SELECT \"{table.key}\" FROM before_{table.name} WHERE done = 'added'"
    among = "" if whole else f'WHERE t."{table.key}" IN ({new})'
    rows = transaction.execute(f"SELECT {_named('t', table)} FROM {table.name} t {among} ORDER BY 1 LIMIT {SHOWN}")
    return [Sample("added", _said(key), _said(called)) for key, called in rows]


def _removed(transaction: Transaction, table: FactTable) -> list[Sample]:
    rows = transaction.execute(
        f"SELECT {_named('b', table)} FROM before_{table.name} b WHERE done = 'removed' ORDER BY 1 LIMIT {SHOWN}"
    )
    return [Sample("removed", _said(key), _said(called)) for key, called in rows]


def _updated(transaction: Transaction, table: FactTable) -> list[Sample]:
    names = [column.name for column in table.columns if column.name != table.key]
    pairs = ", ".join(f'b."{name}", t."{name}"' for name in names)
    rows = transaction.execute(f"SELECT {_named('t', table)}, {pairs} {_beside(table)} ORDER BY 1 LIMIT {SHOWN}")
    return [Sample("updated", _said(row[0]), _said(row[1]), _differs(names, row[2:])) for row in rows]


def _differs(names: list[str], values: tuple[Any, ...]) -> tuple[str, ...]:
    pairs = zip(names, values[::2], values[1::2], strict=True)
    return tuple(f"{name}: {_said(old)} to {_said(new)}" for name, old, new in pairs if old != new)


def _beside(table: FactTable) -> str:
    """Rows as they were (`b`) and as they would be (`t`)."""
    key = table.key
    return f'FROM before_{table.name} b JOIN {table.name} t ON b."{key}" = t."{key}" WHERE b.done = \'updated\''


def _named(alias: str, table: FactTable) -> str:
    columns = ", ".join(f'{alias}."{name}"' for name in _CALLED[table.name])
    return f'{alias}."{table.key}", coalesce({columns})'


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
