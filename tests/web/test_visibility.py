"""Who sees which tiles and cards: each their own, an admin for everybody, and everything can be put back."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nextplay.operations.installation import Installation
from nextplay.operations.preferences import choose_items, hidden_and_unavailable, hide_items, offer_items
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.web.here import moment
from tests.web.conftest import PEOPLE, SignedIn

HERE = "/dashboard?segment=Growth"
ITEMS = ("metrics", "strengths", "areas", "stage", "revenue", "industry", "win_rate")


def person(role: str) -> Viewer:
    known = PEOPLE[role]
    return Viewer(known.email, known.name, Role(known.role), known.partner_id)


def page(client: Client, address: str = HERE) -> str:
    return client.get(address).content.decode()


def values(text: str) -> list[str]:
    return re.findall(r'class="metric-value">([^<]*)<', text)


def test_hiding_can_be_undone_at_once_without_script(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    client.post("/customize/executive", {"known": ["areas", "stage"], "shown": ["stage"], "next": HERE})
    after = page(client)
    assert 'id="t-areas"' not in after
    assert "Saved for you" in after
    undo = re.search(r'action="(/customize/executive)">.*?name="undo"', after, re.DOTALL)
    assert undo
    assert client.post(undo[1], {"undo": "yes", "next": HERE})["Location"] == HERE
    assert 'id="t-areas"' in page(client)


def test_each_view_has_its_own_choice(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    client.post("/customize/lifecycle", {"known": ["regions", "areas"], "shown": [], "next": "/lifecycle"})
    assert 'id="c-regions"' not in page(client, "/lifecycle")
    assert 'id="t-areas"' in page(client)


def test_an_admins_removal_wins_over_what_others_chose_and_keeps_their_choice(signed_in: SignedIn) -> None:
    admin, viewer = signed_in("admin"), signed_in("viewer")
    viewer.post("/customize/executive", {"known": ["areas", "stage"], "shown": ["areas"], "next": HERE})
    admin.post("/customize/executive/offer", {"known": ["areas", "stage"], "offered": ["stage"], "next": HERE})
    assert 'id="t-areas"' not in page(viewer)
    assert 'value="areas"' not in page(viewer)
    # Offered again, what was hidden by the person stays hidden, and what was not is back.
    admin.post("/customize/executive/offer", {"undo": "yes", "next": HERE})
    assert 'id="t-areas"' in page(viewer)
    assert 'id="t-stage"' not in page(viewer)


@pytest.mark.parametrize("role", ["viewer", "manager", "partner"])
def test_nobody_but_an_admin_takes_anything_from_others(signed_in: SignedIn, role: str) -> None:
    client = signed_in(role)
    assert client.post("/customize/executive/offer", {"known": ["areas"], "next": HERE}).status_code == 404
    assert 'name="offered"' not in page(client)


def test_a_view_that_is_none_and_a_name_too_long_are_refused(served: Installation) -> None:
    for view, items in (("no_view", {"areas"}), ("executive", {"x" * 81})):
        with pytest.raises(NotForThisViewer):
            hide_items(person("viewer"), view, frozenset(items), now=moment())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(mine=st.frozensets(st.sampled_from(ITEMS)), taken=st.frozensets(st.sampled_from(ITEMS)))
def test_hiding_never_changes_anybody_elses_view(served: Installation, mine: frozenset[str], taken: frozenset[str]) -> None:
    offer_items(person("admin"), "executive", frozenset(), now=moment())
    other = hidden_and_unavailable(person("manager"), "executive")
    choose_items(person("viewer"), "executive", known=frozenset(ITEMS), shown=frozenset(ITEMS) - mine, now=moment())
    assert hidden_and_unavailable(person("manager"), "executive") == other
    offer_items(person("admin"), "executive", taken, now=moment())
    seen, _ = hidden_and_unavailable(person("viewer"), "executive")
    assert seen == mine | taken


def test_hiding_changes_no_figure(signed_in: SignedIn) -> None:
    client = signed_in("viewer")
    before = values(page(client))
    client.post("/customize/executive", {"known": list(ITEMS), "shown": ["metrics", "win_rate", "revenue"], "next": HERE})
    assert values(page(client)) == before
