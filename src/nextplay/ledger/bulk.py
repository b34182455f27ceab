"""Adding very many rows at once: values go straight to the database's driver, in the shape that Django gives them."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from django.db import connection, models

# Handed to the driver at a time: enough to be fast, few enough to weigh nothing.
BATCH = 5_000
# Fields whose values every driver takes as they are.
_AS_THEY_ARE = (models.CharField, models.TextField, models.FloatField, models.BooleanField, models.IntegerField)


def insert(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows of one shape, in the transaction that is open: values by attribute (`cycle_id`), all others by default.

    For what is only written here. It makes no model objects and sends no signals: a tenth of the time of `bulk_create`.
    """
    left = iter(rows)
    first = next(left, None)
    if first is None:
        return
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    named = [(field.attname, _shaped(field)) for field in fields if field.attname in first]
    given = [field for field in fields if field.attname in first]
    rest = [field for field in fields if field.attname not in first]
    constant = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in (*given, *rest))
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"
    values = ([*(shaped(row[name]) for name, shaped in named), *constant] for row in _after(first, left))
    with connection.cursor() as cursor:
        while batch := list(islice(values, BATCH)):
            cursor.executemany(statement, batch)


def _after(first: Mapping[str, Any], rest: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    yield first
    yield from rest


def _shaped(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    if isinstance(field, _AS_THEY_ARE):
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)
