"""Accounts for a session: those the facts say fit, with the reason; never one that somebody is at work on."""

from datetime import UTC, datetime

import pytest

from nextplay.facts.warehouse import Warehouse
from nextplay.home import create_home
from nextplay.operations.installation import Installation
from nextplay.operations.plays.propose_accounts import propose_accounts
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.engine
NOW = datetime(2026, 11, 9, 9, tzinfo=UTC)
LONG_AGO = datetime(2026, 2, 1)


def _account(
    name: str, industry: str | None = None, region: str | None = None, *, icp: bool | None = None
) -> dict[str, object]:
    return {"account": name, "industry": industry, "region": region, "icp": icp}


@pytest.fixture
def proposed(warehouse: Warehouse, facts_url: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """What is proposed to p1, who covers Logistics in DACH and won in Retail, on each engine in turn."""
    load(warehouse, "partners", partner("p1", verticals=["Logistics"], regions=["DACH"]), partner("p2"))
    load(
        warehouse,
        "accounts",
        _account("Covered", "Logistics", "Iberia"),
        _account("Both", "Logistics", "DACH"),
        _account("Like won", "Retail", "Iberia"),
        _account("Known", "Banking", "Iberia"),
        _account("Ideal only", "Banking", "Iberia", icp=True),
        _account("Theirs already", "Logistics", "DACH"),
        _account("At work", "Logistics", "DACH"),
        _account("Sold direct", "Logistics", "DACH"),
        _account("Anothers customer", "Logistics", "DACH"),
        _account("Our customer", "Logistics", "DACH"),
        _account("Nothing", None, None),
    )
    load(
        warehouse,
        "deals",
        deal("d1", "p1", LONG_AGO, account="Theirs already", stage="lost"),
        deal("d2", "p1", LONG_AGO, account="Elsewhere", industry="Retail", stage="won"),
        deal("d3", "p2", LONG_AGO, account="At work", stage="proposal"),
        deal("d5", "p2", LONG_AGO, account="Anothers customer", stage="won"),
        {**deal("d6", "p2", LONG_AGO, account="Our customer", stage="won"), "partner_id": None},
        {**deal("d4", "p2", LONG_AGO, account="Sold direct", stage="proposal"), "partner_id": None},
    )
    load(warehouse, "activities", activity("p1", "meeting_held", datetime(2026, 11, 2), account="Known"))
    warehouse.close()
    opened = Installation(create_home(tmp_path_factory.mktemp("home") / "home", facts_url=facts_url))
    found = propose_accounts(opened, "p1", now=NOW)
    opened.close()
    return [(one.account, one.why) for one in found]


def test_accounts_that_fit_come_best_first_with_their_reason(proposed: list[tuple[str, str]]) -> None:
    assert proposed == [
        ("Both", "They cover Logistics; it is in DACH, their region."),
        ("Known", "They were in touch with it before."),
        ("Like won", "They won 1 in Retail."),
        ("Covered", "They cover Logistics."),
    ]
