"""The whole ledger as lines of JSON, the same from and into SQLite and PostgreSQL."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction


class LedgerNotEmpty(RuntimeError):
    """A ledger that already holds people or decisions is never mixed with another."""


def dump_ledger(lines: TextIO, *, using: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Write every row of the ledger, as of one moment, those referred to first. Answers rows by table."""
    written: Counter[str] = Counter()
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql" and len(connections[using].savepoint_ids) == 0:
            # All tables as of one moment, however long the writing takes.
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in _tables():
            rows = table._base_manager.using(using).order_by("pk").iterator(chunk_size=2000)
            for row in rows:
                lines.write(serializers.serialize("jsonl", [row]).rstrip("\n") + "\n")
                written[table._meta.db_table] += 1
    return dict(written)


def load_ledger(lines: Iterable[str], *, using: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Read such lines into an empty ledger: all of them, or none. Answers rows by table. Raises LedgerNotEmpty."""
    tables = _tables()
    if any(table._base_manager.using(using).exists() for table in tables):
        raise LedgerNotEmpty("The ledger already holds rows. Restore into an empty one.")
    read: Counter[str] = Counter()
    with transaction.atomic(using=using):
        for each in serializers.deserialize("jsonl", _one_by_one(lines), using=using):
            each.save(using=using)
            read[each.object._meta.db_table] += 1
        resets = connections[using].ops.sequence_reset_sql(no_style(), tables)
        with connections[using].cursor() as cursor:
            for statement in resets:
                cursor.execute(statement)
    return dict(read)


@contextmanager
def another_ledger(description: dict[str, Any], alias: str = "restoring") -> Iterator[str]:
    """A ledger beside the one Django was set up with, its tables made; answers the alias to name it by."""
    connections.databases[alias] = connections.configure_settings({DEFAULT_DB_ALIAS: description})[DEFAULT_DB_ALIAS]
    try:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _tables() -> list[type[models.Model]]:
    listed: Any = serializers.sort_dependencies([(apps.get_app_config("ledger"), None)])
    return list(listed)


def _one_by_one(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line.strip())
