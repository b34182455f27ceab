"""What a scope lets through, on both engines."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import md5
from typing import Any

import polars as pl
import pytest

from nextplay.facts.scope import PARTS, Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from tests.stories import activity, load, partner

pytestmark = pytest.mark.engine

JAN, FEB, MAR = datetime(2026, 1, 10), datetime(2026, 2, 10), datetime(2026, 3, 10)
ALWAYS = datetime(1970, 1, 1)
EUROS = Reporting("USD", (("EUR", Decimal("1.10")),))


def _load(warehouse: Warehouse, table: str, *rows: dict[str, Any]) -> None:
    schema = warehouse.read(stored(table).limit(0)).schema
    columns = {name: [row.get(name) for row in rows] for name in schema if any(name in row for row in rows)}
    frame = pl.DataFrame(columns, schema_overrides={name: schema[name] for name in columns}, strict=False)
    with warehouse.transaction() as transaction:
        transaction.append(table, frame.to_arrow())


def _partner(partner_id: str, **more: object) -> dict[str, Any]:
    return {"partner_id": partner_id, "name": partner_id, "lifecycle_stage": "active", "observed_at": ALWAYS} | more


def _deal(deal_id: str, partner_id: str | None = "p1", **more: object) -> dict[str, Any]:
    return {"deal_id": deal_id, "partner_id": partner_id, "stage": "proposal", "opened_at": JAN, "observed_at": JAN} | more


def _facts(day: date, *, past: bool = True, **more: Any) -> ScopedFacts:
    return ScopedFacts(Scope(day, past=past, **more), EUROS)


def _deals(warehouse: Warehouse, facts: ScopedFacts) -> dict[str, dict[str, Any]]:
    return {row["deal_id"]: row for row in warehouse.read(facts.deals).iter_rows(named=True)}


def test_a_filter_keeps_its_partners_and_their_deals_only(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1", segment="A", tier="Gold"), _partner("p2", segment="A"), _partner("p3"))
    _load(warehouse, "deals", *(_deal(f"d{i}", f"p{i}") for i in (1, 2, 3)), _deal("direct", None))
    assert set(_deals(warehouse, _facts(date(2026, 4, 1), past=False))) == {"d1", "d2", "d3"}
    assert set(_deals(warehouse, _facts(date(2026, 4, 1), past=False, segment="A"))) == {"d1", "d2"}
    assert set(_deals(warehouse, _facts(date(2026, 4, 1), past=False, segment="A", tier="Gold"))) == {"d1"}


def test_a_partners_own_people_reach_no_other_organisation(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"), _partner("p2"))
    _load(warehouse, "deals", _deal("d1", "p1"), _deal("d2", "p2"), _deal("direct", None))
    facts = _facts(date(2026, 4, 1), reach=Reach(partner_id="p1"))
    assert set(_deals(warehouse, facts)) == {"d1"}
    assert warehouse.read(facts.direct_deals).is_empty()
    nobody = _facts(date(2026, 4, 1), reach=Reach(partner_id=""))
    assert warehouse.read(nobody.partners).is_empty()
    assert not _deals(warehouse, nobody)


def test_a_managers_portfolio_does_not_depend_on_how_the_address_is_written(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1", manager_email="Ana@X.test"), _partner("p2", manager_email="b@x.test"))
    read = warehouse.read(_facts(date(2026, 4, 1), reach=Reach(manager_email="ana@x.TEST")).partners)
    assert read["partner_id"].to_list() == ["p1"]


def test_what_had_not_happened_or_was_not_observed_by_the_day_is_left_out(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "deals", _deal("known"), _deal("later", opened_at=MAR), _deal("learned late", observed_at=MAR))
    assert set(_deals(warehouse, _facts(date(2026, 2, 1)))) == {"known"}
    assert set(_deals(warehouse, _facts(date(2026, 3, 10)))) == {"known", "later", "learned late"}


def test_a_deal_closed_after_the_day_was_open_on_it(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "deals", _deal("d1", stage="won", closed_at=MAR))
    before = _deals(warehouse, _facts(date(2026, 2, 1)))["d1"]
    assert (before["state"], before["stage"], before["closed_at"]) == ("open", None, None)
    after = _deals(warehouse, _facts(date(2026, 3, 10)))["d1"]
    assert (after["state"], after["stage"], after["closed_at"]) == ("won", "won", MAR)


def test_a_changed_stage_and_amount_read_as_they_stood(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "deals", _deal("d1", stage="won", amount=Decimal(900), closed_at=MAR))
    change = {"entity": "deal", "entity_id": "d1", "field": "stage"}
    _load(
        warehouse,
        "changes",
        change | {"change_id": "c1", "old": "qualification", "new": "proposal", "changed_at": FEB, "observed_at": FEB},
        change | {"change_id": "c2", "old": "proposal", "new": "won", "changed_at": MAR, "observed_at": MAR},
        change | {"change_id": "c3", "field": "amount", "old": "500", "new": "900", "changed_at": MAR, "observed_at": MAR},
    )
    assert _deals(warehouse, _facts(date(2026, 1, 31)))["d1"]["stage"] == "qualification"
    february = _deals(warehouse, _facts(date(2026, 2, 28)))["d1"]
    assert (february["stage"], february["value"], february["state"]) == ("proposal", Decimal("500.00"), "open")
    march = _deals(warehouse, _facts(date(2026, 3, 31)))["d1"]
    assert (march["stage"], march["value"]) == ("won", Decimal("900.00"))


def test_a_change_that_happened_but_was_not_yet_observed_is_not_known(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1", tier="Gold"))
    row = {"change_id": "c", "entity": "partner", "entity_id": "p1", "field": "tier", "old": "Silver", "new": "Gold"}
    _load(warehouse, "changes", row | {"changed_at": JAN, "observed_at": MAR})
    assert warehouse.read(_facts(date(2026, 2, 1)).partners)["tier"].to_list() == ["Silver"]
    assert warehouse.read(_facts(date(2026, 3, 10)).partners)["tier"].to_list() == ["Gold"]


def test_a_stage_reached_after_the_day_gives_way_to_the_one_reached_before(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1", signed_at=JAN, enabled_at=MAR), _partner("p2"))
    stages = dict(warehouse.read(_facts(date(2026, 2, 1)).partners[["partner_id", "lifecycle_stage"]]).iter_rows())
    assert stages == {"p1": "signed", "p2": "active"}


def test_amounts_convert_at_the_programs_rate_and_stay_unknown_without_one(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    ten = Decimal("10.005")
    _load(
        warehouse,
        "deals",
        _deal("own", amount=ten, currency="USD"),
        _deal("none", amount=ten),
        _deal("rate", amount=ten, currency="EUR"),
        _deal("no rate", amount=ten, currency="JPY"),
        _deal("no amount", currency="EUR"),
    )
    values = {key: row["value"] for key, row in _deals(warehouse, _facts(date(2026, 4, 1))).items()}
    assert values == {
        "own": Decimal("10.01"),
        "none": Decimal("10.01"),
        "rate": Decimal("11.01"),
        "no rate": None,
        "no amount": None,
    }


def test_industry_comes_from_the_deal_then_from_its_account(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "accounts", {"account": "Acme", "industry": "Energy", "observed_at": ALWAYS})
    _load(warehouse, "deals", _deal("d1", account="Acme"), _deal("d2", account="Acme", industry="Retail"), _deal("d3"))
    revenue = {"partner_id": "p1", "amount": Decimal(5), "recognized_at": JAN, "observed_at": JAN}
    _load(warehouse, "revenue", revenue | {"revenue_id": "r1", "deal_id": "d1"}, revenue | {"revenue_id": "r2"})
    facts = _facts(date(2026, 4, 1), past=False)
    assert {key: row["industry"] for key, row in _deals(warehouse, facts).items()} == {
        "d1": "Energy",
        "d2": "Retail",
        "d3": None,
    }
    assert dict(warehouse.read(facts.revenue[["revenue_id", "industry"]]).iter_rows()) == {"r1": "Energy", "r2": None}


def test_revenue_that_states_industries_is_not_filled_from_its_deal(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "deals", _deal("d1", industry="Retail"))
    revenue = {"partner_id": "p1", "deal_id": "d1", "amount": Decimal(5), "recognized_at": JAN, "observed_at": JAN}
    _load(warehouse, "revenue", revenue | {"revenue_id": "r1"}, revenue | {"revenue_id": "r2", "industry": "Energy"})
    facts = _facts(date(2026, 4, 1), past=False)
    assert dict(warehouse.read(facts.revenue[["revenue_id", "industry"]]).iter_rows()) == {"r1": None, "r2": "Energy"}


def test_a_past_day_reads_no_industry_that_was_learned_later(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", _partner("p1"))
    _load(warehouse, "deals", _deal("d1", account="Acme"), _deal("d2", industry="Retail"))
    revenue = {"partner_id": "p1", "amount": Decimal(5), "recognized_at": JAN, "observed_at": JAN}
    _load(
        warehouse, "revenue", revenue | {"revenue_id": "r1", "deal_id": "d2"}, revenue | {"revenue_id": "r2", "deal_id": "d3"}
    )
    before = _facts(date(2026, 2, 28))
    past = [warehouse.read(before.deals[["deal_id", "industry"]]), warehouse.read(before.revenue[["revenue_id", "industry"]])]
    _load(warehouse, "accounts", {"account": "Acme", "industry": "Energy", "observed_at": MAR})
    _load(warehouse, "deals", _deal("d3", industry="Health", observed_at=MAR))
    later = {"revenue_id": "r3", "industry": "Energy", "recognized_at": MAR, "observed_at": MAR}
    _load(warehouse, "revenue", revenue | later)
    again = _facts(date(2026, 2, 28))
    assert dict(warehouse.read(again.deals[["deal_id", "industry"]]).iter_rows()) == dict(past[0].iter_rows())
    assert dict(warehouse.read(again.revenue[["revenue_id", "industry"]]).iter_rows()) == dict(past[1].iter_rows())
    assert dict(past[1].iter_rows()) == {"r1": "Retail", "r2": None}
    known = _facts(date(2026, 3, 31))
    assert dict(warehouse.read(known.deals[["deal_id", "industry"]]).iter_rows())["d1"] == "Energy"


def test_accounts_learned_later_are_no_evidence_of_a_past_day(warehouse: Warehouse) -> None:
    _load(warehouse, "accounts", {"account": "Acme", "observed_at": ALWAYS}, {"account": "Bolt", "observed_at": MAR})
    assert warehouse.read(_facts(date(2026, 2, 28)).accounts)["account"].to_list() == ["Acme"]
    assert warehouse.read(_facts(date(2026, 2, 28), past=False).accounts).height == 2


def test_looking_back_knows_what_was_learned_since_and_not_what_happened_since(warehouse: Warehouse) -> None:
    then, today = date(2026, 1, 31), date(2026, 3, 31)
    load(warehouse, "partners", partner("p1"))
    load(
        warehouse,
        "activities",
        activity("p1", "meeting_held", datetime(2026, 1, 9), observed_at=datetime(2026, 3, 1), activity_id="brought later"),
        activity("p1", "meeting_held", datetime(2026, 1, 9), observed_at=datetime(2026, 4, 2), activity_id="not known yet"),
        activity("p1", "meeting_held", datetime(2026, 2, 9), activity_id="happened later"),
    )
    seen = ScopedFacts(Scope(then, past=True, known_by=today), Reporting("USD")).activities.select("activity_id")
    assert warehouse.read(seen)["activity_id"].to_list() == ["brought later"]
    strict = ScopedFacts(Scope(then, past=True), Reporting("USD")).activities.select("activity_id")
    assert warehouse.read(strict).is_empty()


def test_a_sample_holds_its_share_of_partners_with_their_rows_and_the_same_ones_on_every_engine(warehouse: Warehouse) -> None:
    _load(warehouse, "partners", *(_partner(f"p{place}", segment=str(place % 2)) for place in range(400)))
    _load(warehouse, "deals", *(_deal(f"d{place}", f"p{place}") for place in range(400)))
    half = _facts(date(2026, 4, 1), parts=PARTS // 2)
    some = set(warehouse.read(half.partner_ids)["partner_id"])
    digest = {f"p{place}": int(md5(f"p{place}".encode(), usedforsecurity=False).hexdigest()[:2], 16) for place in range(400)}
    assert some == {one for one, part in digest.items() if part < PARTS // 2}
    assert {row["partner_id"] for row in _deals(warehouse, half).values()} == some
    narrowed = _facts(date(2026, 4, 1), parts=PARTS // 2, segment="0")
    assert set(warehouse.read(narrowed.partner_ids)["partner_id"]) == {one for one in some if int(one[1:]) % 2 == 0}
