"""People who sign in: adding, listing, shutting out, new passwords."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from nextplay.facts.tables import stored
from nextplay.ledger import people as ledger
from nextplay.ledger.people import PersonExists, WeakPassword, person_of_link, set_password_by_link
from nextplay.ledger.records import PersonRecord
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role, Viewer, require

__all__ = [
    "PersonExists",
    "PersonRecord",
    "WeakPassword",
    "add_user",
    "change_role",
    "invite",
    "knows_partner",
    "let_in",
    "list_users",
    "make_password_link",
    "names_of",
    "new_password",
    "note_sign_in",
    "person_of_link",
    "set_password",
    "set_password_by_link",
]


class PartnerNeeded(ValueError):
    """A partner-role person belongs to an organisation that the facts know; nobody else does."""


class OwnAccount(ValueError):
    """An admin would shut themselves out, or no longer be one."""


def new_password() -> str:
    """A password nobody guesses: 96 bits, easy to copy."""
    return secrets.token_urlsafe(12)


def add_user(
    facts: Installation | Callable[[str], bool], viewer: Viewer, person: PersonRecord, *, password: str, now: datetime
) -> PersonRecord:
    """Let somebody sign in; who says whether there is such a partner is the installation, or whoever can ask it.

    Raises NotForThisViewer, PartnerNeeded, PersonExists, NoAddress, WeakPassword.
    """
    require(viewer, Role.ADMIN)
    _require_partner(facts, person.role, person.partner_id)
    return ledger.add_person(person, password=password, actor=viewer.email, now=now)


def change_role(
    facts: Installation | Callable[[str], bool],
    viewer: Viewer,
    email: str,
    *,
    role: str,
    partner_id: str | None = None,
    seen: PersonRecord | None = None,
    now: datetime,
) -> PersonRecord:
    """Make somebody something else to the program, from their next page on; a partner-role person of an organization.

    Raises NotForThisViewer, UnknownPerson, PartnerNeeded, OwnAccount, LastAdmin, and ChangedMeanwhile unless the person is
    still as they were `seen`.
    """
    require(viewer, Role.ADMIN)
    if viewer.email == email.strip().lower() and role != Role.ADMIN:
        raise OwnAccount("You would no longer be an admin. Ask another admin.")
    _require_partner(facts, role, partner_id)
    return ledger.change_person(email, role=role, partner_id=partner_id, seen=seen, actor=viewer.email, now=now)


def list_users(viewer: Viewer) -> list[PersonRecord]:
    """Everybody who may sign in, for admins."""
    require(viewer, Role.ADMIN)
    return ledger.people()


def set_password(viewer: Viewer, email: str, *, password: str, now: datetime) -> PersonRecord:
    """A new password, by an admin or by the person. Raises NotForThisViewer, UnknownPerson, WeakPassword."""
    if viewer.email != email.strip().lower():
        require(viewer, Role.ADMIN)
    return ledger.set_password(email, password=password, actor=viewer.email, now=now)


def invite(installation: Installation, viewer: Viewer, person: PersonRecord, *, now: datetime) -> tuple[str, str]:
    """Let somebody in who sets their own password: who and token of the link by which they do.

    Raises NotForThisViewer, PartnerNeeded, PersonExists, NoAddress.
    """
    require(viewer, Role.ADMIN)
    _require_partner(installation, person.role, person.partner_id)
    with transaction.atomic():
        added = ledger.add_person(person, password=None, actor=viewer.email, now=now)
        return ledger.make_password_link(added.email, actor=viewer.email, now=now)


def make_password_link(viewer: Viewer, email: str, *, now: datetime) -> tuple[str, str]:
    """Who and token of a link by which somebody sets a new password, once. Raises NotForThisViewer, UnknownPerson."""
    require(viewer, Role.ADMIN)
    return ledger.make_password_link(email, actor=viewer.email, now=now)


def let_in(viewer: Viewer, email: str, *, active: bool, seen: PersonRecord | None = None, now: datetime) -> PersonRecord:
    """Shut somebody out, or let them back in.

    Raises NotForThisViewer, UnknownPerson, OwnAccount, LastAdmin, ChangedMeanwhile.
    """
    require(viewer, Role.ADMIN)
    if viewer.email == email.strip().lower() and not active:
        raise OwnAccount("You would shut yourself out. Ask another admin.")
    return ledger.change_person(email, active=active, seen=seen, actor=viewer.email, now=now)


def note_sign_in(email: str, *, now: datetime) -> None:
    """Write down that somebody signed in, by the one page that lets people in. Raises UnknownPerson."""
    ledger.note_sign_in(email, now=now)


def names_of(emails: frozenset[str]) -> dict[str, str]:
    """Names of people by address, for those who have one."""
    return {one.email: one.name for one in ledger.people() if one.email in emails and one.name}


def _require_partner(facts: Installation | Callable[[str], bool], role: str, partner_id: str | None) -> None:
    if (role == Role.PARTNER) != bool(partner_id):
        raise PartnerNeeded("Name the organization of a partner-role person with --partner ID, and of nobody else.")
    if not partner_id:
        return
    known = knows_partner(facts, partner_id) if isinstance(facts, Installation) else facts(partner_id)
    if not known:
        raise PartnerNeeded(f"There is no partner {partner_id!r}. Import it first, or check the id.")


def knows_partner(installation: Installation, partner_id: str) -> bool:
    """Whether the facts hold the partner."""
    partners = stored("partners")
    return not installation.warehouse.read(partners.filter(partners.partner_id == partner_id)[["partner_id"]]).is_empty()
