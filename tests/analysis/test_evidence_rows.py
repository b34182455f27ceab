"""Evidence names rows: those that were counted and no others, the newest first."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from nextplay.analysis.analyst import BuiltInAnalyst
from nextplay.analysis.evidence_rows import MOST_ROWS
from nextplay.facts.contract import BY_NAME
from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.operations.analyze import analyze
from nextplay.operations.installation import Installation
from nextplay.operations.partner_analysis import partner_analysis
from nextplay.program.load import default_program
from tests.stories import activity, deal, load, partner

DAY = date(2026, 11, 8)
# By criterion: what its number of rows is the number of.
COUNTED_BY = {
    "commitments_kept": "denominator",
    "proposals_answered": "denominator",
    "win_rate": "denominator",
    "deals_that_move": "denominator",
    "lead_seller": "denominator",
    "icp_accounts": "denominator",
    "named_sellers": "numerator",
    "deals_per_seller": "numerator",
    "sponsor_seen": "numerator",
    "offer_in_own_words": "numerator",
}


def _ago(days: int) -> datetime:
    return datetime(2026, 11, 8, 12) - timedelta(days=days)


def _evidence(warehouse: Warehouse, day: date = DAY) -> dict[tuple[str, str], dict[str, Any]]:
    reading = BuiltInAnalyst().read(warehouse, ScopedFacts(Scope(day), Reporting("USD")), default_program())
    rows = reading.criteria.select("partner_id", "criterion", "evidence").iter_rows()
    return {(partner_id, criterion): json.loads(text) for partner_id, criterion, text in rows}


@pytest.mark.engine
def test_the_newest_five_of_the_rows_counted_are_named(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    kept = [activity("p1", "commitment_met", _ago(n), activity_id=f"kept{n}") for n in range(1, 8)]
    old = activity("p1", "commitment_met", _ago(271), activity_id="too old")
    other = activity("p1", "meeting_held", _ago(1), activity_id="another kind")
    load(warehouse, "activities", *kept, old, other)
    evidence = _evidence(warehouse)
    assert evidence["p1", "commitments_kept"]["rows"] == [f"activities:kept{n}" for n in range(1, 6)]
    assert evidence["p2", "commitments_kept"]["rows"] == []


@pytest.mark.engine
def test_selling_is_shown_by_activities_and_deals_together(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "activities", *(activity("p1", "deal_registered", _ago(n), activity_id=f"a{n}") for n in (3, 170, 190)))
    load(warehouse, "deals", deal("d1", "p1", _ago(10)), deal("d2", "p1", _ago(2), sourced_by="influenced"))
    assert _evidence(warehouse)["p1", "selling_months"]["rows"] == ["activities:a3", "deals:d1", "activities:a170"]


def test_a_login_is_no_evidence_of_a_sponsor(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "contacts", {"contact_id": "c1", "partner_id": "p1", "role": "executive", "observed_at": _ago(900)})
    load(warehouse, "activities", activity("p1", "portal_login", _ago(3), contact_id="c1"))
    assert _evidence(warehouse)["p1", "sponsor_seen"]["rows"] == []


def test_as_many_rows_are_named_as_were_counted_up_to_five(sample_installation: Installation) -> None:
    evidence = _evidence(sample_installation.warehouse)
    assert {name for _, name in evidence} >= set(COUNTED_BY)
    for (partner_id, name), found in evidence.items():
        if name in COUNTED_BY:
            counted = int(found[COUNTED_BY[name]] or 0)
            assert len(found["rows"]) == min(counted, MOST_ROWS), (partner_id, name)


def test_every_row_named_is_the_partners_own(sample_installation: Installation) -> None:
    warehouse = sample_installation.warehouse
    named = [(p, row.split(":", 1)) for (p, _), found in _evidence(warehouse).items() for row in found["rows"]]
    held = {
        table: warehouse.read(stored(table)[[BY_NAME[table].key, "partner_id"]])
        for table in ("deals", "activities", "contacts")
    }
    owners = {table: dict(frame.iter_rows()) for table, frame in held.items()}
    touched = set(warehouse.read(stored("deals")[["account", "partner_id"]]).iter_rows())
    assert named
    for partner_id, (table, key) in named:
        if table == "accounts":
            assert (key, partner_id) in touched
        else:
            assert owners[table][key] == partner_id


def test_a_profile_reads_the_rows_and_does_without_those_of_an_older_run(installation: Installation) -> None:
    warehouse = installation.warehouse
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "activities", *(activity("p1", "commitment_met", _ago(n), activity_id=f"a{n}") for n in (1, 2)))
    analyze(installation, now=datetime(2026, 11, 9, tzinfo=UTC))

    def rows() -> tuple[str, ...]:
        found = partner_analysis(installation, "p1")
        assert found is not None
        criteria = [one for dimension in found.dimensions for one in dimension.criteria]
        return next(one.rows for one in criteria if one.name == "commitments_kept")

    assert rows() == ("activities:a1", "activities:a2")
    before = '{"numerator": 2, "denominator": 2, "window_days": 270}'
    with warehouse.transaction() as transaction:
        transaction.execute(f"UPDATE criteria SET evidence = '{before}'")
    assert rows() == ()
