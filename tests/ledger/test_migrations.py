"""Data steps of migrations: what an earlier version left is read as it was meant."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from nextplay.ledger import promises
from nextplay.ledger.promises import ToPromise
from tests.ledger.conftest import NOW

pytestmark = pytest.mark.django_db


def test_promises_that_were_past_due_before_the_clock_closed_any_are_left_to_people() -> None:
    for text, due in (("Long ago", date(2026, 1, 9)), ("To come", date(2999, 1, 9))):
        promises.make_promise(ToPromise("p1", "partner", text, due), actor="ana@program.example", now=NOW)
    import_module("nextplay.ledger.migrations.0012_promises_past_due").leave_to_people(
        apps, SimpleNamespace(connection=connection)
    )
    assert promises.close_past_due(date(2900, 1, 1), now=NOW) == 0
    assert promises.close_past_due(date(3000, 1, 1), now=NOW) == 1
