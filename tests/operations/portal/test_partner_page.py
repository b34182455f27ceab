"""What a partner's own people see: facts of their own, and of a customer only what the program opens."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nextplay.operations.installation import Installation
from nextplay.operations.portal.partner_page import PartnerPage, show_partner_page
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.program.load import default_program
from nextplay.program.partner_page import CustomerFields, PartnerSide
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 8, 12)
CLOSED_BY_DEFAULT = {
    "name": "Ourfound",
    "industry": "Shipping",
    "region": "Nordics",
    "icp": "True",
    "product": "Lanterns",
    "deal_stage": "negotiation",
    "deal_amount": "7431",
    "deal_dates": "2026, 8",
    "contact": "Seen By",
}


def ago(days: int) -> datetime:
    return DAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def stocked(installation: Installation) -> None:
    facts = installation.warehouse
    load(facts, "partners", partner("p1"), partner("p2", name="Other Company"))
    load(
        facts,
        "contacts",
        {"contact_id": "c1", "partner_id": "p1", "name": "Seen By", "role": "lead_seller", "observed_at": ago(500)},
    )
    load(
        facts,
        "accounts",
        {"account": "Lowick", "industry": "Shipping", "region": "Nordics", "icp": True, "observed_at": ago(500)},
    )
    brought = {"account": "Lowick", "sourced_by": "partner", "stage": "negotiation", "product": "Lanterns"}
    ours = {"account": "Ourfound", "sourced_by": "influenced"}
    load(
        facts,
        "deals",
        deal("d1", "p1", ago(80), amount=Decimal(7431), **brought),
        deal("d2", "p1", ago(70), **ours),
        deal("d3", "p2", ago(5), account="Secretive", sourced_by="partner"),
    )
    load(
        facts,
        "activities",
        activity("p1", "meeting_held", ago(4), contact_id="c1", account="Lowick"),
        activity("p1", "meeting_held", ago(3), account="Ourfound"),
        activity("p1", "churn_watch", ago(2)),
        activity("p2", "meeting_held", ago(1), account="Secretive"),
    )
    note = {"partner_id": "p1", "kind": "qbr_note", "observed_at": ago(9)}
    load(
        facts,
        "documents",
        note | {"document_id": "n1", "author": "us", "written_at": ago(9), "text": "Polite, but nobody sells."},
        note | {"document_id": "n2", "author": "partner", "written_at": ago(8), "text": "We sell to ports."},
    )


def opening(installation: Installation, *fields: str) -> Installation:
    """The same facts under a program that opens these fields."""
    customer = CustomerFields(**dict.fromkeys(fields, "open"))
    return installation.under(default_program().model_copy(update={"partner_page": PartnerSide(customer=customer)}))


def seen(page: PartnerPage) -> str:
    """What the page says of customers, the list of people left out."""
    return str([vars(one) for one in page.deals]) + str([event for event in page.events if event.kind == "meeting_held"])


def test_of_a_customer_only_the_name_they_gave_is_there_until_the_program_opens_more(
    installation: Installation, cleo: Viewer, now: datetime
) -> None:
    page = show_partner_page(installation, cleo, now=now)
    assert [one.account for one in page.deals] == [None, "Lowick"]
    assert page.deals_in_all == 2
    told = seen(page)
    assert not [name for name, value in CLOSED_BY_DEFAULT.items() if name != "deal_dates" and value in told]
    assert {one.registered_at for one in page.deals} == {None}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.frozensets(st.sampled_from(sorted(CLOSED_BY_DEFAULT))))
def test_each_field_is_opened_by_itself(
    installation: Installation, cleo: Viewer, now: datetime, fields: frozenset[str]
) -> None:
    page = show_partner_page(opening(installation, *fields), cleo, now=now)
    told = seen(page)
    dated = {one.registered_at for one in page.deals} != {None}
    found = {name for name, value in CLOSED_BY_DEFAULT.items() if name != "deal_dates" and value in told}
    assert found | ({"deal_dates"} if dated else set()) == fields


def test_they_read_their_own_texts_and_not_ours(installation: Installation, cleo: Viewer, now: datetime) -> None:
    page = show_partner_page(installation, cleo, now=now)
    assert "We sell to ports." in str(page)
    assert "nobody sells" not in str(page)


def test_kinds_that_are_our_own_words_are_left_out(installation: Installation, cleo: Viewer, now: datetime) -> None:
    assert "churn_watch" not in str(show_partner_page(installation, cleo, now=now))


def test_nothing_of_another_partner_is_there_however_much_is_open(
    installation: Installation, cleo: Viewer, now: datetime
) -> None:
    page = show_partner_page(opening(installation, *CLOSED_BY_DEFAULT), cleo, now=now)
    assert "Secretive" not in str(page)
    assert "Other Company" not in str(page)


def test_it_is_nobodys_page_but_the_partners(installation: Installation, cleo: Viewer, ben: Viewer, now: datetime) -> None:
    strangers: list[Viewer] = [
        ben,
        replace(cleo, partner_id=None),
        replace(cleo, partner_id="p404"),
        replace(ben, role=Role.MANAGER),
    ]
    for viewer in strangers:
        with pytest.raises(NotForThisViewer):
            show_partner_page(installation, viewer, now=now)
