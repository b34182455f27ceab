"""What lets somebody in without a sign-in, partner links and calendar feeds: the admin's list of all, and everybody's own."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.facts.scope import Reach
from nextplay.ledger import links, subscriptions
from nextplay.ledger.people import UnknownPerson
from nextplay.ledger.records import LinkRecord
from nextplay.ledger.subscriptions import FeedRecord
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import DECIDERS, NotForThisViewer, Role, Viewer, require
from nextplay.values.period import utc_day

__all__ = ["FeedRecord", "WorkingLink", "end_feed", "end_link", "own_links", "working_feeds", "working_links"]


@dataclass(frozen=True)
class WorkingLink:
    """A link to a partner's page, and what the partner is called."""

    record: LinkRecord
    partner: str


def working_links(installation: Installation, viewer: Viewer, *, now: datetime) -> list[WorkingLink]:
    """Every partner link that still works, the newest first. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    return _named(installation, links.working_links(now), now)


def own_links(installation: Installation, viewer: Viewer, *, now: datetime) -> list[WorkingLink]:
    """The partner links that the viewer made and that still work. Raises NotForThisViewer."""
    require(viewer, *DECIDERS)
    return _named(installation, links.working_links(now, made_by=viewer.email), now)


def working_feeds(viewer: Viewer) -> list[FeedRecord]:
    """Every calendar feed that opens. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    return subscriptions.feeds()


def end_feed(viewer: Viewer, email: str, *, now: datetime) -> None:
    """Let no token open a person's feed any more. Raises NotForThisViewer, also where nobody signs in so."""
    require(viewer, Role.ADMIN)
    try:
        subscriptions.set_feed(email, "", actor=viewer.email, now=now)
    except UnknownPerson as error:
        raise NotForThisViewer from error


def _named(installation: Installation, found: list[LinkRecord], now: datetime) -> list[WorkingLink]:
    names = _names(installation, sorted({one.partner_id for one in found}), now)
    return [WorkingLink(one, names.get(one.partner_id, one.partner_id)) for one in found]


def end_link(viewer: Viewer, partner_id: str, handle: str, *, now: datetime) -> LinkRecord:
    """End a link at once, also of a partner that is no longer among the facts: admins any, others what they made.

    Raises NotForThisViewer.
    """
    require(viewer, *DECIDERS)
    if viewer.role is not Role.ADMIN and handle not in {one.handle for one in links.working_links(now, made_by=viewer.email)}:
        raise NotForThisViewer
    try:
        return links.revoke_link(partner_id, handle, actor=viewer.email, now=now)
    except links.UnknownLink as error:
        raise NotForThisViewer from error


def _names(installation: Installation, ids: list[str], now: datetime) -> dict[str, str]:
    if not ids:
        return {}
    partners = installation.facts(installation.reference_day(utc_day(now)), Reach()).partners
    named = partners.filter(partners.partner_id.isin(ids)).select("partner_id", "name")
    return {partner: name for partner, name in installation.warehouse.read(named).iter_rows() if name}
