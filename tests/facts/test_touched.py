"""Whom a change of the facts touched, on both engines."""

import pytest

from nextplay.facts.scope import touched_partners
from nextplay.facts.tables import stored
from nextplay.facts.touched import all_told_since, forget_until
from nextplay.facts.warehouse import Version, move_version
from tests.facts.files import Desk

pytestmark = pytest.mark.engine

PARTNERS = "partner_id,name,lifecycle_stage\n" + "".join(f"p{n},Partner {n},active\n" for n in range(9))
DEALS = "deal_id,partner_id,stage,account\nd1,p1,proposal,Acme\nd2,p2,proposal,Acme\nd3,,proposal,Acme\nd4,p4,proposal,Zenith\n"
ACCOUNTS = "account,icp\nAcme,yes\nZenith,yes\n"


@pytest.fixture
def loaded(each_desk: Desk) -> Desk:
    each_desk.load_text(partners=PARTNERS, deals=DEALS, accounts=ACCOUNTS, changes=CHANGES, activities=ACTIVITIES)
    return each_desk


CHANGES = "change_id,entity,entity_id,field,old,new,changed_at\nc1,deal,d4,stage,prospecting,proposal,2026-01-05\n"
ACTIVITIES = "activity_id,partner_id,kind,occurred_at\na1,p1,portal_login,2026-01-05\n"


def touched(desk: Desk) -> list[str]:
    return sorted(desk.warehouse.read(touched_partners())["partner_id"].to_list())


def told(desk: Desk, since: int) -> bool:
    return all_told_since(desk.warehouse, since, desk.warehouse.version())


def test_first_rows_touch_everybody(loaded: Desk) -> None:
    assert not told(loaded, 0)
    assert told(loaded, 1)
    assert touched(loaded) == []


@pytest.mark.parametrize(
    ("files", "whom"),
    [
        ({"activities": ACTIVITIES + "a2,p5,portal_login,2026-01-06\n"}, ["p5"]),
        # A deal that goes to another partner is news of both.
        ({"deals": "deal_id,partner_id,stage\nd1,p7,proposal\n"}, ["p1", "p7"]),
        ({"deals": "deal_id,stage\nd2,won\n"}, ["p2"]),
        # A direct deal is nobody's.
        ({"deals": "deal_id,stage\nd3,won\n"}, []),
        ({"accounts": "account,icp\nAcme,no\nZenith,yes\n"}, ["p1", "p2"]),
        ({"changes": CHANGES + "c2,deal,d1,stage,prospecting,proposal,2026-01-05\n"}, ["p1"]),
        ({"changes": CHANGES + "c2,partner,p8,tier,Gold,Silver,2026-01-05\n"}, ["p8"]),
        ({"partners": "partner_id,name,lifecycle_stage\np3,Renamed,active\np4,Partner 4,active\n"}, ["p3"]),
    ],
)
def test_a_change_touches_those_whose_rows_it_adds_or_alters(loaded: Desk, files: dict[str, str], whom: list[str]) -> None:
    before = loaded.warehouse.version().facts
    loaded.load_text(texts=files)
    assert loaded.warehouse.version().facts == before + 1
    assert told(loaded, before)
    assert touched(loaded) == whom


def test_a_row_that_is_taken_away_touches_its_partner(loaded: Desk) -> None:
    loaded.load_text(deals=DEALS.replace("d4,p4,proposal,Zenith\n", ""), replace=True)
    assert touched(loaded) == ["p4"]


def test_a_change_of_many_counts_as_one_of_everybody(loaded: Desk) -> None:
    rows = "".join(f"x{n},p{n},portal_login,2026-01-06\n" for n in range(5))
    loaded.load_text(activities=ACTIVITIES + rows)
    assert not told(loaded, 1)
    assert loaded.warehouse.read(stored("partners_touched")).is_empty()


def test_a_version_that_nobody_explained_is_not_told(loaded: Desk) -> None:
    with loaded.warehouse.transaction() as change:
        move_version(change, "facts")
    assert not told(loaded, 1)
    assert told(loaded, 2)
    # Of versions to come nothing is known, either.
    assert not all_told_since(loaded.warehouse, 5, Version(2, 0))


def test_what_was_forgotten_is_told_no_more(loaded: Desk) -> None:
    loaded.load_text(activities=ACTIVITIES + "a2,p5,portal_login,2026-01-06\n")
    with loaded.warehouse.transaction() as change:
        forget_until(change, 2)
    assert touched(loaded) == []
    assert not told(loaded, 1)
    assert told(loaded, 2)
