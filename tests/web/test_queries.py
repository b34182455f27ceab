"""How often pages ask: as often for many rows as for few."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import ibis.expr.types as ir
import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nextplay.facts.warehouse import Warehouse
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import OPERATOR
from tests.web.conftest import SignedIn

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
Counted = Callable[[str], tuple[int, int]]


@pytest.fixture
def asked(served: Installation, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Of a page that was opened before: questions to the ledger, and to the facts."""
    client, reads, plain = signed_in("admin"), [0], Warehouse.read

    def counting(self: Warehouse, *arguments: object, **named: object) -> object:
        reads[0] += 1
        return plain(self, *arguments, **named)

    monkeypatch.setattr(Warehouse, "read", counting)

    def count(address: str) -> tuple[int, int]:
        client.get(address)
        reads[0] = 0
        with CaptureQueriesContext(connection) as ledger:
            assert client.get(address).status_code == 200
        return len(ledger), reads[0]

    return count


def test_the_partner_list_asks_as_often_whatever_it_shows(asked: Counted) -> None:
    pages = ["/partners", "/partners?search=nordvane", "/partners?segment=Growth&sort=open_pipeline&page=2"]
    pages.append("/partners?region=DACH&industry=Logistics")
    counts = [asked(page) for page in pages]
    # The count, the rows and the filters.
    assert {facts for _, facts in counts} == {3}
    assert len({ledger for ledger, _ in counts}) == 1
    # Two of them count what waits behind the menu.
    assert counts[0][0] <= 8


def test_lists_of_decisions_and_of_those_left_out_do_not_ask_row_by_row(asked: Counted) -> None:
    ledger, facts = asked("/focus")
    assert ledger <= 12
    assert facts <= 8


def test_a_past_day_asks_each_question_once(served: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    read, plain = [], Warehouse.read

    def noting(self: Warehouse, expression: ir.Table) -> pl.DataFrame:
        read.append(expression.op())
        return plain(self, expression)

    monkeypatch.setattr(Warehouse, "read", noting)
    for segment, tier in ((None, None), ("Growth", None), ("Growth", "Gold")):
        read.clear()
        show_executive(served, OPERATOR, now=NOW, segment=segment, tier=tier, as_of=date(2026, 6, 30))
        assert read
        assert len(read) == len(set(read))


def test_a_dashboard_that_was_just_worked_out_is_not_worked_out_again(asked: Counted) -> None:
    assert asked("/dashboard?segment=Growth")[1] <= 2
