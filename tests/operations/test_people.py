"""People who sign in."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from nextplay.ledger import journal, links, messages
from nextplay.ledger.people import NoAddress, PersonExists, UnknownPerson, WeakPassword
from nextplay.ledger.records import LinkRecord, PersonRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.notify import Letter, notify
from nextplay.operations.people import (
    OwnAccount,
    PartnerNeeded,
    add_user,
    change_role,
    let_in,
    list_users,
    new_password,
    set_password,
)
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from tests.stories import load, partner

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def person(email: str = "Eve@Program.example", role: str = "manager", partner_id: str | None = None) -> PersonRecord:
    return PersonRecord(email=email, name="Eve", role=role, partner_id=partner_id, active=True)


def test_somebody_added_signs_in_however_the_address_is_written(installation: Installation, ben: Viewer, now: datetime) -> None:
    added = add_user(installation, ben, person(), password=PASSWORD, now=now)
    assert added.email == "eve@program.example"
    assert authenticate(RequestFactory().post("/sign-in"), username="EVE@program.EXAMPLE", password=PASSWORD) is not None
    assert authenticate(RequestFactory().post("/sign-in"), username="eve@program.example", password="wrong") is None


def test_the_journal_says_who_was_added_and_never_the_password(installation: Installation, ben: Viewer, now: datetime) -> None:
    add_user(installation, ben, person(), password=PASSWORD, now=now)
    set_password(ben, "eve@program.example", password=PASSWORD + "2", now=now)
    lines = journal.lines("person eve@program.example")
    assert [line.verb for line in lines] == ["set password", "add person"]
    assert PASSWORD not in str(lines)


def test_what_is_wrong_with_an_account_is_said(installation: Installation, ben: Viewer, now: datetime) -> None:
    load(installation.warehouse, "partners", partner("p1"))
    add_user(installation, ben, person(), password=PASSWORD, now=now)
    refused: list[tuple[PersonRecord, str, type[Exception]]] = [
        (person(), PASSWORD, PersonExists),
        (person("not an address"), PASSWORD, NoAddress),
        (person("a@b.example"), "short", WeakPassword),
        (person("a@b.example"), "password1234", WeakPassword),
        (person("a@b.example", Role.PARTNER), PASSWORD, PartnerNeeded),
        (person("a@b.example", Role.PARTNER, "p404"), PASSWORD, PartnerNeeded),
        (person("a@b.example", Role.ADMIN, "p1"), PASSWORD, PartnerNeeded),
    ]
    for record, password, error in refused:
        with pytest.raises(error):
            add_user(installation, ben, record, password=password, now=now)
    assert [one.email for one in list_users(ben)] == ["eve@program.example"]


def test_only_admins_manage_people(installation: Installation, ana: Viewer, dan: Viewer, cleo: Viewer, now: datetime) -> None:
    for viewer in (ana, dan, cleo):
        with pytest.raises(NotForThisViewer):
            add_user(installation, viewer, person(), password=PASSWORD, now=now)
        with pytest.raises(NotForThisViewer):
            list_users(viewer)
        with pytest.raises(NotForThisViewer):
            set_password(viewer, "eve@program.example", password=PASSWORD, now=now)


def test_somebody_shut_out_does_not_get_in_until_let_in_again(installation: Installation, ben: Viewer, now: datetime) -> None:
    add_user(installation, ben, person(), password=PASSWORD, now=now)
    let_in(ben, "eve@program.example", active=False, now=now)
    assert authenticate(RequestFactory().post("/sign-in"), username="eve@program.example", password=PASSWORD) is None
    let_in(ben, "eve@program.example", active=True, now=now)
    assert authenticate(RequestFactory().post("/sign-in"), username="eve@program.example", password=PASSWORD) is not None


def _link(handle: str, made_by: str, sent_to: str, now: datetime) -> None:
    ends = now + timedelta(days=30)
    record = LinkRecord(handle, "p1", sent_to, made_by, now, ends, revoked_at=None, last_used_at=None)
    links.make_link(record, "secret", actor=made_by)


@pytest.mark.parametrize("how", ["shut out", "viewer", "admin"])
def test_links_do_not_outlive_the_rights_of_who_made_them(
    how: str, installation: Installation, ben: Viewer, now: datetime
) -> None:
    eve = add_user(installation, ben, person(), password=PASSWORD, now=now).email
    _link("aaa", eve, "", now)
    _link("bbb", ben.email, eve, now)
    _link("ccc", ben.email, "marek@x.example", now)
    if how == "shut out":
        let_in(ben, eve, active=False, now=now)
    else:
        change_role(installation, ben, eve, role=how, now=now)
    left = {"shut out": {"ccc"}, "viewer": {"bbb", "ccc"}, "admin": {"aaa", "bbb", "ccc"}}[how]
    assert {one.handle for one in links.working_links(now)} == left
    assert [line.actor for line in journal.lines() if line.verb == "revoke link"] == [ben.email] * (3 - len(left))


def test_what_waits_for_somebody_does_not_leave_after_they_are_shut_out(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    eve = add_user(installation, ben, person(), password=PASSWORD, now=now).email
    for address in (eve, "dan@program.example"):
        notify(address, Letter("Due", "Call.", secret=True), key="x", kind="test", actor="tests", now=now)
    let_in(ben, eve, active=False, now=now)
    assert {one.person: (one.state, one.text == messages.EMPTIED) for one in messages.messages()} == {
        eve: ("dropped", True),
        "dan@program.example": ("waiting", False),
    }


def test_a_new_role_brings_its_organization_and_leaves_the_old_one(
    installation: Installation, ben: Viewer, now: datetime
) -> None:
    load(installation.warehouse, "partners", partner("p1"))
    add_user(installation, ben, person(), password=PASSWORD, now=now)
    eve = "EVE@program.example"
    assert change_role(installation, ben, eve, role=Role.PARTNER, partner_id="p1", now=now).partner_id == "p1"
    with pytest.raises(PartnerNeeded):
        change_role(installation, ben, eve, role=Role.VIEWER, partner_id="p1", now=now)
    with pytest.raises(PartnerNeeded):
        change_role(installation, ben, eve, role=Role.PARTNER, partner_id="p404", now=now)
    changed = change_role(installation, ben, eve, role=Role.VIEWER, now=now)
    assert (changed.role, changed.partner_id, changed.active) == ("viewer", None, True)
    assert [line.verb for line in journal.lines("person eve@program.example")] == [
        "change person",
        "change person",
        "add person",
    ]


def test_nobody_but_an_admin_gives_roles_and_none_gives_up_their_own(
    installation: Installation, ben: Viewer, ana: Viewer, now: datetime
) -> None:
    with pytest.raises(NotForThisViewer):
        change_role(installation, ana, ana.email, role=Role.ADMIN, now=now)
    with pytest.raises(OwnAccount):
        change_role(installation, ben, ben.email, role=Role.VIEWER, now=now)
    with pytest.raises(UnknownPerson):
        change_role(installation, ben, "nobody@x.example", role=Role.VIEWER, now=now)


def test_an_admin_does_not_lock_the_door_behind_themselves(ben: Viewer, now: datetime) -> None:
    with pytest.raises(OwnAccount):
        let_in(ben, ben.email.upper(), active=False, now=now)
    with pytest.raises(UnknownPerson):
        let_in(ben, "nobody@x.example", active=False, now=now)


def test_generated_passwords_are_long_and_differ() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 16
