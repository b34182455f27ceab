"""Links to a partner's page: made and revoked by who decides on the partner, opened by whoever holds one."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from nextplay.ledger import links
from nextplay.ledger.people import NoAddress
from nextplay.ledger.records import LinkRecord
from nextplay.operations.installation import Installation
from nextplay.operations.messages.notify import Letter, notify
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.portal.partner_answers import propose_next_step
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Role, Viewer, require

__all__ = [
    "LinkIsNoMore",
    "LinkRecord",
    "NewLink",
    "list_links",
    "make_link",
    "note_use",
    "open_link",
    "revoke_link",
]

LINK_MAIL = "partner link"
# 48 bits name a link, 256 open it.
_HANDLE_BYTES, _SECRET_BYTES = 6, 32
_MADE_HERE = re.compile(r"([0-9a-f]{12})\.([A-Za-z0-9_-]{43})")
# As long as the journal keeps a name.
_LONGEST_NAME = 254


class LinkIsNoMore(PermissionError):
    """A link that is wrong, expired, revoked or never was: which of them, nobody is told."""


@dataclass(frozen=True)
class NewLink:
    """A link just made. Its token is nowhere else: shown or sent once."""

    record: LinkRecord
    token: str


@transaction.atomic
def make_link(
    installation: Installation,
    viewer: Viewer,
    partner_id: str,
    *,
    sent_to: str = "",
    mailed: Callable[[str], str] | None = None,
    now: datetime,
) -> NewLink:
    """A link that opens this partner's page for as many days as the program says.

    `mailed` makes a whole address of its token, and sends it to `sent_to`. Raises NotForThisViewer, NoAddress.
    """
    require(viewer, *DECIDERS)
    _, found = require_partner(installation, viewer, partner_id, now=now)
    address = _address(sent_to)
    handle, secret = secrets.token_hex(_HANDLE_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    ends = now + timedelta(days=installation.program.partner_page.link_days)
    record = LinkRecord(handle, partner_id, address, viewer.email, now, ends, revoked_at=None, last_used_at=None)
    # Whoever opens it finds the step: that is when it was put to them.
    propose_next_step(partner_id, actor=viewer.email, now=now)
    made = NewLink(links.make_link(record, secret, actor=viewer.email), f"{handle}.{secret}")
    if mailed and address:
        letter = _letter(installation.program.name, found["name"].item(), mailed(made.token), viewer, ends)
        notify(address, letter, key=f"link {handle}", kind=LINK_MAIL, actor=viewer.email, now=now)
    return made


def revoke_link(installation: Installation, viewer: Viewer, partner_id: str, handle: str, *, now: datetime) -> LinkRecord:
    """End a link at once. Raises NotForThisViewer, also where there is no such link."""
    require(viewer, *DECIDERS)
    require_partner(installation, viewer, partner_id, now=now)
    try:
        return links.revoke_link(partner_id, handle, actor=viewer.email, now=now)
    except links.UnknownLink as error:
        raise NotForThisViewer from error


def list_links(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime) -> list[LinkRecord]:
    """The links of a partner, newest first. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    require_partner(installation, viewer, partner_id, now=now)
    return links.links_of(partner_id)


def handle_in(token: str) -> str:
    """The part of a token that names the link, whether there is such a link or not."""
    return token.partition(".")[0][: 2 * _HANDLE_BYTES]


def counted_as(token: str) -> str:
    """What tries to open a link are counted under: the link's own name, and one for all that are none."""
    handle = handle_in(token)
    return f"link {handle}" if links.is_kept(handle) else "no link"


def open_link(token: str, *, now: datetime) -> Viewer:
    """Who comes in by a link: someone of that one partner, and of nothing else. Writes nothing. Raises LinkIsNoMore."""
    made_here = _MADE_HERE.fullmatch(token)
    found = links.open_link(made_here[1], made_here[2], now=now) if made_here else None
    if found is None:
        raise LinkIsNoMore
    actor = f"link {found.handle} {found.sent_to}".strip()[:_LONGEST_NAME]
    return Viewer(email=actor, name="", role=Role.PARTNER, partner_id=found.partner_id)


def note_use(token: str, viewer: Viewer, *, now: datetime) -> None:
    """Note that something was done by a link that opens."""
    links.use_link(handle_in(token), actor=viewer.email, now=now)


def _letter(program: str, partner: str, address: str, viewer: Viewer, ends: datetime) -> Letter:
    """What goes with a link. Whoever reads it may not know us: it says who, what for, and what happens without."""
    text = (
        f"Hello,\n\n{viewer.name or viewer.email} of {program} has put together what is next for {partner} and us:\n\n"
        f"{address}\n\nThe page says what to do on Monday, what we promised each other, and what we see about you. "
        f"You can accept, decline or propose another date there, without an account. The link works until "
        f"{ends:%A} {ends.day} {ends:%B %Y} (UTC) and is for you alone: whoever has it can answer in your name.\n"
    )
    return Letter(f"What to do on Monday: {partner} and {program}", text, secret=True)


def _address(sent_to: str) -> str:
    address = sent_to.strip().lower()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError as error:
        raise NoAddress(f"{sent_to!r} is no e-mail address. Write it as name@company.example.") from error
    return address
