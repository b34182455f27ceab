"""What lets somebody in without a sign-in, for admins: partner links that work, and ending them."""

from dataclasses import dataclass
from datetime import datetime

from nextplay.facts.scope import Reach
from nextplay.ledger import links
from nextplay.ledger.records import LinkRecord
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer, require
from nextplay.values.period import utc_day

__all__ = ["WorkingLink", "end_link", "working_links"]


@dataclass(frozen=True)
class WorkingLink:
    """A link to a partner's page, and what the partner is called."""

    record: LinkRecord
    partner: str


def working_links(installation: Installation, viewer: Viewer, *, now: datetime) -> list[WorkingLink]:
    """Every partner link that still works, the newest first. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    found = links.working_links(now)
    names = _names(installation, sorted({one.partner_id for one in found}), now)
    return [WorkingLink(one, names.get(one.partner_id, one.partner_id)) for one in found]


def end_link(viewer: Viewer, partner_id: str, handle: str, *, now: datetime) -> LinkRecord:
    """End a link at once, also of a partner that is no longer among the facts. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
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
