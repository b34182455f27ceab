"""Money is converted by the rate of its own day, on both engines."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.program.load import ProgramError, read_program
from tests.facts.test_scope import _deal, _load, _partner

pytestmark = pytest.mark.engine

YEARS = (("EUR", date(2026, 1, 1), Decimal("1.20")), ("EUR", date(2025, 1, 1), Decimal("1.05")))


def _values(warehouse: Warehouse, reporting: Reporting) -> dict[str, Decimal | None]:
    deals = ScopedFacts(Scope(date(2026, 6, 1)), reporting).deals
    return dict(warehouse.read(deals[["deal_id", "value"]]).iter_rows())


def _bring(warehouse: Warehouse) -> None:
    days = {"early": datetime(2024, 5, 1), "first": datetime(2025, 1, 1), "last": datetime(2025, 12, 31, 23, 59), "none": None}
    euros = [_deal(name, opened_at=day, amount=Decimal(100), currency="EUR") for name, day in days.items()]
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "deals", *euros, _deal("now", opened_at=datetime(2026, 3, 1), amount=Decimal(100), currency="EUR"))


def test_the_rate_that_held_on_the_day_converts_it(warehouse: Warehouse) -> None:
    _bring(warehouse)
    found = _values(warehouse, Reporting("USD", (("EUR", Decimal("1.10")),), YEARS))
    assert {name: float(value or 0) for name, value in found.items()} == {
        "early": 110, "first": 105, "last": 105, "now": 120, "none": 110
    }  # fmt: skip


def test_before_the_first_day_and_without_an_undated_rate_the_first_one_holds(warehouse: Warehouse) -> None:
    _bring(warehouse)
    found = _values(warehouse, Reporting("USD", (), YEARS))
    assert [float(found[name] or 0) for name in ("early", "none", "now")] == [105, 105, 120]


def test_a_currency_without_any_rate_must_not_count_as_anything(warehouse: Warehouse) -> None:
    _bring(warehouse)
    found = _values(warehouse, Reporting("USD", (("GBP", Decimal(2)),), (("CHF", date(2025, 1, 1), Decimal(1)),)))
    assert set(found.values()) == {None}


def test_a_program_names_rates_by_day_and_no_day_twice() -> None:
    program = read_program("dated_rates: {EUR: [{since: 2026-01-01, rate: 1.2}]}", "program.yaml")
    assert program.known_currencies == {"EUR"}
    with pytest.raises(ProgramError, match="day of a EUR rate named twice: 2026-01-01"):
        read_program("dated_rates: {EUR: [{since: 2026-01-01, rate: 1.2}, {since: 2026-01-01, rate: 1.3}]}", "program.yaml")
    with pytest.raises(ProgramError, match="above 0"):
        read_program("dated_rates: {EUR: [{since: 2026-01-01, rate: 0}]}", "program.yaml")
