"""Names of partners by id, of those within a reach."""

from collections.abc import Iterable

from nextplay.facts.scope import Reach
from nextplay.operations.installation import Installation


def named_partners(installation: Installation, ids: Iterable[str], *, reach: Reach) -> dict[str, str]:
    """Id and name of those among `ids` that the reach holds today; others, and partners that left the facts, are not in it."""
    wanted, reference = sorted(set(ids)), installation.span.last_observed or installation.span.last_happened
    if not wanted or reference is None:
        return {}
    partners = installation.facts(reference, reach).partners
    rows = installation.warehouse.read(partners.filter(partners.partner_id.isin(wanted)).select("partner_id", "name"))
    return dict(rows.iter_rows())
