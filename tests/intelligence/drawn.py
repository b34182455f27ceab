"""Small facts as hypothesis draws them: every partner with a place, every day on or before `TODAY`, much of it not known."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from nextplay.facts.warehouse import Warehouse, move_version
from tests.stories import load

TODAY = datetime(2026, 11, 9)
PLACES = (("Growth", "Gold"), ("Growth", "Silver"), ("Emerging", "Silver"))
STAGES = ("prospect", "applied", "signed", "onboarding", "enabled", "active", "inactive")
KINDS = ("deal_registered", "meeting_held", "commitment_met", "commitment_missed", "portal_login")
Rows = list[dict[str, Any]]

_BACK = st.integers(0, 300)
DAYS = _BACK.map(lambda back: TODAY - timedelta(days=back))
_MAYBE = st.one_of(st.none(), DAYS)
# To the cent, in the reporting currency, in one with a rate, in one without.
AMOUNTS = st.one_of(st.none(), st.decimals("0", "9e9", places=2))
CREDITS = st.decimals("-5e6", "9e9", places=2)
CURRENCIES = st.sampled_from(["EUR", "USD", "XXX", None])
INDUSTRIES = st.sampled_from(["Retail", "Energy", "Health", None])


@st.composite
def partners(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A partner at one of `PLACES`."""
    segment, tier = draw(st.sampled_from(PLACES))
    dates = {name: draw(_MAYBE) for name in ("applied_at", "signed_at", "onboarded_at", "enabled_at")}
    covered = st.lists(st.sampled_from(["North", "South", "East"]), max_size=3)
    more = {"segment": segment, "tier": tier, "lifecycle_stage": draw(st.sampled_from(STAGES)), "regions": draw(covered)}
    return {"partner_id": f"p{number}", "name": f"P {number}", "observed_at": datetime(1970, 1, 1), **more, **dates}


@st.composite
def deals(draw: st.DrawFn, number: int, of: int) -> dict[str, Any]:
    """A deal of one of so many partners, or of none."""
    stage = draw(st.sampled_from(["prospecting", "proposal", "won", "won", "lost"]))
    return {
        "deal_id": f"d{number}",
        "partner_id": draw(st.one_of(st.none(), st.integers(0, of - 1).map("p{}".format))),
        "stage": stage,
        "amount": draw(AMOUNTS),
        "currency": draw(CURRENCIES),
        "industry": draw(INDUSTRIES),
        "sourced_by": draw(st.sampled_from(["partner", "influenced", "co_sell", None])),
        "registration": draw(st.sampled_from(["approved", "rejected", "pending", None])),
        "opened_at": draw(_MAYBE),
        "closed_at": draw(_MAYBE) if stage in ("won", "lost") else None,
        "observed_at": datetime(1970, 1, 1),
    }


def _earned(number: int, of: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "revenue_id": st.just(f"r{number}"),
            "partner_id": st.integers(0, of - 1).map("p{}".format),
            "amount": CREDITS,
            "currency": CURRENCIES,
            "industry": INDUSTRIES,
            "recognized_at": DAYS,
            "observed_at": st.just(datetime(1970, 1, 1)),
        }
    )


def _done(number: int, of: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "activity_id": st.just(f"a{number}"),
            "partner_id": st.integers(0, of - 1).map("p{}".format),
            "kind": st.sampled_from(KINDS),
            "occurred_at": DAYS,
            "observed_at": st.just(datetime(1970, 1, 1)),
        }
    )


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Rows]:
    """All tables that dashboards read."""
    of = draw(st.integers(1, 9))
    return {
        "partners": [draw(partners(number)) for number in range(of)],
        "deals": [draw(deals(number, of)) for number in range(draw(st.integers(0, 20)))],
        "revenue": [draw(_earned(number, of)) for number in range(draw(st.integers(0, 8)))],
        "activities": [draw(_done(number, of)) for number in range(draw(st.integers(0, 8)))],
    }


def put(warehouse: Warehouse, drawn: dict[str, Rows]) -> None:
    """These facts instead of whatever was there."""
    with warehouse.transaction() as transaction:
        for table in (*drawn, "rollups"):
            transaction.execute(f"DELETE FROM {table}")
        move_version(transaction, "facts")
    for table, rows in drawn.items():
        if rows:
            load(warehouse, table, *rows)


def cents(value: float | None) -> Decimal:
    """Money as it is told, exact again."""
    return round(Decimal(value or 0), 2)
