"""What the last import changed, as it stood before: kept with the import itself, so that it can be told, and taken back.

One `before_<table>` a table of the contract holds a row for every row that the import added (its key alone), changed or
removed (as it was). Of a table that was empty before nothing is kept: taking the import back empties it again.
"""

from dataclasses import dataclass
from typing import Literal

import ibis

from nextplay.facts.contract import BY_NAME, OWN_ACTIVITY, FactTable
from nextplay.facts.engines import Transaction
from nextplay.facts.tables import BEFORE, stored
from nextplay.facts.touched import move_facts, touch_everybody
from nextplay.facts.warehouse import Reader, version_of

Done = Literal["added", "updated", "removed"]
# What people entered here is no import's: the ledger says what of it stands.
_OWN = {"activities": f"activity_id LIKE '{OWN_ACTIVITY}%'"}


class CannotUndo(ValueError):
    """There is no import that could be taken back as if it had never been."""


@dataclass(frozen=True)
class PutBack:
    """What taking an import back did to a table, in rows: `removed` had been added, `restored` changed or removed."""

    table: str
    removed: int
    restored: int


class Before:
    """Keeps what an import under way changes. What was kept of the import before goes with the first row."""

    def __init__(self, transaction: Transaction) -> None:
        """Within the import's own transaction."""
        self._transaction = transaction
        self._began = False
        self.whole: set[str] = set()

    def all_of(self, table: FactTable) -> None:
        """A table that was empty is being filled."""
        self._begin()
        self.whole.add(table.name)

    def added(self, table: FactTable, keys: str) -> None:
        """`keys`: a query of the keys that are about to be added, or were just now."""
        self._keep(table, "added", keys, (table.key,))

    def as_it_was(self, table: FactTable, done: Done, rows: str) -> None:
        """`rows`: a query of the rows as they stand before they are changed or removed."""
        self._keep(table, done, rows, tuple(stored(table.name).schema()))

    def settle(self) -> None:
        """After the version moved: say which version of the facts can be taken back."""
        if self._began:
            whole = ",".join(sorted(self.whole))
            self._transaction.execute(
                f"INSERT INTO last_import SELECT number, '{whole}' FROM nextplay_versions WHERE part = 'facts'"
            )

    def _begin(self) -> None:
        if not self._began:
            _forget(self._transaction)
            self._began = True

    def _keep(self, table: FactTable, done: Done, rows: str, columns: tuple[str, ...]) -> None:
        """The first that happened to a row is what it was before the import."""
        if table.name in self.whole:
            return
        self._begin()
        name, key, named = f"before_{table.name}", table.key, ", ".join(f'"{column}"' for column in columns)
        self._transaction.execute(
            f"INSERT INTO {name} ({named}, done) SELECT {named}, '{done}' FROM ({rows}) r "
            f'WHERE NOT EXISTS (SELECT 1 FROM {name} b WHERE b."{key}" = r."{key}")'
        )


def carry_on(transaction: Transaction) -> None:
    """After the version moved for what people entered: that alone leaves the last import as it can be taken back."""
    transaction.execute(
        "UPDATE last_import SET facts = facts + 1 WHERE facts = (SELECT number - 1 FROM nextplay_versions WHERE part = 'facts')"
    )


def why_not(reader: Reader, *, brought: int | None = None) -> str:
    """Why the last import cannot be taken back, in a sentence; empty where it can.

    `brought`: the version of the facts that the import came to which is meant, where one is; the last may be another.
    """
    held = reader.read(ibis.table(BEFORE["last_import"], name="last_import"))
    if held.is_empty():
        return "There is no import that can be undone."
    version = version_of(reader)
    if brought not in (None, version.brought):
        return "Another import, or an undo, came between. Look at the list of imports again, and undo the one that you mean."
    if held["facts"].to_list() != [version.facts]:
        return (
            "The facts were changed since the last import: by moved partners, removed sample data, or a restore. "
            "It can no longer be undone; import the files as they were before."
        )
    return ""


def put_back(transaction: Transaction, *, brought: int | None = None) -> list[PutBack]:
    """Take the last import back: every fact stands as it did before, and what people entered since stays.

    Moves the version; what people entered of a partner that goes leaves the facts with it. `brought` as in `why_not`.
    Raises CannotUndo.
    """
    refused = why_not(transaction, brought=brought)
    if refused:
        raise CannotUndo(refused)
    whole = set(transaction.execute("SELECT whole FROM last_import")[0][0].split(","))
    told = [_emptied(transaction, table) if name in whole else _restored(transaction, table) for name, table in BY_NAME.items()]
    transaction.execute(
        f"DELETE FROM activities WHERE {_OWN['activities']} "
        "AND NOT EXISTS (SELECT 1 FROM partners p WHERE p.partner_id = activities.partner_id)"
    )
    _forget(transaction)
    touch_everybody(transaction)
    move_facts(transaction)
    return [one for one in told if one.removed or one.restored]


def _emptied(transaction: Transaction, table: FactTable) -> PutBack:
    files = _not_own(table)
    [(rows,)] = transaction.execute(f"SELECT count(*) FROM {table.name} WHERE {files}")
    transaction.execute(f"DELETE FROM {table.name} WHERE {files}")
    return PutBack(table.name, rows, 0)


def _restored(transaction: Transaction, table: FactTable) -> PutBack:
    name, key, before, files = table.name, table.key, f"before_{table.name}", _not_own(table)
    counts = dict(transaction.execute(f"SELECT done, count(*) FROM {before} WHERE {files} GROUP BY done"))
    if counts:
        transaction.execute(
            f'DELETE FROM {name} WHERE {files} AND "{key}" IN (SELECT "{key}" FROM {before} WHERE done <> \'removed\')'
        )
        columns = ", ".join(f'"{column}"' for column in stored(name).schema())
        transaction.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {before} WHERE {files} AND done <> 'added'")
    return PutBack(name, counts.get("added", 0), counts.get("updated", 0) + counts.get("removed", 0))


def _not_own(table: FactTable) -> str:
    return f"NOT ({_OWN[table.name]})" if table.name in _OWN else "TRUE"


def _forget(transaction: Transaction) -> None:
    for name in ("last_import", *(f"before_{table}" for table in BY_NAME)):
        transaction.execute(f"DELETE FROM {name}")
