"""Brings checked rows into a table in one transaction: what is new is added, what differs is changed, the rest left alone.

When a row counts as observed, first rule that applies:
1. The file's own `observed_at`.
2. On a table's first load, which brings history along: when the row's event happened; where that is not known, and for
   partners, contacts and accounts, always. This holds with `import --observed-at` too, because every window that looks back
   from the first import would otherwise be empty. To say that such rows were learned later, give the column.
3. `import --observed-at`, else the time of the import.
A row that is changed later keeps the time it was first observed.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl
import pyarrow as pa

from nextplay.facts.contract import BY_NAME, OWN_ACTIVITY, TRACKED, FactTable
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.check import SOURCE_LINE
from nextplay.facts.intake.repeats import Repeats
from nextplay.facts.tables import stored
from nextplay.facts.touched import named_by, touch, touch_everybody
from nextplay.facts.undo import Before
from nextplay.facts.warehouse import SQL_TYPE

ALWAYS = datetime(1970, 1, 1)
# Changes that an import wrote itself, rather than read from a file.
OWN_CHANGE = "import:"
# What nextplay writes itself: beside such rows alone a file is still the first load of its table.
_OWN_ROWS = {"changes": f"change_id LIKE '{OWN_CHANGE}%'", "activities": f"activity_id LIKE '{OWN_ACTIVITY}%'"}
# When a lifecycle stage was reached, by the partner's own column.
_STAGE_REACHED = (
    ("applied", "applied_at"),
    ("signed", "signed_at"),
    ("onboarding", "onboarded_at"),
    ("enabled", "enabled_at"),
    ("inactive", "ended_at"),
)


class RowsLeftBehind(ValueError):
    """A replaced table would leave rows of other tables without their partner."""


@dataclass(frozen=True)
class Counts:
    """What an import did to a table, in rows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def moved(self) -> bool:
        """Whether anything is different now."""
        return bool(self.added or self.updated or self.removed)


