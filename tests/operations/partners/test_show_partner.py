"""One partner's profile, for the team."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_partner import SAID_CHARACTERS, PartnerProfile, show_partner
from nextplay.operations.viewer import NotForThisViewer, Viewer
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 8, 12)


def ago(days: int) -> datetime:
    return DAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def stocked(installation: Installation) -> None:
    facts = installation.warehouse
    load(facts, "partners", partner("p1"), partner("p2", manager_email="eve@program.example"))
    seller = {"contact_id": "c1", "partner_id": "p1", "name": "Marek", "role": "lead_seller", "observed_at": ago(500)}
    load(facts, "contacts", seller)
    open_deal = deal("d1", "p1", ago(80), account="Lowick", stage_changed_at=ago(12), amount=Decimal(100))
    load(facts, "deals", open_deal, deal("d2", "p1", ago(300), stage="won", closed_at=ago(200)), deal("d3", "p2", ago(5)))
    logins = [activity("p1", "portal_login", ago(days)) for days in (1, 2, 3)]
    load(
        facts,
        "activities",
        *logins,
        activity("p1", "meeting_held", ago(4), contact_id="c1"),
        activity("p2", "meeting_held", ago(1)),
    )
    note = {"partner_id": "p1", "kind": "qbr_note", "observed_at": ago(9)}
    load(
        facts,
        "documents",
        note | {"document_id": "n1", "author": "us", "written_at": ago(9), "text": "Polite, but nobody sells."},
        note | {"document_id": "n2", "author": "partner", "written_at": ago(8), "text": "We " + "sell " * 99},
    )
    change = {"entity": "partner", "entity_id": "p1", "field": "tier", "old": "Silver", "new": "Gold"}
    load(facts, "changes", change | {"change_id": "x1", "changed_at": ago(30), "observed_at": ago(30)})


def kinds(profile: PartnerProfile) -> list[str]:
    return [event.kind for event in profile.events]


def test_the_timeline_holds_what_was_done_written_and_changed_newest_first(
    installation: Installation, ana: Viewer, now: datetime
) -> None:
    profile = show_partner(installation, ana, "p1", now=now)
    assert kinds(profile) == ["portal_login", "meeting_held", "document:qbr_note", "document:qbr_note", "change:tier"]
    assert profile.events[0].times == 3
    assert (profile.events[1].person, profile.events[4].said) == ("Marek", "Silver \u2192 Gold")
    assert len(profile.events[2].said or "") == SAID_CHARACTERS


def test_the_profile_is_for_the_team_alone(installation: Installation, cleo: Viewer, now: datetime) -> None:
    with pytest.raises(NotForThisViewer):
        show_partner(installation, cleo, "p1", now=now)


def test_open_deals_say_how_long_they_stand_and_closed_ones_do_not(
    installation: Installation, ana: Viewer, now: datetime
) -> None:
    deals = {one.deal_id: one for one in show_partner(installation, ana, "p1", now=now).deals}
    assert set(deals) == {"d1", "d2"}
    assert (deals["d1"].days_in_stage, deals["d2"].days_in_stage) == (13, None)


@pytest.mark.parametrize("partner_id", ["p2", "p404", "", "p1' OR 1=1 --"])
def test_what_is_out_of_reach_looks_like_what_does_not_exist(
    partner_id: str, installation: Installation, ana: Viewer, cleo: Viewer, now: datetime
) -> None:
    for viewer in (ana, cleo):
        with pytest.raises(NotForThisViewer):
            show_partner(installation, viewer, partner_id, now=now)