class TableMerge:
    """One table under one import. For each file `begin`, `add` its rows, `settle`, `finish`; last `remove_others`."""

    def __init__(
        self,
        transaction: Transaction,
        table: FactTable,
        observed: datetime,
        *,
        replace: bool = False,
        before: Before | None = None,
    ) -> None:
        """`observed` is naive UTC: when the rows count as learned unless they say so themselves.

        `before` keeps what changes, where the change is to be taken back some day.
        """
        self._transaction, self.table, self._observed, self._replace = transaction, table, observed, replace
        self._before = before
        self._incoming, self._kept = f"incoming_{table.name}", f"kept_{table.name}"
        self._columns: list[str] = []
        self._has_observed, self._direct, self._added = False, False, 0
        self._repeats = Repeats()
        self._first_load = not self._holds_rows()
        if replace:
            self._make(self._kept, {"key": "text"})

    def begin(self, columns: list[str]) -> None:
        """Make room for the rows of a file with these columns of ours."""
        self._has_observed = "observed_at" in columns
        self._columns = [name for name in columns if name != "observed_at"]
        self._repeats, self._added = Repeats(), 0
        # Into an empty table there is nothing to compare with, so the rows go where they belong at once.
        self._direct = not self._replace and not self._holds_rows(any_row=True)
        if not self._direct:
            kinds = {name: SQL_TYPE[str(kind)] for name, kind in stored(self.table.name).schema().items()}
            self._make(self._incoming, {SOURCE_LINE: "bigint"} | {name: kinds[name] for name in columns})

    def add(self, rows: pl.DataFrame) -> None:
        """Add good rows of the file."""
        if not rows.is_empty():
            self._repeats.add(rows[self.table.key], rows[SOURCE_LINE])
            self._added += rows.height
            self._append(rows)

    def _append(self, rows: pl.DataFrame) -> None:
        if self._direct:
            own = ["observed_at"] if self._has_observed else []
            happened = [name for name in self.table.happened if name in self._columns]
            observed = pl.coalesce(*own, *happened, pl.lit(ALWAYS, dtype=pl.Datetime("us")))
            if not self._first_load:
                observed = pl.coalesce(*own, pl.lit(self._observed, dtype=pl.Datetime("us")))
            self._transaction.append(self.table.name, _arrow(rows.drop(SOURCE_LINE).with_columns(observed_at=observed)))
        else:
            self._transaction.append(self._incoming, _arrow(rows))

    def repeated(self) -> pl.Series:
        """Lines whose key may stand on another line of the file as well."""
        return self._repeats.candidates()

    def settle(self, firsts: pl.DataFrame, later: pl.DataFrame) -> None:
        """Of rows with the same key let the first stand: `later` are taken out again. Both as given to `add`."""
        key = self.table.key
        self._make("taken_out", {SOURCE_LINE: "bigint", "key": "text"})
        rows = (firsts if self._direct else later).select(SOURCE_LINE, pl.col(key).alias("key"))
        self._transaction.append("taken_out", _arrow(rows))
        if self._direct:
            self._transaction.execute(f'DELETE FROM {self.table.name} WHERE "{key}" IN (SELECT key FROM taken_out)')
            self._append(firsts)
        else:
            self._transaction.execute(
                f"DELETE FROM {self._incoming} WHERE {SOURCE_LINE} IN (SELECT {SOURCE_LINE} FROM taken_out)"
            )
        self._transaction.execute("DROP TABLE taken_out")
        self._added -= later.height

    def keep(self, keys: pl.Series) -> None:
        """With `replace`: stored rows that stay because their line was rejected, rather than left out."""
        if self._replace and len(keys):
            self._transaction.append(self._kept, _arrow(keys.alias("key").to_frame()))

    def finish(self) -> Counts:
        """Merge the file."""
        if self._direct:
            if self._added:
                touch_everybody(self._transaction)
                if self._before:
                    self._before.all_of(self.table)
            return Counts(added=self._added)
        total = self._added
        if self._replace:
            self._transaction.execute(f'INSERT INTO {self._kept} SELECT "{self.table.key}" FROM {self._incoming}')
        matched, updated = self._update() if self._holds_rows(any_row=True) else (0, 0)
        if matched < total:
            self._insert(everything=matched == 0)
        self._transaction.execute(f"DROP TABLE {self._incoming}")
        return Counts(added=total - matched, updated=updated, unchanged=matched - updated)

    def remove_others(self) -> int:
        """With `replace`, after the last file: remove the rows that no file held. Returns how many."""
        if not self._replace:
            return 0
        own = f'{self.table.name}."{self.table.key}"'
        others = f"FROM {self.table.name} WHERE NOT EXISTS (SELECT 1 FROM {self._kept} k WHERE k.key = {own})"
        if self.table.name == "activities":
            # Those of a partner that is gone go with it.
            theirs = "EXISTS (SELECT 1 FROM partners p WHERE p.partner_id = activities.partner_id)"
            others += f" AND NOT ({own} LIKE '{OWN_ACTIVITY}%' AND {theirs})"
        removed = self._count(f"SELECT count(*) {others}")
        if removed:
            touch(self._transaction, self.table.name, f"SELECT {self.table.name}.* {others}")
            if self._before:
                self._before.as_it_was(self.table, "removed", f"SELECT {self.table.name}.* {others}")
            self._transaction.execute(f"DELETE {others}")
        self._transaction.execute(f"DROP TABLE {self._kept}")
        return removed

    def _update(self) -> tuple[int, int]:
        """Change stored rows that differ, and write down what became of tracked fields."""
        name, key = self.table.name, self.table.key
        joined = f'{name} s JOIN {self._incoming} f ON s."{key}" = f."{key}"'
        matched = self._count(f"SELECT count(*) FROM {joined}")
        differs = self._differs()
        if not matched or differs is None:
            return matched, 0
        updated = self._count(f"SELECT count(*) FROM {joined} WHERE {differs}")
        if updated:
            for tracked in TRACKED.get(name, ()):
                if tracked in self._columns:
                    self._write_changes(tracked, joined)
            # Whose they were, and whose they are from now on.
            touch(self._transaction, name, f"SELECT s.* FROM {joined} WHERE {differs}")
            self._touch_incoming(f"FROM {joined} WHERE {differs}")
            if self._before:
                self._before.as_it_was(self.table, "updated", f"SELECT s.* FROM {joined} WHERE {differs}")
            assignments = ", ".join(f'"{column}" = {self._incoming_value(column)}' for column in self._settable)
            self._transaction.execute(
                f'UPDATE {name} AS s SET {assignments} FROM {self._incoming} f WHERE s."{key}" = f."{key}" AND ({differs})'
            )
        return matched, updated

    @property
    def _settable(self) -> list[str]:
        """Columns an update may change: those the file has; with `replace` all, for the table is to equal the file."""
        names = [column.name for column in self.table.columns] if self._replace else self._columns
        return [name for name in names if name != self.table.key]

    def _incoming_value(self, column: str) -> str:
        return f'f."{column}"' if column in self._columns else "NULL"

    def _differs(self) -> str | None:
        tests = [f's."{column}" IS DISTINCT FROM {self._incoming_value(column)}' for column in self._settable]
        return " OR ".join(tests) if tests else None

    def _insert(self, *, everything: bool) -> None:
        name, key = self.table.name, self.table.key
        columns = ", ".join(f'"{column}"' for column in self._columns)
        values = ", ".join(f'f."{column}"' for column in self._columns)
        new = "" if everything else f' WHERE NOT EXISTS (SELECT 1 FROM {name} s WHERE s."{key}" = f."{key}")'
        self._touch_incoming(f"FROM {self._incoming} f{new}")
        if self._before:
            self._before.added(self.table, f'SELECT f."{key}" FROM {self._incoming} f{new}')
        self._transaction.execute(
            f"INSERT INTO {name} ({columns}, observed_at) "
            f"SELECT {values}, {self._observed_value()} FROM {self._incoming} f{new}"
        )

    def _touch_incoming(self, rows: str) -> None:
        columns = named_by(self.table.name)
        if all(column in self._columns for column in columns):
            touch(self._transaction, self.table.name, f"SELECT {', '.join(f'f.{column}' for column in columns)} {rows}")

    def _observed_value(self) -> str:
        own = "f.observed_at, " if self._has_observed else ""
        if self._first_load:
            happened = [f'f."{column}"' for column in self.table.happened if column in self._columns]
            return f"coalesce({own}{''.join(f'{column}, ' for column in happened)}{_time(ALWAYS)})"
        return f"coalesce({own}{_time(self._observed)})"

    def _write_changes(self, field: str, joined: str) -> None:
        """One row a stored row whose field the file changes: never dated before the last change known of it, or after now."""
        entity = {"partners": "partner", "deals": "deal"}[self.table.name]
        key = self.table.key
        last = (
            f"(SELECT entity_id, max(changed_at) AS last_at FROM changes "
            f"WHERE entity = '{entity}' AND field = '{field}' GROUP BY entity_id)"
        )
        own = "f.observed_at" if self._has_observed else "NULL"
        observed = f"coalesce({own}, {_time(self._observed)})"
        dated = self._dated(field)
        floor = f"coalesce(l.last_at, {_time(ALWAYS)})"
        changed = (
            f"CASE WHEN {dated} > {floor} AND {dated} <= {observed} THEN {dated} "
            f"WHEN {observed} > {floor} THEN {observed} ELSE {floor} + INTERVAL '1 microsecond' END"
        )
        columns = "change_id, entity, entity_id, field, old, new, changed_at, observed_at"
        self._transaction.execute(
            f"CREATE TEMPORARY TABLE written AS "
            f"SELECT '{OWN_CHANGE}' || md5(concat_ws('|', '{entity}', id, '{field}', "
            f"coalesce(old, ''), coalesce(new, ''), CAST(changed_at AS text))) AS change_id, "
            f"CAST('{entity}' AS text) AS entity, id AS entity_id, CAST('{field}' AS text) AS field, "
            f"old, new, changed_at, observed_at FROM ("
            f'SELECT s."{key}" AS id, CAST(s."{field}" AS text) AS old, CAST(f."{field}" AS text) AS new, '
            f"{changed} AS changed_at, {observed} AS observed_at "
            f'FROM {joined} LEFT JOIN {last} l ON l.entity_id = s."{key}" WHERE s."{field}" IS DISTINCT FROM f."{field}") AS t'
        )
        if self._before:
            self._before.added(BY_NAME["changes"], "SELECT change_id FROM written")
        self._transaction.execute(f"INSERT INTO changes ({columns}) SELECT {columns} FROM written")
        self._transaction.execute("DROP TABLE written")

    def _dated(self, field: str) -> str:
        """The file's own time of a change, where it says something new; else null."""
        if field == "lifecycle_stage":
            cases = [
                f"WHEN f.lifecycle_stage = '{stage}' AND f.{column} IS DISTINCT FROM s.{column} THEN f.{column}"
                for stage, column in _STAGE_REACHED
                if column in self._columns
            ]
            return f"(CASE {' '.join(cases)} END)" if cases else _NO_TIME
        column = {"stage": "stage_changed_at", "tier": "tier_assigned_at"}.get(field)
        if column is None or column not in self._columns:
            return _NO_TIME
        return f"(CASE WHEN s.{column} IS NULL OR f.{column} > s.{column} THEN f.{column} END)"

    def _holds_rows(self, *, any_row: bool = False) -> bool:
        own = "" if any_row else _OWN_ROWS.get(self.table.name, "")
        only = f" WHERE NOT ({own})" if own else ""
        return bool(self._transaction.execute(f"SELECT 1 FROM {self.table.name}{only} LIMIT 1"))

    def _make(self, name: str, columns: dict[str, str]) -> None:
        shape = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self._transaction.execute(f"CREATE TEMPORARY TABLE {name} ({shape})")

    def _count(self, sql: str) -> int:
        return int(self._transaction.execute(sql)[0][0])


_NO_TIME = "CAST(NULL AS timestamp)"


def _arrow(rows: pl.DataFrame) -> pa.Table:
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest())


def _time(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.isoformat(sep=' ', timespec='microseconds')}'"


def refuse_left_behind(transaction: Transaction, referring: list[str]) -> None:
    """Raise RowsLeftBehind where rows of these tables name a partner that is no longer there."""
    for name in referring:
        left = (
            f"FROM {name} t WHERE t.partner_id IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM partners p WHERE p.partner_id = t.partner_id)"
        )
        rows, partners = transaction.execute(f"SELECT count(*), count(DISTINCT t.partner_id) {left}")[0]
        if rows:
            raise RowsLeftBehind(
                f"The file leaves out {partners} partners that {rows} rows of {name} belong to. "
                f"Keep them in the file, or replace {name} in the same import."
            )
